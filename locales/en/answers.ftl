## П1-1.6: the teacher’s answers

answers-nobody = A student’s answers would be here, but there are none for you. Here is the menu.
answers-none = No answers yet.
answers-unread = To be read: { $count ->
    [one] { $count } answer
   *[other] { $count } answers
}.
answers-all-read = Everything is read.
answers-line-new = • { $subject }, № { $number } — { $verdict } (new)
answers-line = • { $subject }, № { $number } — { $verdict }
answers-open-one = { $subject } · № { $number }
answers-returned-briefly = returned for rework
answers-accepted-briefly = reviewed
answers-mark-briefly = mark { $mark }
answers-audio-briefly = voice review
answers-comment-briefly = comment
answers-pass = passed
answers-fail = not passed
answers-mark = Mark: { $mark }
answers-head = { $subject } · № { $number } · attempt { $attempt }
answers-accepted = The work is reviewed.
answers-returned = Returned for rework: correct it and hand it in again.
answers-hand-in-again = Hand in again
answers-task = Task
answers-back = All answers
answers-open = Open
answers-news = The teacher has answered: { $subject } — { $verdict }.
answers-corrected = The teacher has corrected the answer: { $subject } — { $verdict }.
