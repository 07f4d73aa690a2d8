## “My tasks”: the deadline, taking back, letters

own-task-button = My tasks
own-task-list = Your tasks, the latest deadline first.
own-task-none = { $reach ->
    [school] You have no tasks yet.
   *[classes] No tasks yet.
} Begin the first with “New task”.
own-task-due = Due: { $due }.
own-task-now = { $course }. Due now: { $due }. The new deadline?
own-task-handed = Handed in: { $handed } of { $all }.
own-task-channel-platform = Handed in on the platform: these works are not seen here.
own-task-channel-email = Handed in by e-mail: these works are not seen here.
own-task-letters = Letters delivered: { $delivered } of { $all }.
own-task-failed = Letter not delivered: { $count } ({ $names }).
own-task-unsent = Not sent: { $count } ({ $names }): the school’s mail is not connected.
own-task-missing = Not handed in
own-task-move = Move the deadline
own-task-withdraw = Take back
own-task-withdraw-yes = Take back
own-task-keep = Leave it as it is
own-task-all = ← My tasks
own-task-sure = Take the task back? { $course }. { $handed ->
    [0] Nobody has handed in yet.
    [one] { $handed } work was handed in; it stays for review.
   *[other] { $handed } works were handed in; they stay for review.
}
own-task-withdrawn = The task is taken back; students are not reminded of it any more. No message tells them so.
own-task-moved = The deadline is moved. { $told ->
    [0] No message in the chats will tell of it.
    [one] { $told } student of those who learn at a distance and still have to hand in will be told.
   *[other] { $told } students of those who learn at a distance and still have to hand in will be told.
}
own-task-stale = The task has changed since. This is how it looks now.
