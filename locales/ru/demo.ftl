## Показ: два школьных дня в терминале

demo-setting-up = Ставлю сцену: школа, мессенджеры, почта и бот — всё на этой машине…
demo-chapter-enter = Понедельник, 23 ноября, 7:05 — коды с листочков
demo-chapter-morning = Понедельник, утро
demo-chapter-work = Понедельник, день: работы
demo-chapter-review = Понедельник, 16:05: проверка
demo-chapter-evening = Понедельник, вечер
demo-chapter-tuesday = Вторник, 24 ноября: следующий рабочий день

demo-bot = Дежурный
demo-student = Маша, 7Б (Telegram)
demo-vk-student = Тимофей, 7Б (VK)
demo-mother = Мама Елена Викторовна (VK)
demo-teacher = Ирина Петровна (Telegram)
demo-deputy = Завуч Наталья Сергеевна (Telegram)
demo-student-surname = Соколова
demo-vk-student-surname = Ершов

demo-step-code = Код с листочка
demo-step-link = Код по ссылке с QR
demo-step-register = Регистрация на платформе отмечена
demo-step-trouble = Регистрация не получается: узнаёт классный руководитель
demo-step-card = Утренняя карточка дня
demo-step-platform = Кабинет открыт
demo-step-child = За первоклассника отмечает мама
demo-step-set = Учитель задаёт задание
demo-step-letters = Задание продублировано на почту
demo-step-mail = Почта проверена
demo-step-album = Сдаёт альбом из трёх фото
demo-step-voice = Присылает фото, потом голосовое
demo-step-mail-reminder = Напоминание о почте
demo-step-nudge = Учителю — об очереди
demo-step-spoken = Отметка и аудиорецензия
demo-step-rework = Возврат на доработку
demo-step-again = Вторая попытка
demo-step-second-nudge = Учителю — ещё раз
demo-step-digest = Итоги дня для мамы
demo-step-reminder = Сдавшим о сроке не напоминают
demo-step-list = Утром — список ответов
demo-step-read = Ответ прочитан
demo-step-summary = Завучу — что осталось со вчера
demo-step-voice-to-vk = Голос из Telegram слышен в VK

demo-opens-link = открывает ссылку с QR-кода
demo-welcomed = Готово
demo-lesson = Алгебра
demo-platform-ticked = ☑ Кабинет открыт
demo-by-guardian = отмечено родителем
demo-course = Геометрия
demo-task = § 17, задачи 120 и 121: чертёж и доказательство.
demo-next-lesson = К уроку
demo-given = Задано
demo-letters-came = { $count ->
    [one] { $count } письмо
    [few] { $count } письма
    [many] { $count } писем
   *[other] { $count } письма
}
demo-more-letters = …и ещё { $count ->
    [one] { $count } письмо
    [few] { $count } письма
    [many] { $count } писем
   *[other] { $count } письма
}
demo-own-address = @
demo-mail-ticked = ☑ Почта проверена
demo-subject = Геометрия
demo-work-number = № 7Б
demo-three-photos = 3 фото
demo-photo-and-voice = 1 фото, 1 голосовое
demo-receipt = Работа принята
demo-two-wait = на проверке 2
demo-one-waits = на проверке 1
demo-answer-news = Есть ответ учителя
demo-rework = На доработку
demo-comment = В задаче 121 поясни, почему треугольники равны: не хватает признака.
demo-second-try = Треугольники равны по двум сторонам и углу между ними — первый признак.
demo-second-attempt = Попытка 2
demo-digest = Итоги дня
demo-answers-wait = ответ
demo-answers-button = Ответы
demo-left = не проверено в свой день

demo-note-teacher-told = классный руководитель знает
demo-note-spoken = отметка 4 и голос
demo-note-no-reminder = напоминаний нет: работы сданы
demo-note-voice-vk = голосовое пришло в VK

demo-photo = фото
demo-voice = голосовое
demo-document = файл
demo-audio = аудио
demo-album = альбом
demo-edit = карточка изменилась

demo-table = Что произошло
demo-column-clause = Пункт
demo-column-step = Шаг
demo-column-seen = Видно
demo-sum = Шагов выполнено: { $done } из { $all }.
