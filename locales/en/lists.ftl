## Lists: who is not in yet

lists-nobody = The lists of a class are for its class teacher and the deputy head.
lists-title = Who is not here and not on the platform yet:
lists-class-line = { $name }: { $size ->
    [one] { $size } student
   *[other] { $size } students
}; not here yet: { $unbound }, not on the platform: { $unregistered }
lists-class = { $name }: { $size ->
    [one] { $size } student
   *[other] { $size } students
}
lists-staff = Teachers: { $size }
lists-troubled = Cannot register on the platform ({ $count }):
lists-unbound = Not here yet ({ $count }):
lists-unregistered = Registration on the platform not told yet ({ $count }):
lists-person = • { $name }
lists-all-in = Everybody is in, and everybody is registered.
lists-button-staff = Teachers
lists-back = To the classes
