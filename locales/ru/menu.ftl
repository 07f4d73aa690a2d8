## Меню: то, что человек нажимает под полем ввода

menu-day = Мой день
menu-tasks = Задания
menu-answers = Ответы учителей
menu-children = Дети сегодня
menu-queue = На проверку
menu-set-task = Новое задание
menu-missing = Кто не сдал
menu-lists = Списки
menu-help = Помощь
