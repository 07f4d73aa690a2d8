## The menu: what a person presses under the input

menu-day = My day
menu-tasks = Tasks
menu-answers = Teachers’ answers
menu-children = Children today
menu-queue = To review
menu-set-task = New task
menu-missing = Not handed in
menu-lists = Lists
menu-help = Help
menu-another = Another messenger

help = I show the day, take works in and bring the answers. Press what you need in the menu below. To have me on another messenger, too, write: “Another messenger”.
