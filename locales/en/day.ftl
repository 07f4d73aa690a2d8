## П1-1.2, П1-1.3: my day

day-nobody = “My day” shows the lessons of a student or of a child in grades 1–4. What is yours is in the menu below.
day-child = { $name }, { $where }
day-morning = Good morning, { $name }!
day-title = { $day }: { $lessons ->
    [one] { $lessons } lesson
   *[other] { $lessons } lessons
}{ $online ->
    [0] { "" }
   *[other] , { $online } online
}
day-number = Lesson { $number }.
day-lesson = { $time } { $subject } — { $place }
day-lesson-changed = , changed
day-lesson-instead = , changed (in the timetable: { $planned })
day-lesson-cancelled = { $time } { $subject } — cancelled
day-place-online = online
day-place-materials = materials
day-place-remote = at a distance
day-place-school = at school
day-passed = Already over: { $subjects }
day-lessons-over = Lessons are over for today.

day-free = No lessons today, and nothing to tick.
day-no-lessons = The timetable has no lessons today, and there is nothing to tick.
day-next = The next school day is { $day }.
day-ordinary = An ordinary day without distance lessons: there is nothing to tick.
day-refusal = Distance lessons are off by statement. The day’s set is in the electronic diary.
day-no-tech = The material is in the textbook and on paper from the teacher; there is nothing to tick here.

day-platform-open = ☐ Account on the platform
day-platform-done = ☑ Account opened — { $by ->
    [guardian] ticked by a parent, { $time }
   *[other] { $time }
}
day-mail-open = ☐ Mail
day-mail-done = ☑ Mail checked — { $by ->
    [guardian] ticked by a parent, { $time }
   *[other] { $time }
}
day-mail-line = ✉ { $count ->
    [one] { $count } letter
   *[other] { $count } letters
} to { $address }{ $subjects } — { $fate }
day-mail-sent = sent
day-mail-on-its-way = on the way
day-mail-lost = not delivered, all of it is in “Tasks”
day-mail-unknown = delivery not confirmed
day-mail-none = ✉ No letters with tasks so far today.
day-mail-nowhere = ✉ The school has no mail address: all material is in “Tasks”.
day-mail-reminder = The mail is not ticked yet today. Please look into it and press the button.

day-work = { $subject } by { $time }
day-work-passed = { $subject } ({ $time })
day-due-today = To hand in today: { $count ->
    [one] { $count } work
   *[other] { $count } works
} ({ $works })
day-passed-today = The deadline passed today: { $works }. Handing in is still possible.
day-due-soon = To hand in { $when }: { $count ->
    [one] { $count } work
   *[other] { $count } works
} ({ $works })
day-earlier = Still waiting from earlier days: { $count ->
    [one] { $count } work
   *[other] { $count } works
} ({ $works })
day-answers = { $count ->
    [one] { $count } answer from a teacher
   *[other] { $count } answers from teachers
}: { $works }

day-button-platform = Account opened
day-button-mail = Mail checked
day-button-cabinet = Go to the platform
day-button-tasks = Tasks
day-button-answers = { $count ->
    [0] Answers
   *[other] Answers: { $count }
}
day-old = That card was for another day and has done its work. Here is today’s.
