## П1-1.6: ответы учителя

answers-nobody = Здесь были бы ответы учителей ученику, но для вас их нет. Вот меню.
answers-none = Ответов пока нет.
answers-unread = Не прочитано: { $count ->
    [one] { $count } ответ
    [few] { $count } ответа
    [many] { $count } ответов
   *[other] { $count } ответа
}.
answers-all-read = Всё прочитано.
answers-line-new = • { $subject }, № { $number } — { $verdict } (новое)
answers-line = • { $subject }, № { $number } — { $verdict }
answers-open-one = { $subject } · № { $number }
answers-returned-briefly = вернули на доработку
answers-accepted-briefly = проверена
answers-mark-briefly = отметка { $mark }
answers-audio-briefly = аудиорецензия
answers-comment-briefly = комментарий
answers-pass = зачёт
answers-fail = незачёт
answers-mark = Отметка: { $mark }
answers-head = { $subject } · № { $number } · попытка { $attempt }
answers-accepted = Работа проверена.
answers-returned = { $form ->
    [ty] Вернули на доработку: поправь и сдай ещё раз.
   *[vy] Вернули на доработку: поправьте и сдайте ещё раз.
}
answers-hand-in-again = Сдать ещё раз
answers-task = Задание
answers-back = Все ответы
answers-open = Открыть
answers-news = Есть ответ учителя: { $subject } — { $verdict }.
answers-corrected = Ответ учителя исправлен: { $subject } — { $verdict }.
