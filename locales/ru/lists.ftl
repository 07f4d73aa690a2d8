## Списки: кто ещё не вошёл

lists-nobody = Списки класса видят классный руководитель и завуч.
lists-title = Кто ещё не вошёл сюда и на платформу:
lists-class-line = { $name }: { $size ->
    [one] { $size } ученик
    [few] { $size } ученика
    [many] { $size } учеников
   *[other] { $size } ученика
}; сюда ещё не вошли — { $unbound }, на платформу — { $unregistered }
lists-class = { $name }: { $size ->
    [one] { $size } ученик
    [few] { $size } ученика
    [many] { $size } учеников
   *[other] { $size } ученика
}
lists-staff = Учителя: { $size }
lists-troubled = Не получается зарегистрироваться на платформе ({ $count }):
lists-unbound = Ещё не вошли сюда ({ $count }):
lists-unregistered = Регистрация на платформе ещё не отмечена ({ $count }):
lists-person = • { $name }
lists-all-in = Все вошли, регистрация есть у всех.
lists-button-staff = Учителя
lists-back = К списку классов
