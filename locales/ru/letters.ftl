## П1-1.3: письмо о задании

letter-hello = Здравствуйте!
letter-task-subject = { $subject }: задание, срок — { $due }
letter-task-moved-subject = { $subject }: новый срок — { $due }
letter-task-whom = Задание: { $names }, { $course }.
letter-task-due = Срок: { $day } — { $due }.
letter-task-channel = { $channel ->
    [platform] Сдавать на цифровой платформе школы.
    [email] Сдавать по электронной почте.
   *[bot] Сдавать в чате с Дежурным.
}
letter-task-attached = К письму приложено: { $files }.
letter-task-in-bot = К заданию есть { $files }: для письма это слишком много, они лежат в чате с Дежурным.
letter-sign = Учитель — { $teacher } ({ $subject })
letter-automatic = Письмо отправлено автоматически, отвечать на него не нужно.
