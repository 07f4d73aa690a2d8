## П1-2.3: очередь на проверку

queue-empty = Всё проверено, новых работ нет.
queue-title = Ждут проверки { $count }: { $classes }.
queue-class = { $class_ } — { $count }
queue-today = Проверить сегодня:
queue-earlier = Срок проверки был { $day }:
queue-later = Срок проверки — { $day }:
queue-work = { $student }, { $course }
queue-number = № { $number }
queue-text = текст
queue-attempt = попытка { $attempt }
queue-late = после срока
queue-button = { $student } · { $class_ } { $subject }
queue-nudge = { $name }, { $received ->
    [0] ждут проверки { $waiting }: { $classes }.
    [one] сегодня поступила { $received } работа, ждут проверки { $waiting }: { $classes }.
    [few] сегодня поступило { $received } работы, ждут проверки { $waiting }: { $classes }.
    [many] сегодня поступило { $received } работ, ждут проверки { $waiting }: { $classes }.
   *[other] сегодня поступило { $received } работы, ждут проверки { $waiting }: { $classes }.
} По регламенту проверка — в день получения.
queue-open = Очередь
queue-summary = { $name }, не проверено в свой день: { $count }. Видно только завучу.
queue-summary-line = • { $teacher } — { $works }
