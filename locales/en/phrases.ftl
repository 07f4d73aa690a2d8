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

page-earlier = ← Back
page-later = More →
