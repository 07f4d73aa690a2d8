## Shared by the teacher's topics: lists and labels

teacher-group = group { $group }
teacher-students = { $count ->
    [one] { $count } student
   *[other] { $count } students
}
teacher-works = { $count ->
    [one] { $count } work
   *[other] { $count } works
}
teacher-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
