## П1-1.4: tasks, their deadlines and where they are handed in

tasks-nobody = A student’s tasks would be here, but there are none for you. Here is the menu.
tasks-none = No tasks now.
tasks-open = Still to hand in: { $count ->
    [one] { $count } task
   *[other] { $count } tasks
}.
tasks-all-in = Everything is handed in.
tasks-line = • { $subject } — { $due } · { $state }
tasks-state-todo = not handed in
tasks-state-overdue = past the deadline
tasks-state-returned = returned for rework
tasks-state-elsewhere = handed in elsewhere
tasks-state-sent = being reviewed
tasks-state-reviewed = reviewed
tasks-head = { $subject } — { $due }
tasks-late = The deadline has passed, but you can still hand it in: the teacher will see it and decide.
tasks-by-platform = This task is handed in on the school’s platform; it is not taken here.
tasks-by-email = This task is handed in by e-mail: { $address }. It is not taken here.
tasks-sent = Being reviewed: № { $number }. The answer comes { $day }.
tasks-sent-overdue = Being reviewed: № { $number }. The answer takes longer; the teacher has the work.
tasks-reviewed = Reviewed: № { $number }.
tasks-returned = № { $number } was returned for rework. Read the answer and hand it in again.
tasks-withdrawn = The teacher has taken this task back ({ $subject }). There is no need to hand it in.
tasks-hand-in = Hand in
tasks-hand-in-again = Hand in again
tasks-platform = Open the platform
tasks-answer = The teacher’s answer
tasks-back = All tasks

## News about tasks

news-task = { $subject } — { $due }
news-set = New task: { $task }. “{ $text }”
news-set-files = New task: { $task }. The details are in the files.
news-moved-later = The deadline is later: { $subject } — now { $due } (was: { $was }).
news-moved-earlier = The deadline is earlier: { $subject } — now { $due } (was: { $was }).
news-evening = { $count ->
    [one] A reminder, the deadline is near:
   *[other] A reminder, deadlines are near:
}
news-near = { $count ->
    [one] Due in two hours:
   *[other] Due in two hours:
}
news-draft = {""} — collected, only “Send” is left
news-elsewhere = {""} — handed in elsewhere; if it is done already, all is well
news-open = Open the task
