## П1-1.1, П1-2.1: registration on the school's platform

registration-step = The first step: register on the school’s platform, and tick it with the button.
registration-ask = { $name }: distance lessons are near, and the first step is to register on the school’s platform. Did it work?
registration-teacher = The regulation asks a teacher to register on the school’s platform (П1-2.1). Are you registered?
registration-no-address = { $whose ->
    [teacher] A deputy head knows the platform’s address.
   *[student] The class teacher knows the platform’s address.
}
registration-open = Open the platform
registration-done = Registered
registration-trouble = It does not work
registration-thanks = Thank you, the registration is noted.
registration-helped = Registration does not work yet: the school is being asked to help. Press the button once it does.
registration-unheard = Registration does not work yet. Please tell { $whose ->
    [teacher] a deputy head.
   *[student] the class teacher.
} Press the button once it does.
registration-someone = { $who } cannot register on the school’s platform. Please help.
