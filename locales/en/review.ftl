## П1-2.3, П1-2.4: one work and the answer to it

review-who = { $student }, { $course }, no. { $number }
review-when = { $late ->
    [yes] Sent: { $when } — after the deadline.
   *[no] Sent: { $when } — in time.
}
review-by-guardian = Handed in for the child by the parent: { $name }.
review-attempt = Attempt { $attempt } of { $all }.
review-before = The answer before: { $said }
review-hint = The mark by a button; for a comment just write or speak.
review-hint-first = No marks in the first grade: write or speak the answer.
review-mark = Mark: { $mark ->
    [pass] pass
    [fail] fail
   *[other] { $mark }
}
review-mark-button = { $mark ->
    [pass] Pass
    [fail] Fail
   *[other] { $mark }
}
review-mark-chosen = ✓ { $mark ->
    [pass] Pass
    [fail] Fail
   *[other] { $mark }
}
review-scale = { $scale ->
    [numeric] 5–2…
   *[other] Pass…
}
review-comment = Comment: { $comment }
review-audio = A voice review is attached.
review-returned = For rework.
review-say = Comment
review-clear = Clear the comment
review-return = { $chosen ->
    [yes] ✓ For rework
   *[no] For rework
}
review-release = Done — send to the student
review-release-family = { $count ->
    [1] Done — send to the parent
   *[other] Done — send to the parents
}
review-next = Next
review-next-named = Next: { $student }, { $class_ }
review-correct = Correct
review-ask-words = { $student }: write a comment, or speak it.
review-ask-rework = What is to be reworked? Write or speak, then “Done”.
review-sent = Sent to the student.
review-sent-family = { $count ->
    [1] Sent to the parent.
   *[other] Sent to the parents.
}
review-sent-before = This answer was sent already. It can be changed with “Correct”.
review-correcting = A correction: the new answer goes the same way, the one before stays in the history.
review-stale = The answer has changed since. This is how it looks now.
review-empty = The answer is still empty: give a mark or write a comment.
review-empty-first = The answer is still empty: write or speak at least a word.
review-return-needs-words = To return the work, write or speak what is to be reworked.
review-comment-long = A comment of more than { $most } characters cannot be sent. Please shorten it, or speak.
review-voice-only = A voice or a text can be part of the answer; this cannot.
review-voice-long = The recording is too long to be taken. Please speak a shorter one.
review-voice-missing = The recording did not arrive. Please send it again.
