## П1-1.4: задания, их сроки и где их сдают

tasks-nobody = Здесь были бы задания ученика, но для вас их нет. Вот меню.
tasks-none = Заданий сейчас нет.
tasks-open = Осталось сдать: { $count ->
    [one] { $count } задание
    [few] { $count } задания
    [many] { $count } заданий
   *[other] { $count } задания
}.
tasks-all-in = Всё сдано.
tasks-line = • { $subject } — { $due } · { $state }
tasks-state-todo = не сдано
tasks-state-overdue = срок прошёл
tasks-state-returned = вернули на доработку
tasks-state-elsewhere = сдаётся не здесь
tasks-state-sent = на проверке
tasks-state-reviewed = проверена
tasks-head = { $subject } — { $due }
tasks-late = Срок прошёл, но сдать можно: учитель увидит и решит.
tasks-by-platform = Это задание сдаётся на платформе школы, здесь его не принимают.
tasks-by-email = Это задание сдаётся по почте: { $address }. Здесь его не принимают.
tasks-sent = На проверке: № { $number }. Ответ — { $day }.
tasks-sent-overdue = На проверке: № { $number }. Ответ задерживается, работа у учителя.
tasks-reviewed = Проверена: № { $number }.
tasks-returned = { $form ->
    [ty] № { $number } вернули на доработку. Посмотри ответ и сдай ещё раз.
   *[vy] № { $number } вернули на доработку. Посмотрите ответ и сдайте ещё раз.
}
tasks-withdrawn = Это задание отменено ({ $subject }). Сдавать его не нужно.
tasks-hand-in = Сдать
tasks-hand-in-again = Сдать ещё раз
tasks-platform = Открыть платформу
tasks-answer = Ответ учителя
tasks-back = Все задания

## Новости о заданиях

news-task = { $subject } — { $due }
news-set = Новое задание: { $task }. «{ $text }»
news-set-files = Новое задание: { $task }. Подробности — в файлах.
news-moved-later = Срок продлён: { $subject } — теперь { $due } (было: { $was }).
news-moved-earlier = Срок стал раньше: { $subject } — теперь { $due } (было: { $was }).
news-evening = { $count ->
    [one] Напоминаю, скоро срок:
   *[other] Напоминаю, скоро сроки:
}
news-near = { $count ->
    [one] Через два часа срок:
   *[other] Через два часа сроки:
}
news-draft = {""} — собрано, осталось нажать «Отправить»
news-elsewhere = {""} — сдаётся не здесь; если уже сдано, всё в порядке
news-open = Открыть задание
