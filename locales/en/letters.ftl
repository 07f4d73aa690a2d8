## П1-1.3: the letter about a task

letter-hello = Hello!
letter-task-subject = { $subject }: a task, due { $due }
letter-task-moved-subject = { $subject }: the new deadline is { $due }
letter-task-whom = Task: { $names }, { $course }.
letter-task-due = Due: { $day } — { $due }.
letter-task-channel = { $channel ->
    [platform] Hand in on the school’s digital platform.
    [email] Hand in by e-mail.
   *[bot] Hand in in the chat with Dezhurny.
}
letter-task-attached = Attached: { $files }.
letter-task-in-bot = The task has { $files }: too much for a letter, so they are in the chat with Dezhurny.
letter-sign = Teacher: { $teacher } ({ $subject })
letter-automatic = This letter was sent automatically; no answer is needed.
