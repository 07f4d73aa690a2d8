## The family: “Children today” and the evening digest

family-nobody = Here you will see the children under 18 whom the school’s lists connect with you. If one is not here, tell the class teacher.
family-today = Children today, { $day }
family-digest = The day in short, { $day }
family-free = No lessons today.
family-no-lessons = The timetable has no lessons today.
family-ordinary = An ordinary day without distance lessons.
family-refusal = Distance lessons are off by statement; the set is in the electronic diary.
family-no-tech = The material is on paper, from the teacher.
family-platform = { $done ->
    [yes] Account opened
   *[no] Account not ticked yet
}
family-mail = { $done ->
    [yes] mail checked
   *[no] mail not ticked yet
}
family-works = Works for today: { $done } of { $total }{ $review ->
    [0] { "" }
   *[other] , under review: { $review }
}
family-work = { $subject } ({ $when }{ $returned ->
    [yes] ; to be reworked
   *[no] { "" }
})
family-waiting = Expected: { $works }
family-earlier = Still expected from earlier days: { $works }
family-answers = New answers: { $answers }
family-answer = { $subject } — { $mark ->
    [pass] pass
    [fail] fail
    [none] the teacher’s comment
    [returned] to be reworked
    [again] to be reworked (under review again)
   *[other] mark { $mark }
}
