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

page-earlier = ← Назад
page-later = Ещё →
