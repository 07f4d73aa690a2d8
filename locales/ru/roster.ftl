## Данные школы: что не так и где. Сообщение о месте оборачивает причину.

roster-at-cell = Лист «{ $sheet }», строка { NUMBER($row, useGrouping: 0) }, столбец «{ $column }»: { $reason }
roster-at-row = Лист «{ $sheet }», строка { NUMBER($row, useGrouping: 0) }: { $reason }
roster-at-column = Лист «{ $sheet }», столбец «{ $column }»: { $reason }
roster-at-sheet = Лист «{ $sheet }»: { $reason }
roster-at-whole = { $reason }

roster-refused = { $count ->
    [one] Найдена { $count } ошибка. Ничего не загружено: исправьте её и загрузите снова.
    [few] Найдены { $count } ошибки. Ничего не загружено: исправьте их и загрузите снова.
   *[other] Найдено { $count } ошибок. Ничего не загружено: исправьте их и загрузите снова.
}
roster-notices = { $count ->
    [one] Посмотрите { $count } замечание (загрузке оно не мешает):
    [few] Посмотрите { $count } замечания (загрузке они не мешают):
   *[other] Посмотрите { $count } замечаний (загрузке они не мешают):
}

## Файлы и листы

roster-no-path = папки или файла «{ $path }» нет; проверьте путь
roster-nothing-here = в «{ $path }» нет ни листов CSV, ни единственной книги XLSX
roster-missing-sheet = этого листа нет, а без него школу не загрузить
roster-sheet-twice = лист встретился дважды; оставьте один
roster-unknown-sheet = такой лист не нужен, он пропущен
roster-workbook-left-out = книга пропущена: рядом лежат листы CSV, и прочитаны они
roster-unknown-encoding = не удалось понять кодировку; сохраните файл как CSV UTF-8
roster-broken-quotes = кавычки в ячейке не закрыты или стоят не там; проверьте эту строку и соседние
roster-broken-workbook = книга повреждена; откройте её в Excel и сохраните заново как XLSX
roster-file-too-big = файл больше { $limit } МБ; столько данных школе не нужно
roster-unpacks-too-big = после распаковки книга больше { $limit } МБ; столько данных школе не нужно
roster-too-many-sheets = в книге больше { $limit } листов
roster-too-many-rows = на листе больше { $limit } заполненных строк
roster-too-much-text = в файле больше { $limit } млн знаков: столько школе не нужно
roster-too-many-columns = на листе больше { $limit } столбцов
roster-missing-column = этого столбца нет, а он обязателен
roster-column-twice = столбец встретился дважды; оставьте один
roster-unknown-column = такой столбец не нужен, он пропущен
roster-forbidden-column = паспорта, СНИЛС и диагнозы сюда не загружают; удалите столбец из файла
roster-stray-cells = «{ $value }» стоит правее столбцов с названиями; проверьте разделитель и кавычки

## Ячейки

roster-empty = пусто, а должно быть заполнено
roster-cell-too-long = слишком длинно: больше { $limit } знаков
roster-bad-date = «{ $value }» — не дата; напишите, например, 23.11.2026
roster-bad-time = «{ $value }» — не время; напишите, например, 08:30
roster-bad-times = «{ $value }» — не время; напишите, например, 15:00;18:00
roster-bad-quiet = «{ $value }» — не промежуток; напишите, например, 21:00–07:00
roster-bad-number = «{ $value }» — нужно целое число от { $low } до { $high }
roster-bad-parallels = «{ $value }» — не параллели; напишите, например, 5-9 или 1, 4
roster-bad-choice = «{ $value }» — такого значения нет; бывает: { $choices }
roster-bad-email = «{ $value }» — не похоже на один адрес почты
roster-bad-phone = «{ $value }» — не похоже на телефон
roster-bad-link = «{ $value }» — не ссылка; она начинается с https://
roster-bad-class = «{ $value }» — не класс; напишите, например, 5А
roster-bad-letter = «{ $value }» — не литера класса; нужна русская буква
roster-bad-full-name = «{ $value }» — нужны хотя бы фамилия и имя
roster-bad-zone = часового пояса «{ $value }» нет; напишите, например, Europe/Moscow
roster-bad-country = производственного календаря «{ $value }» нет; напишите, например, RU
roster-bad-address = «{ $value }» — не форма обращения; напишите, например, ты 5-9 или вы
roster-bad-language = языка «{ $value }» нет; бывает ru или en
roster-ends-before-start = конец раньше начала

## Ссылки между листами

roster-unknown-class = класса «{ $value }» нет на листе classes
roster-unknown-student = ученика с id «{ $value }» нет на листе students
roster-unknown-teacher = учителя «{ $value }» нет на листе teachers
roster-unknown-group = группы «{ $value }» нет на листе groups ({ $class_name }, { $subject })
roster-unknown-subject = предмета «{ $value }» нет в расписании
roster-unknown-key = настройки «{ $value }» нет, она пропущена
roster-lookalike-id = «{ $value }» выглядит как «{ $meant }», но набрано другими буквами
roster-ambiguous-teacher = учителей «{ $value }» несколько; укажите id: { $ids }
roster-not-a-teacher = у «{ $value }» на листе teachers нет роли «учитель»
roster-member-of-other-class = ученик «{ $value }» учится в классе { $class_name }
roster-no-bell = урока { $value } нет на листе bells в смене { $shift }
roster-day-outside-week = «{ $value }» не входит в { $days }-дневную неделю этого класса

## Повторы и противоречия

roster-duplicate-id = id «{ $value }» уже занят в строке { NUMBER($first, useGrouping: 0) }
roster-duplicate-class = класс «{ $value }» уже есть в строке { NUMBER($first, useGrouping: 0) }
roster-duplicate-child = этот взрослый и ученик «{ $value }» уже связаны другой строкой
roster-duplicate-member = ученик уже записан в эту группу в строке { NUMBER($first, useGrouping: 0) }
roster-duplicate-bell = звонок урока { $value } смены { $shift } уже есть
roster-duplicate-substitution = замена этого урока уже есть в строке { NUMBER($first, useGrouping: 0) }
roster-duplicate-mode = режим с этой даты для «{ $value }» уже есть в строке { NUMBER($first, useGrouping: 0) }
roster-duplicate-topic = тема № { $value } уже есть в строке { NUMBER($first, useGrouping: 0) }
roster-duplicate-key = настройка «{ $value }» уже есть в строке { NUMBER($first, useGrouping: 0) }
roster-other-name = у id «{ $value }» в строке { NUMBER($first, useGrouping: 0) } другое ФИО
roster-other-contact = у id «{ $value }» в строке { NUMBER($first, useGrouping: 0) } указано другое
roster-other-group-teacher = в строке { NUMBER($first, useGrouping: 0) } у этой группы другой учитель
roster-bells-overlap = урок пересекается по времени с уроком { $value }
roster-terms-overlap = дни уже заняты: «{ $value }»
roster-two-lessons = у класса на урок { $value } уже стоит строка { NUMBER($first, useGrouping: 0) }
roster-substitution-of-nothing = урока { $value } в этот день нет в расписании; укажите предмет

## Замечания

roster-namesakes = в классе есть полный тёзка: { $value }, строка { NUMBER($first, useGrouping: 0) }
roster-no-guardian = { $value }: нет ни одного родителя, а в 1–4 классах за ученика действует родитель
roster-online-without-link = у онлайн-урока нет ссылки
roster-not-the-group-teacher = группу «{ $value }» на листе groups ведёт другой учитель
roster-not-own-subject = предмета «{ $value }» нет среди предметов этого учителя
roster-teacher-twice = учитель в это время уже занят, строка { NUMBER($first, useGrouping: 0) }
roster-student-twice = в это время уже заняты в строке { NUMBER($first, useGrouping: 0) }: { $value }
roster-cancels-nothing = урока { $value } в этот день и так нет в расписании
