## Words everybody needs

zone-moscow = Moscow time
today = today
tomorrow = tomorrow
yesterday = yesterday
on-day = { $weekday ->
    [1] on Monday, { $date }
    [2] on Tuesday, { $date }
    [3] on Wednesday, { $date }
    [4] on Thursday, { $date }
    [5] on Friday, { $date }
    [6] on Saturday, { $date }
   *[other] on Sunday, { $date }
}

not-yours = There is no such record here.
button-old = This button is out of date. The menu has everything fresh.
button-unknown = This button no longer works. Please choose from the menu below.
not-understood = I did not get that. Choose from the menu below, or send a photo of your work and I will ask which task it is for.
card-below = The newer card is below.
edit-unseen = Nobody will see a change in an old message. Please send a new one.
early-answer = This came before my question: “{ $text }”. Is it your answer?
early-yes = Yes, it is
write-in-private = Please write to me in a private chat: I show nothing about children here.
too-hurried = Very many messages have come in a row, and the last ones were not read. Please wait a minute and send those again.
apology = I could not handle that. Please try again a little later. If it happens again, please tell the school.
reply-unshown = There was something more here, but it could not be shown. Please tell the school.
repeat-mark = (again)
letter-subject = Dezhurny: a message from school
bot-description = The school’s helper for distance learning: shows the day by the timetable, takes works in, brings the teachers’ answers. You need the code on the slip from school.
bot-short-description = Your day of distance learning
