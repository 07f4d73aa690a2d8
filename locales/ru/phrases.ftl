## Срок и чей он: говорят несколько тем

due-today = сегодня до { $clock }
due-tomorrow = до завтра, { $clock }
due-later = { $weekday ->
    [1] до понедельника, { $date }, { $clock }
    [2] до вторника, { $date }, { $clock }
    [3] до среды, { $date }, { $clock }
    [4] до четверга, { $date }, { $clock }
    [5] до пятницы, { $date }, { $clock }
    [6] до субботы, { $date }, { $clock }
   *[other] до воскресенья, { $date }, { $clock }
}
due-past = срок был: { $when }
due-own = Мои
by-day = { $weekday ->
    [1] не позже понедельника, { $date }
    [2] не позже вторника, { $date }
    [3] не позже среды, { $date }
    [4] не позже четверга, { $date }
    [5] не позже пятницы, { $date }
    [6] не позже субботы, { $date }
   *[other] не позже воскресенья, { $date }
}

page-earlier = ← Назад
page-later = Ещё →
