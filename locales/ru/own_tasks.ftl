## «Мои задания»: срок, снятие, письма

own-task-button = Мои задания
own-task-list = Ваши задания, последние по сроку — сверху.
own-task-none = { $reach ->
    [school] У вас заданий пока нет.
   *[classes] Заданий пока нет.
} Начать первое — «Новое задание».
own-task-due = Срок: { $due }.
own-task-now = { $course }. Сейчас срок: { $due }. Новый срок?
own-task-handed = Сдано: { $handed } из { $all }.
own-task-channel-platform = Сдают на платформе: здесь этих работ не видно.
own-task-channel-email = Сдают по почте: здесь этих работ не видно.
own-task-letters = Письма дошли: { $delivered } из { $all }.
own-task-failed = Письмо не дошло: { $count } ({ $names }).
own-task-missing = Кто не сдал
own-task-move = Перенести срок
own-task-withdraw = Снять задание
own-task-withdraw-yes = Снять
own-task-keep = Оставить как есть
own-task-all = ← Мои задания
own-task-sure = Снять задание? { $course }. { $handed ->
    [0] Пока никто не сдал.
    [one] Сдана { $handed } работа — она останется на проверке.
    [few] Сдано { $handed } работы — они останутся на проверке.
    [many] Сдано { $handed } работ — они останутся на проверке.
   *[other] Сдано { $handed } работы — они останутся на проверке.
}
own-task-withdrawn = Задание снято, ученикам о нём больше не напоминаем.
own-task-moved = Срок перенесён, ученикам об этом сказано.
own-task-stale = С тех пор задание изменилось. Вот как оно выглядит сейчас.
