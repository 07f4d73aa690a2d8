## П1-1.5: handing a work in

hand-in-for = { $subject } — { $due }
hand-in-send-me = Send the work: photos, files, a voice message or text. Several messages are fine, their order is kept.
hand-in-collected = Collected: { $what }.
    You can send more. When everything is here, press “Send”.
hand-in-collected-so-far = Received: { $what }.
hand-in-which-task = For which task?
hand-in-no-tasks = There are no tasks to hand in here now.
hand-in-kept = Nothing was sent to the teacher. It is kept: once there is a task, it can be handed in.
hand-in-count-photo = { $count ->
    [one] { $count } photo
   *[other] { $count } photos
}
hand-in-count-document = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
hand-in-count-voice = { $count ->
    [one] { $count } voice message
   *[other] { $count } voice messages
}
hand-in-count-audio = { $count ->
    [one] { $count } recording
   *[other] { $count } recordings
}
hand-in-count-video = { $count ->
    [one] { $count } video
   *[other] { $count } videos
}
hand-in-count-sticker = { $count ->
    [one] { $count } sticker
   *[other] { $count } stickers
}
hand-in-count-text = text
hand-in-send = Send
hand-in-drop = Remove the last
hand-in-cancel = Cancel
hand-in-other-task = Another task
hand-in-other-open = Another work is being collected here: { $subject }, { $what }. What about it?
hand-in-go-on = Go on: { $subject }
hand-in-move-here = Move here: { $subject }
hand-in-files-added = Files have been added: check and send.
hand-in-changed = It has changed meanwhile: please check.
hand-in-cancelled = The draft is gone; nothing was sent to the teacher.
hand-in-empty = There is nothing to send yet: send a photo, a file, a voice message or text.
hand-in-nothing = This message came empty. Send a photo, a file, a voice message or text.
hand-in-draft-gone = This draft is gone: the work was sent or dropped. See “Tasks”.
hand-in-task-gone = This task is not yours any more. What you collected is kept.
hand-in-too-many = A work holds { $most } parts. Send what is there; the rest can follow.
hand-in-by-platform = This task ({ $subject }) is handed in on the school’s platform; it is not taken here.
hand-in-by-email = This task ({ $subject }) is handed in to the teacher by e-mail; it is not taken here.

hand-in-was-sent = Sent: { $what }.
hand-in-receipt = Work received: { $subject }, { $what }, { $stamp }, № { $number }.
hand-in-attempt = Attempt { $attempt }: the earlier one is kept.
hand-in-late = Received after the deadline. The teacher decides.
hand-in-answer-by = The answer comes { $day }.
hand-in-came-late = This came after sending: { $what }. Add it to № { $number } ({ $subject })?
hand-in-add = Yes, add
hand-in-added = Added to № { $number }. The work now holds: { $what }.
hand-in-reviewed = № { $number } is reviewed already: nothing can be added, but you can hand in again.

hand-in-sticker = A nice sticker, but it cannot be part of the work. Send a photo, a file, a voice message or text.
hand-in-video = This video cannot be fetched from here. Send it as a file of up to 20 MB, or take photos.
hand-in-file-too-big = The file{ $name } is over 20 MB and cannot be taken. Compress it, or photograph the pages and send those.
hand-in-file-unsupported = The teacher cannot open the file{ $name }. Send photos, a PDF, a document or a voice message.
hand-in-file-too-many = Very many files have come within the hour, and no more fit for now. What is collected is safe; please send the rest in an hour.
hand-in-file-missing = The file{ $name } did not arrive. Please send it again.
hand-in-or-platform = Or on the school’s platform: { $url }
