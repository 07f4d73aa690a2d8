## «Кто не сдал»

missing-none = { $reach ->
    [school] У вас заданий пока нет.
   *[classes] Заданий пока нет.
} Начать первое — «Новое задание».
missing-title = Ваши задания: сколько сдано.
missing-line = { $course }, { $due }
missing-line-count = {" "}— { $handed } из { $all }
missing-line-platform = {" "}— сдают на платформе
missing-line-email = {" "}— сдают по почте
missing-task = { $course }. Срок: { $due }.
missing-all-in = Сдали все, кого спрашивали.
missing-missing = { $still ->
    [yes] Пока не сдали ({ $count }): { $names }.
   *[no] Не сдали ({ $count }): { $names }.
}
missing-waiting = На проверке ({ $count }): { $names }.
missing-reviewed = Проверены ({ $count }): { $names }.
missing-returned = На доработке ({ $count }): { $names }.
missing-apart = Учатся без интернета, здесь не сдают ({ $count }): { $names }.
missing-back = ← Все задания
