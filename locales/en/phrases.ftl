## Deadlines and whose they are: said by several topics

due-today = by { $clock } today
due-tomorrow = by tomorrow, { $clock }
due-later = { $weekday ->
    [1] by Monday, { $date }, { $clock }
    [2] by Tuesday, { $date }, { $clock }
    [3] by Wednesday, { $date }, { $clock }
    [4] by Thursday, { $date }, { $clock }
    [5] by Friday, { $date }, { $clock }
    [6] by Saturday, { $date }, { $clock }
   *[other] by Sunday, { $date }, { $clock }
}
due-past = was due: { $when }
due-own = Mine
by-day = { $weekday ->
    [1] by Monday, { $date }
    [2] by Tuesday, { $date }
    [3] by Wednesday, { $date }
    [4] by Thursday, { $date }
    [5] by Friday, { $date }
    [6] by Saturday, { $date }
   *[other] by Sunday, { $date }
}

page-earlier = ← Back
page-later = More →
