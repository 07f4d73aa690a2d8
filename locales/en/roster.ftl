## The school's data: what is wrong and where. The message of the place wraps the reason.

roster-at-cell = Sheet “{ $sheet }”, row { NUMBER($row, useGrouping: 0) }, column “{ $column }”: { $reason }
roster-at-row = Sheet “{ $sheet }”, row { NUMBER($row, useGrouping: 0) }: { $reason }
roster-at-column = Sheet “{ $sheet }”, column “{ $column }”: { $reason }
roster-at-sheet = Sheet “{ $sheet }”: { $reason }
roster-at-whole = { $reason }

roster-refused = { $count ->
    [one] { $count } mistake was found. Nothing has been loaded: mend it and load again.
   *[other] { $count } mistakes were found. Nothing has been loaded: mend them and load again.
}
roster-notices = { $count ->
    [one] { $count } notice (it does not stop the loading):
   *[other] { $count } notices (they do not stop the loading):
}

## Files and sheets

roster-no-path = there is no folder or file “{ $path }”; check the path
roster-nothing-here = “{ $path }” holds neither CSV sheets nor a single XLSX workbook
roster-missing-sheet = this sheet is missing, and no school loads without it
roster-sheet-twice = the sheet comes twice; keep one
roster-unknown-sheet = no such sheet is needed; it was skipped
roster-workbook-left-out = the workbook was skipped: CSV sheets lie beside it and were read
roster-unknown-encoding = the encoding is not clear; save the file as CSV UTF-8
roster-broken-quotes = quotation marks are open or out of place; look at this row and its neighbours
roster-broken-workbook = the workbook is damaged; open it in Excel and save it again as XLSX
roster-file-too-big = the file is over { $limit } MB, more than a school needs
roster-unpacks-too-big = the workbook unpacks to more than { $limit } MB, more than a school needs
roster-too-many-sheets = the workbook has more than { $limit } sheets
roster-too-many-rows = the sheet has more than { $limit } filled rows
roster-too-much-text = the file holds more than { $limit } million characters, more than a school needs
roster-too-many-columns = the sheet has more than { $limit } columns
roster-missing-column = this column is missing, and it is needed
roster-column-twice = the column comes twice; keep one
roster-unknown-column = no such column is needed; it was skipped
roster-forbidden-column = passports, СНИЛС and diagnoses are not loaded here; delete the column
roster-stray-cells = “{ $value }” stands right of the named columns; look at separators and quotes

## Cells

roster-empty = empty, but it must be filled in
roster-cell-too-long = too long: more than { $limit } characters
roster-bad-date = “{ $value }” is not a date; write 23.11.2026, for example
roster-bad-time = “{ $value }” is not a time; write 08:30, for example
roster-bad-times = “{ $value }” is not a time; write 15:00;18:00, for example
roster-bad-quiet = “{ $value }” is not a span of time; write 21:00–07:00, for example
roster-bad-number = “{ $value }”: a whole number from { $low } to { $high } is needed
roster-bad-parallels = “{ $value }” are not parallels; write 5-9 or 1, 4, for example
roster-bad-choice = “{ $value }” is not known here; it may be: { $choices }
roster-bad-email = “{ $value }” does not look like one e-mail address
roster-bad-phone = “{ $value }” does not look like a telephone number
roster-bad-link = “{ $value }” is not a link; it begins with https://
roster-bad-class = “{ $value }” is not a class; write 5А, for example
roster-bad-letter = “{ $value }” is not the letter of a class; a Russian letter is needed
roster-bad-full-name = “{ $value }”: at least a surname and a first name are needed
roster-bad-zone = there is no time zone “{ $value }”; write Europe/Moscow, for example
roster-bad-country = there is no production calendar “{ $value }”; write RU, for example
roster-bad-address = “{ $value }” is not a form of address; write ты 5-9 or вы, for example
roster-bad-language = there is no language “{ $value }”; it may be ru or en
roster-ends-before-start = the end comes before the start

## References between sheets

roster-unknown-class = class “{ $value }” is not on the sheet classes
roster-unknown-student = no student with the id “{ $value }” is on the sheet students
roster-unknown-teacher = teacher “{ $value }” is not on the sheet teachers
roster-unknown-group = group “{ $value }” is not on the sheet groups ({ $class_name }, { $subject })
roster-unknown-subject = subject “{ $value }” is not in the timetable
roster-unknown-key = there is no setting “{ $value }”; it was skipped
roster-lookalike-id = “{ $value }” looks like “{ $meant }” but is typed with other letters
roster-ambiguous-teacher = several teachers are called “{ $value }”; give the id: { $ids }
roster-not-a-teacher = “{ $value }” does not have the role «учитель» on the sheet teachers
roster-member-of-other-class = student “{ $value }” studies in class { $class_name }
roster-no-bell = lesson { $value } of shift { $shift } is not on the sheet bells
roster-day-outside-week = “{ $value }” is not in the { $days }-day week of this class

## Repetitions and contradictions

roster-duplicate-id = the id “{ $value }” is taken by row { NUMBER($first, useGrouping: 0) }
roster-duplicate-class = class “{ $value }” stands in row { NUMBER($first, useGrouping: 0) } already
roster-duplicate-child = another row already links this adult with student “{ $value }”
roster-duplicate-member = row { NUMBER($first, useGrouping: 0) } already puts the student in this group
roster-duplicate-bell = lesson { $value } of shift { $shift } already has a bell
roster-duplicate-substitution = row { NUMBER($first, useGrouping: 0) } already replaces this lesson
roster-duplicate-mode = row { NUMBER($first, useGrouping: 0) } already gives “{ $value }” a mode from this date
roster-duplicate-topic = topic no. { $value } stands in row { NUMBER($first, useGrouping: 0) } already
roster-duplicate-key = setting “{ $value }” stands in row { NUMBER($first, useGrouping: 0) } already
roster-other-name = id “{ $value }” has another full name in row { NUMBER($first, useGrouping: 0) }
roster-other-contact = id “{ $value }” has another entry here in row { NUMBER($first, useGrouping: 0) }
roster-other-group-teacher = row { NUMBER($first, useGrouping: 0) } gives this group another teacher
roster-bells-overlap = the lesson overlaps lesson { $value }
roster-terms-overlap = “{ $value }” already holds these days
roster-two-lessons = row { NUMBER($first, useGrouping: 0) } already gives the class a lesson { $value }
roster-substitution-of-nothing = the timetable has no lesson { $value } that day; give the subject

## Notices

roster-namesakes = the class has a namesake: { $value }, row { NUMBER($first, useGrouping: 0) }
roster-no-guardian = { $value } has no guardian, and in grades 1–4 a guardian acts for the student
roster-online-without-link = the online lesson has no link
roster-not-the-group-teacher = on the sheet groups another teacher has group “{ $value }”
roster-not-own-subject = subject “{ $value }” is not among this teacher's
roster-teacher-twice = the teacher is busy at that time, row { NUMBER($first, useGrouping: 0) }
roster-student-twice = busy at that time by row { NUMBER($first, useGrouping: 0) }: { $value }
roster-cancels-nothing = the timetable has no lesson { $value } that day anyway
