## П1-1.2, П1-1.3: мой день

day-nobody = «Мой день» показывает уроки ученика или ребёнка из 1–4 класса. Для вас всё нужное — в меню ниже.
day-child = { $name }, { $where }
day-morning = Доброе утро, { $name }!
day-title = { $day }: { $lessons ->
    [one] { $lessons } урок
    [few] { $lessons } урока
    [many] { $lessons } уроков
   *[other] { $lessons } урока
}{ $online ->
    [0] { "" }
   *[other] , { $online } онлайн
}
day-number = Урок { $number }.
day-lesson = { $time } { $subject } — { $place }
day-lesson-changed = , замена
day-lesson-instead = , замена (по расписанию — { $planned })
day-lesson-cancelled = { $time } { $subject } — урока не будет
day-place-online = онлайн
day-place-materials = материалы
day-place-remote = дистанционно
day-place-school = в школе
day-passed = Уже прошли: { $subjects }
day-lessons-over = Уроки на сегодня закончились.

day-free = Сегодня уроков нет, отмечать ничего не нужно.
day-no-lessons = Сегодня по расписанию уроков нет, отмечать ничего не нужно.
day-next = Следующий учебный день — { $day }.
day-ordinary = Сегодня обычный день, без дистанционных уроков: отмечать ничего не нужно.
day-refusal = Дистанционные уроки отключены по заявлению. Задания на день — в электронном дневнике.
day-no-tech = Материалы — в учебнике и бумажных заданиях от учителя, отмечать здесь ничего не нужно.

day-platform-open = ☐ Кабинет на платформе
day-platform-done = ☑ Кабинет открыт — { $by ->
    [guardian] отмечено родителем, { $time }
   *[other] { $time }
}
day-mail-open = ☐ Почта
day-mail-done = ☑ Почта проверена — { $by ->
    [guardian] отмечено родителем, { $time }
   *[other] { $time }
}
day-mail-line = ✉ { $count ->
    [one] { $count } письмо
    [few] { $count } письма
    [many] { $count } писем
   *[other] { $count } письма
} на { $address }{ $subjects } — { $fate }
day-mail-sent = отправлено
day-mail-on-its-way = в пути
day-mail-lost = не доставлено, всё есть в «Заданиях»
day-mail-unknown = доставка не подтверждена
day-mail-none = ✉ Писем с заданиями сегодня пока не было.
day-mail-nowhere = ✉ Адреса почты в школе нет: все материалы — в «Заданиях».
day-mail-reminder = { $form ->
    [ty] Почта сегодня ещё не отмечена. Загляни в неё, пожалуйста, и нажми кнопку.
   *[vy] Почта сегодня ещё не отмечена. Загляните в неё, пожалуйста, и нажмите кнопку.
}

day-work = { $subject } до { $time }
day-work-passed = { $subject } ({ $time })
day-due-today = Сдать сегодня: { $count ->
    [one] { $count } работа
    [few] { $count } работы
    [many] { $count } работ
   *[other] { $count } работы
} ({ $works })
day-passed-today = Срок прошёл сегодня: { $works }. Сдать ещё можно.
day-due-soon = Сдать { $when }: { $count ->
    [one] { $count } работа
    [few] { $count } работы
    [many] { $count } работ
   *[other] { $count } работы
} ({ $works })
day-earlier = Ждём с прошлых дней: { $count ->
    [one] { $count } работу
    [few] { $count } работы
    [many] { $count } работ
   *[other] { $count } работы
} ({ $works })
day-answers = { $count ->
    [one] Есть { $count } ответ учителя
    [few] Есть { $count } ответа учителей
    [many] Есть { $count } ответов учителей
   *[other] Есть { $count } ответа учителей
}: { $works }

day-button-platform = Кабинет открыт
day-button-mail = Почта проверена
day-button-cabinet = Перейти на платформу
day-button-tasks = Задания
day-button-answers = { $count ->
    [0] Ответы
   *[other] Ответы: { $count }
}
day-old = { $form ->
    [ty] Та карточка была для другого дня и своё отслужила. Вот сегодняшняя.
   *[vy] Та карточка была для другого дня и своё отслужила. Вот сегодняшняя.
}
