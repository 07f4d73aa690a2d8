## The demonstration: two school days in the terminal

demo-setting-up = Setting the stage: school, messengers, mail and bot, all on this machine…
demo-chapter-enter = Monday, November 23, 7:05: codes from the slips
demo-chapter-morning = Monday morning
demo-chapter-work = Monday: works
demo-chapter-review = Monday, 16:05: reviews
demo-chapter-evening = Monday evening
demo-chapter-tuesday = Tuesday, November 24: the next working day

demo-bot = Dezhurny
demo-student = Masha, 7Б (Telegram)
demo-vk-student = Timofey, 7Б (VK)
demo-mother = Mother, Elena Viktorovna (VK)
demo-teacher = Irina Petrovna (Telegram)
demo-deputy = Deputy head, Natalya Sergeevna (Telegram)
demo-student-surname = Соколова
demo-vk-student-surname = Ершов

demo-step-code = A code from the slip
demo-step-link = A code by the link in the QR
demo-step-register = Registration on the platform is told
demo-step-trouble = Trouble registering: the class teacher hears
demo-step-card = The morning card
demo-step-platform = The platform is open
demo-step-child = The mother ticks for a first-grader
demo-step-set = The teacher sets a task
demo-step-letters = The task goes out by mail, too
demo-step-mail = The mail is checked
demo-step-album = Hands in an album of three photos
demo-step-voice = Sends a photo, then a voice note
demo-step-mail-reminder = A reminder of the mail
demo-step-nudge = The teacher hears of the queue
demo-step-spoken = A mark and a spoken review
demo-step-rework = Returned for rework
demo-step-again = The second attempt
demo-step-second-nudge = The teacher hears once more
demo-step-digest = The mother’s digest
demo-step-reminder = No reminder for what is in
demo-step-list = The morning lists the answers
demo-step-read = The answer is read
demo-step-summary = The deputy head hears what was left
demo-step-voice-to-vk = A voice from Telegram plays in VK

demo-opens-link = opens the link in the QR
demo-welcomed = Done
demo-lesson = Алгебра
demo-platform-ticked = ☑ Platform open
demo-by-guardian = by a parent
demo-course = Геометрия
demo-task = § 17, problems 120 and 121: drawing and proof.
demo-next-lesson = By the lesson
demo-given = Set
demo-letters-came = { $count ->
    [one] { $count } letter
   *[other] { $count } letters
}
demo-more-letters = …and { $count ->
    [one] { $count } more letter
   *[other] { $count } more letters
}
demo-own-address = @
demo-mail-ticked = ☑ Mail checked
demo-subject = Геометрия
demo-work-number = № 7Б
demo-three-photos = 3 photos
demo-photo-and-voice = 1 photo, 1 voice
demo-receipt = Work received
demo-two-wait = 2 wait
demo-one-waits = 1 waits
demo-answer-news = A teacher has answered
demo-rework = For rework
demo-comment = In problem 121, say why the triangles are equal: which sign?
demo-second-try = The triangles are equal by two sides and the angle between them.
demo-second-attempt = Attempt 2
demo-digest = The day
demo-answers-wait = answer
demo-answers-button = Answers
demo-left = not reviewed

demo-note-teacher-told = the class teacher knows
demo-note-spoken = mark 4 and a voice
demo-note-no-reminder = no reminders: the works are in
demo-note-voice-vk = the voice came to VK

demo-photo = photo
demo-voice = voice
demo-document = file
demo-audio = audio
demo-album = album
demo-edit = the card changed

demo-table = What happened
demo-column-clause = Clause
demo-column-step = Step
demo-column-seen = Seen
demo-sum = Steps done: { $done } of { $all }.
