## П1-2.2: учитель задаёт

set-task-for-whom = Кому задаём? Сегодняшние уроки — первые.
set-task-no-teachings = В расписании пока нет ваших уроков. Когда школа их внесёт, задавать можно будет здесь.
set-task-more = Ещё →
set-task-resume = Продолжить: { $course }
set-task-send = Задание: { $course }.
    Пришлите текст и файлы — можно несколькими сообщениями.
set-task-has = Задание: { $course } — { $content }.
    Можно прислать ещё.
set-task-text = текст
set-task-next = Дальше
set-task-drop = Убрать последнее
set-task-cancel = Отмена
set-task-back = ← К заданию
set-task-change = ← Изменить
set-task-when = К какому сроку? { $course }.
set-task-next-lesson = К уроку: { $when }
set-task-other-due = Другой срок
set-task-type-due = Напишите срок, например: «27.11 15:00», «в пятницу 15:00» или «завтра».
set-task-due-read = Срок понят так: { $when }.
set-task-due-past = Это время уже прошло. Выберите, пожалуйста, другой срок.
set-task-due-far = До этого срока больше года. Выберите, пожалуйста, ближе.
set-task-check = Всё верно? { $course }.
    Срок: { $due }.
set-task-channel-bot = { $chosen ->
    [yes] ✓ Сдавать здесь
   *[no] Здесь
}
set-task-channel-platform = { $chosen ->
    [yes] ✓ На платформе
   *[no] На платформе
}
set-task-channel-email = { $chosen ->
    [yes] ✓ По почте
   *[no] По почте
}
set-task-also = { $chosen ->
    [yes] ✓ и { $course }
   *[no] + { $course }
}
set-task-give = Задать
set-task-done = Задано: { $course }, { $students }.
    Срок: { $due }.
set-task-letters = { $count ->
    [one] Письма: { $count } ученику.
   *[other] Письма: { $count } ученикам.
}
set-task-mail-off = Писем нет: почта школы не подключена.
set-task-no-address = Без адреса: { $count } ({ $names }).
set-task-look = Открыть задание
set-task-cancelled = Хорошо, ничего не задано.
set-task-gone = Это задание уже отправлено или отменено. Посмотреть свои или начать новое — «Новое задание».
set-task-stale = С тех пор задание изменилось. Вот как оно выглядит сейчас.
set-task-empty = В задании пока ничего нет. Пришлите, пожалуйста, текст или файл.
set-task-nobody = В этом классе или группе пока никого нет, задание никто не увидит.
set-task-full = В одно задание столько не поместится. Уберите лишнее или задайте двумя заданиями.
set-task-file-unsupported = Это не получится приложить к заданию. Подойдут текст, фото, документ, голос или видео.
set-task-file-too-big = Файл слишком большой: { $name }. Пришлите файл поменьше или ссылку на него.
set-task-file-too-many = За последний час пришло очень много файлов, этот уже не поместился. Остальное можно прислать через час.
set-task-file-missing = Файл не дошёл: { $name }. Пришлите его, пожалуйста, ещё раз.
