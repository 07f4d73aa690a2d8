## П1-2.3, П1-2.4: одна работа и ответ на неё

review-who = { $student }, { $course }, № { $number }
review-when = { $late ->
    [yes] Сдано: { $when } — после срока.
   *[no] Сдано: { $when } — в срок.
}
review-by-guardian = За ребёнка сдаёт родитель: { $name }.
review-attempt = Попытка { $attempt } из { $all }.
review-before = Прошлый ответ: { $said }
review-hint = Отметка — кнопкой, комментарий — просто напишите или наговорите.
review-hint-first = В первом классе без отметок: напишите или наговорите ответ.
review-mark = Отметка: { $mark ->
    [pass] зачёт
    [fail] незачёт
   *[other] { $mark }
}
review-mark-button = { $mark ->
    [pass] Зачёт
    [fail] Незачёт
   *[other] { $mark }
}
review-mark-chosen = ✓ { $mark ->
    [pass] Зачёт
    [fail] Незачёт
   *[other] { $mark }
}
review-scale = { $scale ->
    [numeric] 5–2…
   *[other] Зачёт…
}
review-comment = Комментарий: { $comment }
review-audio = Аудиорецензия приложена.
review-returned = На доработку.
review-say = Комментарий
review-clear = Стереть комментарий
review-return = { $chosen ->
    [yes] ✓ На доработку
   *[no] На доработку
}
review-release = Готово — отправить ученику
review-release-family = { $count ->
    [1] Готово — отправить родителю
   *[other] Готово — отправить родителям
}
review-next = Следующая
review-next-named = Следующая: { $student }, { $class_ }
review-correct = Исправить
review-ask-words = { $student }: напишите комментарий или наговорите его голосом.
review-ask-rework = Что доработать? Напишите или наговорите, потом — «Готово».
review-sent = Отправлено ученику.
review-sent-family = { $count ->
    [1] Отправлено родителю.
   *[other] Отправлено родителям.
}
review-sent-before = Этот ответ уже отправлен. Изменить его можно кнопкой «Исправить».
review-correcting = Исправление: новый ответ придёт туда же, прежний останется в истории.
review-stale = С тех пор ответ изменился. Вот как он выглядит сейчас.
review-empty = Ответ пока пустой: поставьте отметку или напишите комментарий.
review-empty-first = Ответ пока пустой: напишите или наговорите хотя бы слово.
review-return-needs-words = Чтобы вернуть работу, напишите или наговорите, что доработать.
review-comment-long = Комментарий длиннее { $most } знаков не получится отправить. Сократите его, пожалуйста, или наговорите.
review-voice-only = К ответу можно приложить голос или текст, а это — нет.
review-voice-long = Запись слишком длинная, чтобы её принять. Наговорите, пожалуйста, короче.
review-voice-missing = Запись не дошла. Пришлите её, пожалуйста, ещё раз.
