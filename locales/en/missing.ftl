## “Not handed in”

missing-none = { $reach ->
    [school] You have no tasks yet.
   *[classes] No tasks yet.
} Begin the first with “New task”.
missing-title = Your tasks: how many are in.
missing-line = { $course }, { $due }
missing-line-count = {" "}— { $handed } of { $all }
missing-line-platform = {" "}— handed in on the platform
missing-line-email = {" "}— handed in by e-mail
missing-task = { $course }. Due: { $due }.
missing-all-in = Everybody asked has handed in.
missing-missing = { $still ->
    [yes] Not in yet ({ $count }): { $names }.
   *[no] Not handed in ({ $count }): { $names }.
}
missing-waiting = Waiting for review ({ $count }): { $names }.
missing-reviewed = Reviewed ({ $count }): { $names }.
missing-returned = For rework ({ $count }): { $names }.
missing-apart = Learning without the internet, not handing in here ({ $count }): { $names }.
missing-back = ← All tasks
