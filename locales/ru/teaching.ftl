## Общее для учителя: списки и подписи

teacher-group = группа { $group }
teacher-students = { $count ->
    [one] { $count } ученик
    [few] { $count } ученика
    [many] { $count } учеников
   *[other] { $count } ученика
}
teacher-works = { $count ->
    [one] { $count } работа
    [few] { $count } работы
    [many] { $count } работ
   *[other] { $count } работы
}
teacher-files = { $count ->
    [one] { $count } файл
    [few] { $count } файла
    [many] { $count } файлов
   *[other] { $count } файла
}
