## Семья: «Дети сегодня» и итоги дня

family-nobody = Здесь появятся дети до 18 лет, которые связаны с вами в списках школы. Если кого-то не хватает, скажите классному руководителю.
family-today = Дети сегодня, { $day }
family-digest = Итоги дня, { $day }
family-free = Сегодня уроков нет.
family-no-lessons = Сегодня по расписанию уроков нет.
family-ordinary = Сегодня обычный день, без дистанционных уроков.
family-refusal = Дистанционные уроки отключены по заявлению; задания — в электронном дневнике.
family-no-tech = Материалы — на бумаге, от учителя.
family-platform = { $done ->
    [yes] Кабинет открыт
   *[no] Кабинет пока не отмечен
}
family-mail = { $done ->
    [yes] почта проверена
   *[no] почта пока не отмечена
}
family-works = Работы на сегодня: { $done } из { $total }{ $review ->
    [0] { "" }
   *[other] , на проверке { $review }
}
family-work = { $subject } ({ $when }{ $returned ->
    [yes] ; вернули на доработку
   *[no] { "" }
})
family-waiting = Ждём: { $works }
family-earlier = Ждём с прошлых дней: { $works }
family-answers = Новые ответы: { $answers }
family-answer = { $subject } — { $mark ->
    [pass] зачёт
    [fail] незачёт
    [none] комментарий учителя
    [returned] вернули на доработку
    [again] вернули на доработку (уже снова на проверке)
   *[other] отметка { $mark }
}
