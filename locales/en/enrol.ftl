## 5.4: who is it

enrol-hello = Hello! I am Dezhurny, the school’s helper for distance learning. Please send the code from the slip you were given at school.
enrol-is-it-you = Are you { $who }?
enrol-guardian = { $name } (children: { $children })
enrol-yes = Yes, that is me
enrol-no = No
enrol-not-you = All right, nothing is changed. Check the code on the slip or ask the school for a new one.
enrol-welcome = Done, { $name }! I will tell you what is next. Everything is in the menu below.
enrol-welcome-grown = Done, { $name }! { $grown }
enrol-grown = From the age of 18 the school shows the day to the student alone, so no news of it will come here.
enrol-again = Hello, { $name }! Everything is in the menu below.
enrol-back = Welcome back, { $name }! Reminders come here again, and everything is in the menu below.
enrol-already = This chat already belongs to { $who }. To change that, ask the school to unbind it.
enrol-code-unknown = This code did not fit: please compare it with the slip and send it again, the code alone; if that fails, ask the school for a new one.
enrol-code-spent = This code has been used. If that was not you, please tell the school and ask for a new one.
enrol-code-expired = This code has expired. Please ask the school for a new one. And if I am on another messenger already, write to me there: “Another messenger”.
enrol-code-revoked = This code no longer works. Please ask the school for a new one.
enrol-code-too-many = Too many wrong codes in a row. Please wait an hour and send the code from the slip.
enrol-code-reused = Somebody tried a code that { $who } had already used. If the family did not do it by mistake, issue a new code.
enrol-another = Open me in the other messenger and send this code there. It works once, for ten minutes; show it to nobody.
