## Command line: help

cli-help = Dezhurny: a school's distance-learning bot for Telegram and VK.
cli-school-help = The school: its roster and timetable, activation codes, lost phones.
cli-run-help =
    Runs the bot until Ctrl+C.

    Settings come from DEZHURNY_… variables or from .env; a messenger without a token is off.
cli-demo-help = Plays a school day and the next morning of the sample school, without tokens or network.
cli-doctor-help =
    Checks settings, database and message queues. Changes nothing.

    Exit code 0: all is well; 1: there is something to look at.
cli-load-help =
    Loads a school from a folder of CSV sheets or an XLSX workbook: whole or not at all.

    Loading again changes only what has changed. Whoever is gone from the roster stays, access included, unless --leavers is given.
cli-load-path-help = A folder of CSV sheets, or an XLSX workbook.
cli-codes-help =
    Issues one-time codes to those who have neither a bound chat nor a code that still works.

    Codes are shown once: the database keeps only a fingerprint. A code lives 14 days.
cli-unbind-help =
    Unbinds a person's chats, when a phone is lost for instance.

    To come back one needs a new code: dezhurny school codes.
cli-now-help = Take this instant for now, with its zone: 2026-11-23T07:29:50+03:00.
cli-clock-help = Follow the sandbox's clock at this address.
cli-script-help = Play the script in the terminal and exit.
cli-dry-run-help = Only show what would change.
cli-leavers-help = Cut off those who are no longer in the roster: chats are unbound and codes die; works and marks stay.
cli-class-help = Only this class: its students and their guardians.
cli-json-help = Print JSON.
cli-pdf-help = Write slips with QR codes to cut up.
cli-reissue-help = Issue new codes to everyone chosen; earlier ones stop working.
cli-unbind-id-help = The id in the roster: S701 or P001 (parents:P001 if two sheets have it).
cli-messenger-help = Only on this messenger.

## Refusals

cli-bad-settings = { $count ->
    [one] The variable { $variables } makes no sense. README says what it should be.
   *[other] The variables { $variables } make no sense. README says what they should be.
}
cli-in-use = The bot already serves this database ({ $database }). Stop it, or name another in DEZHURNY_DATABASE_URL.
cli-which-school = The database holds several schools and none is called “{ $name }”. Say the name on the sheet school.
cli-unknown-reference = A row of the roster points at something that is not in it: { $what }. Nothing was loaded.
cli-broken-references = The database's upgrade failed the check of references and was undone: { $what }.
cli-newer-schema = The database was made by a newer version of this program. Upgrade the program.
cli-locked = Another program keeps the database busy. Try again a little later.
cli-cannot-open = The database of DEZHURNY_DATABASE_URL cannot be opened: no such folder, or no rights.
cli-database = The database does not answer as it should: { $reason }.
cli-file = A file could not be opened: { $name } ({ $reason }).
cli-connection = No connection could be made: { $reason }.
cli-bad-now = “{ $text }” is not an instant. Write it like this: 2026-11-23T07:29:50+03:00.
cli-now-without-zone = “{ $text }” has no time zone. Write it like this: 2026-11-23T07:29:50+03:00.
cli-no-school = No school is loaded yet. First: dezhurny school load PATH.
cli-several-schools = The database holds { $count } schools, and this command works with one.
cli-bad-class = “{ $text }” is not a class. Write it like this: 7Б.
cli-unknown-class = There is no class { $name }. There are: { $known }.
cli-unknown-id = Nobody has the id “{ $row_id }”.
cli-ambiguous-id = Several people have it; name one in full, like parents:P001: { $people }.
cli-which-one = Whose chats? Number

## Loading

cli-reading = Reading the sheets
cli-comparing = Comparing with the database
cli-writing = Writing
cli-sheet = Sheet
cli-added = New
cli-differs = Changed
cli-gone = Gone
cli-unchanged = Unchanged
cli-sheet-name = { $sheet ->
    [teachings] who teaches what
    [teachers] staff
   *[other] { $sheet }
}
cli-and-more = …and { $count } more.
cli-changed = { $count ->
    [one] Loaded: { $count } change.
   *[other] Loaded: { $count } changes.
}
cli-would-change = { $count ->
    [one] There would be { $count } change. Nothing is written yet.
   *[other] There would be { $count } changes. Nothing is written yet.
}
cli-no-changes = 0 changes: the database is as it should be.
cli-returned = Back in the roster; access can be issued anew ({ $count }):
cli-leavers-kept = Gone from the roster, access kept ({ $count }). To cut off: --leavers.
cli-leavers-would-go = Would be cut off ({ $count }):
cli-leavers-gone = Cut off ({ $count }):

## Codes

cli-id = Id
cli-name = Name
cli-class = Class
cli-roles = Roles
cli-code = Code
cli-role-student = student
cli-role-guardian = guardian
cli-role-teacher = teacher
cli-role-class-teacher = class teacher
cli-role-deputy-head = deputy head
cli-role-support = support
cli-codes-issued = { $count ->
    [one] { $count } code issued. It is shown once and lives 14 days.
   *[other] { $count } codes issued. They are shown once and live 14 days.
}
cli-no-codes = No new codes: everybody has a bound chat or a working code. To issue anew: --reissue.
cli-slips-written = { $count ->
    [one] { $count } slip written: { $file }.
   *[other] { $count } slips written: { $file }.
}
cli-no-username = There will be no Telegram links: put the bot's name in DEZHURNY_TELEGRAM_USERNAME.
cli-no-group = There will be no VK links: put the community's number in DEZHURNY_VK_GROUP_ID.
cli-nobody-to-serve = No messenger is on: set DEZHURNY_TELEGRAM_TOKEN or DEZHURNY_VK_TOKEN, or nobody can write to the bot.
cli-no-messenger = There will be no links: neither DEZHURNY_TELEGRAM_TOKEN nor DEZHURNY_VK_TOKEN is set.
cli-unbound = { $count ->
    [one] { $name }: { $count } chat unbound.
   *[other] { $name }: { $count } chats unbound.
}
cli-nothing-to-unbind = { $name }: no bound chats.

## Check-up

cli-mail = Mail
cli-on = on
cli-off = off (no token or address)
cli-schema = Schema
cli-school = School
cli-inbox = Inbox
cli-outbox = Outbox
cli-oldest = Oldest unsent
cli-dead = Undelivered
cli-not-entered = For people who are not bound yet
cli-dead-count = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
cli-no-database = There is no database yet: { $file }. First: dezhurny school load PATH.
cli-old-schema = The database has schema { $current }, the program needs { $newest }. dezhurny run upgrades it.
cli-unsound = The database file is damaged: restore it from a copy.
cli-overdue = Messages have waited since { $since }: see whether the bot is running.
cli-quarantined = { $count ->
    [one] { $count } incoming event is set aside: it could not be handled.
   *[other] { $count } incoming events are set aside: they could not be handled.
}
cli-unknown-fate = { $count ->
    [one] { $count } message got no answer from the messenger: whether it arrived is unknown.
   *[other] { $count } messages got no answer from the messenger: whether they arrived is unknown.
}
cli-well = All is well.
