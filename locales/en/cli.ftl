## Command line: help

cli-help = Dezhurny: a school's distance-learning bot for Telegram and VK.
cli-school-help = The school: its roster and timetable, activation codes, lost phones.
cli-run-help =
    Runs the bot until Ctrl+C.

    Settings come from DEZHURNY_… variables or from .env; a messenger without a token is off.
cli-demo-help =
    Opens a page with three phones: the sample school, the bot and the messengers on this machine, without tokens or network.

    With --script it plays a school day and the next morning in the terminal.
cli-doctor-help =
    Checks settings, database, files, disk, backups, the bot's life and the way to the messengers. Changes nothing.

    Exit code 0: all is well; 1: there is something to mend; 2: the command makes no sense.
cli-backup-help =
    Makes a backup of the database and the files while the bot runs, and checks it.

    Without a folder, into DEZHURNY_BACKUP_DIR. Every file lies there once: to carry a backup away, copy the whole folder. It holds personal data.
cli-restore-help =
    Brings the database and the files back from a backup. The bot must be stopped.

    The backup is checked first. The old database is not deleted but set aside.
cli-load-help =
    Loads a school from a folder of CSV sheets or an XLSX workbook: whole or not at all.

    Loading again changes only what has changed. Whoever is gone from the roster stays, access included, unless --leavers is given. A new deputy head or support needs --grant.
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
cli-demo-port-help = The page's port; one that is taken gives way to the next free one, 0 is any free one.
cli-demo-host-help = An address of this machine: 127.0.0.1 or ::1. The page is not served on others.
cli-demo-no-browser-help = Do not open a browser, only print the address.
cli-demo-school-help = Show your own school: a folder of CSV sheets or an XLSX workbook.
cli-demo-language-help = The page's language; without it the browser decides.
cli-demo-address = The page: { $address }
cli-demo-how-to-stop = The school and the bot are waking up, it takes seconds. To stop everything: Ctrl+C.
cli-demo-ready = The bot is there.
cli-demo-no-bot = The bot stopped at its start. These are its last words:
cli-demo-stopping = Stopping…
cli-dry-run-help = Only show what would change.
cli-leavers-help = Cut off those who are no longer in the roster: chats are unbound and codes die; works and marks stay.
cli-grant-help = Give this person rights to the whole school (deputy head, support) where they are new in the roster. May be repeated.
cli-class-help = Only this class: its students and their guardians.
cli-json-help = Print JSON.
cli-pdf-help = Write slips with QR codes to cut up.
cli-reissue-help = Issue new codes to everyone chosen; earlier ones stop working.
cli-unbind-id-help = The id in the roster: S701 or P001 (parents:P001 if two sheets have it).
cli-messenger-help = Only on this messenger.
cli-offline-help = Do not ask messengers and mail: quick, for frequent checks.
cli-backup-dir-help = The folder for backups, such as on another disk or on a stick.
cli-backup-keep-help = How many of the newest backups to keep.
cli-restore-file-help = A file dezhurny-….tar of the folder of backups; the folder files must lie beside it.
cli-restore-force-help = Replace a database that is not empty; the old one stays beside it under another name.
cli-restore-incomplete-help = Restore even where some files are not beside the backup.

## Refusals

cli-bad-settings = { $count ->
    [one] The variable { $variables } makes no sense. README says what it should be.
   *[other] The variables { $variables } make no sense. README says what they should be.
}
cli-setting-lacking = The variable { $variable } is not set, and { $beside } needs it. README says what it should be.
cli-in-use = The bot already serves this database ({ $database }). Stop it, or name another in DEZHURNY_DATABASE_URL.
cli-which-school = The database holds several schools and none is called “{ $name }”. Say the name on the sheet school.
cli-unknown-reference = A row of the roster points at something that is not in it: { $what }. Nothing was loaded.
cli-not-granted = The roster has new rights to the whole school. Nothing was loaded. If this is right, load again with { $flags }
cli-broken-references = The database's upgrade failed the check of references and was undone: { $what }.
cli-newer-schema = The database was made by a newer version of this program. Upgrade the program.
cli-locked = Another program keeps the database busy. Try again a little later.
cli-cannot-open = The database of DEZHURNY_DATABASE_URL cannot be opened: no such folder, or no rights.
cli-database = The database does not answer as it should: { $reason }.
cli-database-read-only = The database is open for reading only: check the owner and the rights of its files and folder, and run the program as the bot's user.
cli-database-full = The database does not answer: the disk with { $folder } is full. Free some space and try again.
cli-file = { $name } could not be opened: { $reason }.
cli-no-room = A disk is full. Free some space and try again.
cli-no-room-for = The disk has too little room for the file { $name }. Free some space, or name another file.
cli-disk = The work has stopped: { $reason }. Check the disk and try again.
cli-connection = No connection could be made: { $reason }.
cli-bad-now = “{ $text }” is not an instant. Write it like this: 2026-11-23T07:29:50+03:00.
cli-now-without-zone = “{ $text }” has no time zone. Write it like this: 2026-11-23T07:29:50+03:00.
cli-now-too-far = “{ $text }” is too far away: the bot’s clock goes from { $first } to { $last }.
cli-interrupted = Interrupted.
cli-crashed = An internal error ({ $reason }) has stopped the command. Run it again with { $variable }=DEBUG to see more.
cli-no-school = No school is loaded yet. First: dezhurny school load PATH.
cli-several-schools = The database holds { $count } schools, and this command works with one.
cli-bad-class = “{ $text }” is not a class. Write it like this: 7Б.
cli-unknown-class = There is no class { $name }. There are: { $known }.
cli-unknown-id = Nobody has the id “{ $row_id }”.
cli-ambiguous-id = Several people have it; name one in full, like parents:P001: { $people }.
cli-which-one = Whose chats? Number
cli-demo-host = The page is not served on { $host }: the demonstration has neither secrets nor locks, so it is for this machine alone (127.0.0.1).
cli-demo-no-port = Port { $port } and those after it are taken. Name another one: --port.
cli-backup-where = There is no place for the backup: name a folder or set DEZHURNY_BACKUP_DIR.
cli-backup-postgres = The database is on PostgreSQL: pg_dump copies it. First pg_dump, then copy the folder of files { $files }, in this order.
cli-restore-postgres = The database is on PostgreSQL: bring it back with pg_restore, and copy the files to DEZHURNY_FILES_DIR.
cli-backup-shelf-in-use = A backup is being made in this folder: { $reason }. Try again when it is done.
cli-backup-unsound = The database is damaged, or none of Dezhurny's: { $reason }. Earlier backups are whole.
cli-backup-no-room = The disk with { $reason } has too little room: free some space and try again. The database and earlier backups are whole.
cli-backup-disk-failed = A disk does not read or write: check that of the backups and that of the database. Earlier backups are whole.
cli-backup-bad-archive = This backup is of no use: { $reason }. Nothing has changed; take another one.
cli-backup-interrupted = The backup was broken off. Earlier backups are whole.
cli-backup-occupied = There is a database already: { $reason }. To replace it, add --force: the old one stays beside it.
cli-backup-in-use = Another program has the database open. Close that program and try again.
cli-backup-files-lacking = { $count ->
    [one] { $count } file that the backup names is not beside it.
   *[other] { $count } files that the backup names are not beside it.
} The database is untouched. Put the folder files beside the .tar, or restore without them: --incomplete.

## Why something failed: words inside other sentences

cli-why-absent = no such folder or file
cli-why-forbidden = no rights
cli-why-folder = this is a folder
cli-why-no-folder = this is no folder
cli-why-taken = this name is taken
cli-why-read-only = the disk is read-only
cli-why-full = the disk is full
cli-why-disk = the disk does not read or write
cli-why-refused = the connection was refused
cli-fault-no-archive = { $name } is no backup of Dezhurny's, or the file is spoilt
cli-fault-no-backup = this is no backup of Dezhurny's
cli-fault-no-manifest = the manifest { $name } cannot be read
cli-fault-format = the backup has format { $found }, and the program knows { $known }
cli-fault-parts = the manifest { $name } names other parts than there should be
cli-fault-missing = there is no { $name }
cli-fault-extra = the file { $name } should not be there
cli-fault-size = { $name } has another size
cli-fault-damaged = the content of { $name } is damaged
cli-fault-no-list = { $name } is no list of files
cli-fault-other-database = the database is another than the manifest says
cli-fault-other-list = the list of files is another than the database says
cli-fault-other-copy = the copy reads back differently
cli-fault-lost-reference = a row of { $table } refers to nothing in { $other }

## Backups

cli-backed-up = The backup is made and checked: { $file } ({ $megabytes } MB, files: { $files }, new: { $copied }).
cli-backups-removed = Old backups removed: { $count }.
cli-files-lost = { $count ->
    [one] { $count } file is named in the database, but is not on disk, is damaged or cannot be read.
   *[other] { $count } files are named in the database, but are not on disk, are damaged or cannot be read.
}
cli-restored = Restored as of { $made }: people { $people }, works { $works }, files { $files }.
cli-restored-migrated = The database was upgraded from schema { $revision }.
cli-restored-aside = The old database is set aside: { $file }.
cli-restored-known = { $count ->
    [one] { $count } message waited to be sent: the old database knows what became of it.
   *[other] { $count } messages waited to be sent: the old database knows what became of them.
}
cli-restored-unknown = { $count ->
    [one] { $count } reminder may have gone out before the restore: it does not go again.
   *[other] { $count } reminders may have gone out before the restore: they do not go again.
}
cli-restored-codes = { $count ->
    [one] { $count } code of the backup is worthless: after it the code was replaced, revoked or used.
   *[other] { $count } codes of the backup are worthless: after it they were replaced, revoked or used.
}
cli-restored-next = Next: dezhurny doctor, then dezhurny run. Chats that were unbound after the backup are bound again: unbind them once more. Slips issued after the backup do not work: issue them anew with dezhurny school codes --reissue --class …

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
cli-no-changes-but-kept = 0 changes: what is gone from the roster is kept, and the rest of the database is as it should be.
cli-returned = Back in the roster; access can be issued anew ({ $count }):
cli-leavers-kept = Gone from the roster, access kept ({ $count }). To cut off: --leavers.
cli-leavers-would-go = Would be cut off ({ $count }):
cli-leavers-gone = Cut off ({ $count }):
cli-roles-granted = New rights to the whole school ({ $count }):
cli-roles-lost = No longer rights to the whole school ({ $count }):
cli-roles-would-go = Would lose rights to the whole school ({ $count }):
cli-grant-needed = Loading will ask for a word on the new rights: { $flags }
cli-grant-useless = Of no use: { $flags }. In the roster { $count ->
    [1] this person has
   *[other] these people have
} no new rights to the whole school.
cli-not-legal =
    No legal representatives, yet in the sheet parents ({ $count }): { $people }. They, too, see what the child has to do and hear about it. For whoever must not: take the row out and load with --leavers.

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
cli-no-codes = No new codes: everybody has a bound chat or a working code. To issue anew: --reissue (earlier codes stop working; for one class alone, with --class as well).
cli-slips-exist = There is a file { $file } already: put it away or name another. No code was issued.
cli-slips-shut = No slips can be written to { $file }: { $reason }. No code was issued.
cli-slips-no-room = The disk has too little room for the file { $file }. Free some space, or name another file. No code was issued.
cli-slips-lost = The slips could not be written to { $file }: { $reason }.
cli-codes-undone = { $issued ->
    [again] There are no slips, the new codes do not work, and neither do the old ones.
   *[first] There are no slips, and the new codes do not work.
} Run the same command again; if the file is to blame, with another file.
cli-codes-left = { $issued ->
    [again] There are no slips, and the new codes could not be revoked ({ $count }). Run the same command again: it replaces these, too.
   *[first] There are no slips, and the new codes could not be revoked ({ $count }): { $people }. To issue others to them, first for each: dezhurny school unbind ID.
}
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
cli-nothing-to-unbind-there = { $name }: no bound chats on this messenger.
cli-unbound-others = The chat on the other messenger stays bound. If it is not this person there either: the same command without --messenger.
cli-codes-closed = Earlier codes of this person do not work any more.
cli-left-school = This person is not in the roster: they have no access any more.
cli-unbound-next = Next: dezhurny school codes, a new slip for those who have no bound chat.

## Check-up

cli-mail = Mail
cli-on = on
cli-off = off (not in the settings)
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
cli-unsound = The database is damaged ({ $reason }): stop the bot and bring it back from a backup with dezhurny restore.
cli-overdue = Messages have waited since { $since }: see whether the bot is running and reaches the messenger.
cli-unhandled = Incoming events have waited since { $since }: see whether the bot is running, and look at its log.
cli-quarantined = { $count ->
    [one] { $count } incoming event of this week is set aside: it could not be handled.
   *[other] { $count } incoming events of this week are set aside: they could not be handled.
} Send the lines “Event” to the developers: nothing that people wrote stands in them.
cli-event = Event
cli-unknown-fate = { $count ->
    [one] { $count } message got no answer from the messenger: whether it arrived is unknown.
   *[other] { $count } messages got no answer from the messenger: whether they arrived is unknown.
}
cli-unsent = { $count ->
    [one] { $count } message of this week was not sent: the messenger or mail that it was for is off
   *[other] { $count } messages of this week were not sent: the messenger or mail that they were for is off
}, and there is no other way to the person.
cli-files = Files in the database
cli-files-shut = There is nowhere to put the files of works: nothing can be written to { $folder } ({ $reason }). Check DEZHURNY_FILES_DIR: it is a folder that the bot may write to.
cli-files-lacking = { $count ->
    [one] { $count } file that the database names is not in { $folder }, has another size or cannot be read.
   *[other] { $count } files that the database names are not in { $folder }, have another size or cannot be read.
} Bring the folder files back from a backup: the names in it are the same.
cli-free = Free on disk
cli-gigabytes = { $size } GB
cli-place-shut = How much space the disk with { $place } has cannot be seen ({ $reason }): check who may look into that folder.
cli-disk-full = The disk with { $place } has { $size } GB left: free some space, or the bot cannot take works.
cli-last-backup = Last backup
cli-no-backups = There are no nightly backups: set DEZHURNY_BACKUP_DIR, best on another disk.
cli-never-backed-up = There is no backup in { $folder } yet: make one with dezhurny backup.
cli-backup-is-old = The last backup is more than a day and a half old ({ $made }): look for backup.failed in the log, and make one with dezhurny backup.
cli-backup-unreadable = The last backup cannot be read ({ $reason }): check the disk, and make another with dezhurny backup.
cli-backup-ahead = The backup { $file } is dated in the future: the clock was ahead when it was made. There are { $count } such. Check the clock, and remove them: they do not count.
cli-backup-lacks = { $count ->
    [one] { $count } file is not in the last backup: it is not on disk, is damaged or cannot be read.
   *[other] { $count } files are not in the last backup: they are not on disk, are damaged or cannot be read.
} The first: { $file }. Check the disk and who may read the files.
cli-running = Bot
cli-alive = running (process { $number })
cli-stopped-at = stopped { $at }
cli-silent-since = silent since { $at }
cli-is-stopped = The bot was stopped { $at }: start dezhurny run.
cli-is-silent = The bot has given no sign of life since { $at }: look at its log, and start dezhurny run.
cli-does-not-tick = The bot has not looked at the timetable without a failure since { $at }: look for moment.failed and tick.failed in its log; if there are none, restart it.
cli-heard = last answer
cli-refuses = refused: the token is not accepted
cli-not-heard-yet = not yet, started { $since }
cli-silence = no answer since { $since }
cli-bot-token-refused = { $messenger ->
    [telegram] Telegram does not accept the token that the bot runs with: check DEZHURNY_TELEGRAM_TOKEN (@BotFather issues it), and restart the bot.
   *[vk] VK does not accept the token that the bot runs with: check DEZHURNY_VK_TOKEN and its rights in the community's settings, and restart the bot.
}
cli-unheard = { $messenger } has not answered the bot since { $since } ({ $trouble }): check the connection, the proxy and the token.
cli-unstored = Since { $since } the bot cannot write down what { $messenger } sends: look at the space on disk and at the database.
cli-answers = answers
cli-token-refused = { $messenger ->
    [telegram] Telegram does not accept the token ({ $reason }): check DEZHURNY_TELEGRAM_TOKEN, which @BotFather issues.
    [vk] VK does not accept the token or the community's number ({ $reason }): check DEZHURNY_VK_TOKEN, its rights and DEZHURNY_VK_GROUP_ID.
   *[mail] The mail server does not accept the login ({ $reason }): check the name and password in DEZHURNY_SMTP_URL and the address in DEZHURNY_MAIL_FROM.
}
cli-unreachable = { $messenger }: no connection ({ $reason }). Check the network, the address and the proxy.
cli-clock-slow = This computer's clock is { $seconds } s behind { $messenger }'s: switch time synchronisation on.
cli-clock-fast = This computer's clock is { $seconds } s ahead of { $messenger }'s: switch time synchronisation on.
cli-webhook = { $messenger } hands messages to a webhook at { $url }, and the bot does not see them: start dezhurny run, which removes it.
cli-many-waiting = { $messenger } keeps { $count } events that nobody has read: see whether the bot is running.
cli-well = All is well.
