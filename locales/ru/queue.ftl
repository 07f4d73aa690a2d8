## П1-2.3: очередь на проверку

queue-empty = { $reach ->
    [school] У вас всё проверено: новых работ нет.
   *[classes] Всё проверено, новых работ нет.
}
queue-title = На проверке { $count }: { $classes }.
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
    [0] на проверке { $waiting }: { $classes }.
    [one] сегодня поступила { $received } работа, на проверке { $waiting }: { $classes }.
    [few] сегодня поступило { $received } работы, на проверке { $waiting }: { $classes }.
    [many] сегодня поступило { $received } работ, на проверке { $waiting }: { $classes }.
   *[other] сегодня поступило { $received } работы, на проверке { $waiting }: { $classes }.
} По регламенту проверка — в день получения.
queue-open = Очередь
queue-summary = { $name }, не проверено в свой день: { $count }. Видно только завучу.
queue-summary-line = • { $teacher } — { $works }
