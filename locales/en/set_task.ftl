## П1-2.2: the teacher sets a task

set-task-for-whom = For whom? Today’s lessons come first.
set-task-no-teachings = Your lessons are not in the timetable yet. Once the school has entered them, you can set tasks here.
set-task-more = More →
set-task-resume = Go on: { $course }
set-task-send = The task: { $course }.
    Send text and files, in several messages if you like.
set-task-has = The task: { $course } — { $content }.
    You can send more.
set-task-text = text
set-task-next = Next
set-task-drop = Drop the last
set-task-cancel = Cancel
set-task-back = ← Back to the task
set-task-change = ← Change
set-task-when = By when? { $course }.
set-task-next-lesson = By the lesson: { $when }
set-task-other-due = Another time
set-task-type-due = Write the deadline, for example: “27.11 15:00”, “on Friday 15:00” or “tomorrow”.
set-task-due-read = I read the deadline as: { $when }.
set-task-due-past = That time has passed. Please choose another deadline.
set-task-due-far = That deadline is more than a year away. Please choose a nearer one.
set-task-check = Is all of it right? { $course }.
    Due: { $due }.
set-task-channel-bot = { $chosen ->
    [yes] ✓ Hand in here
   *[no] Here
}
set-task-channel-platform = { $chosen ->
    [yes] ✓ On the platform
   *[no] On the platform
}
set-task-channel-email = { $chosen ->
    [yes] ✓ By e-mail
   *[no] By e-mail
}
set-task-also = { $chosen ->
    [yes] ✓ and { $course }
   *[no] + { $course }
}
set-task-give = Set the task
set-task-done = Set: { $course }, { $students }.
    Due: { $due }.
set-task-letters = { $count ->
    [one] Letters: for { $count } student.
   *[other] Letters: for { $count } students.
}
set-task-mail-off = No letters: the school’s mail is not connected.
set-task-no-address = Without an address: { $count } ({ $names }).
set-task-look = Open the task
set-task-cancelled = All right, nothing was set.
set-task-gone = This task was sent or cancelled already. To see yours or begin another: “New task”.
set-task-stale = The task has changed since. This is how it looks now.
set-task-empty = There is nothing in the task yet. Please send a text or a file.
set-task-nobody = There is nobody in this class or group yet; nobody would see the task.
set-task-full = That is too much for one task. Drop something, or make it two tasks.
set-task-file-unsupported = This cannot be part of a task. Text, photos, documents, voice and video can.
set-task-file-too-big = The file is too big: { $name }. Send a smaller one, or a link to it.
set-task-file-too-many = Very many files have come within the hour, and this one no longer fits. The rest can be sent in an hour.
set-task-file-missing = The file did not arrive: { $name }. Please send it again.
