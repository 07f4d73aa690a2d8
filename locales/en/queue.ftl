## П1-2.3: the queue of works to review

queue-empty = { $reach ->
    [school] You have reviewed everything: there are no new works for you.
   *[classes] All is reviewed; there are no new works.
}
queue-title = Waiting for review { $count }: { $classes }.
queue-class = { $class_ } — { $count }
queue-today = To review today:
queue-earlier = Was to be reviewed on { $day }:
queue-later = To review on { $day }:
queue-work = { $student }, { $course }
queue-number = No. { $number }
queue-text = text
queue-attempt = attempt { $attempt }
queue-late = after the deadline
queue-button = { $student } · { $class_ } { $subject }
queue-nudge = { $name }, { $received ->
    [0] waiting for review { $waiting }: { $classes }.
    [one] { $received } work came in today, waiting for review { $waiting }: { $classes }.
   *[other] { $received } works came in today, waiting for review { $waiting }: { $classes }.
} The regulation asks for the review on the day of receipt.
queue-open = The queue
queue-summary = { $name }, not reviewed on their day: { $count }. Only the deputy head sees this.
queue-summary-line = • { $teacher } — { $works }
