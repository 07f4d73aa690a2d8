## Командная строка: справка

cli-help = Дежурный: школьный бот дистанционного обучения для Telegram и ВКонтакте.
cli-school-help = Школа: список людей и расписание, коды для входа, потерянные телефоны.
cli-run-help =
    Запускает бота. Работает до Ctrl+C.

    Настройки берутся из переменных DEZHURNY_… или из файла .env; мессенджер без токена выключен.
cli-demo-help = Показывает учебный день и следующее утро на образце школы, без токенов и сети.
cli-doctor-help =
    Проверяет настройки, базу и очереди сообщений. Ничего не меняет.

    Код выхода 0 — всё в порядке, 1 — есть на что посмотреть.
cli-load-help =
    Загружает школу из папки с листами CSV или из книги XLSX: целиком или никак.

    Повторная загрузка меняет только то, что изменилось. Кто исчез из списка, остаётся в базе и с доступом, пока не указан --leavers.
cli-load-path-help = Папка с листами CSV или книга XLSX.
cli-codes-help =
    Выдаёт одноразовые коды тем, у кого нет ни привязанного чата, ни действующего кода.

    Коды показываются один раз: в базе хранится только отпечаток. Код действует 14 дней.
cli-unbind-help =
    Отвязывает чаты человека — например, когда потерян телефон.

    Чтобы войти снова, нужен новый код: dezhurny school codes.
cli-now-help = Считать, что сейчас этот момент, с часовым поясом: 2026-11-23T07:29:50+03:00.
cli-clock-help = Следовать часам песочницы по этому адресу.
cli-script-help = Проиграть сценарий в терминале и выйти.
cli-dry-run-help = Только показать, что изменится.
cli-leavers-help = Отключить тех, кого больше нет в списке: чаты отвязываются, коды гаснут, работы и отметки остаются.
cli-class-help = Только этот класс: его ученики и их родители.
cli-json-help = Вывести JSON.
cli-pdf-help = Записать листочки с QR-кодами для разрезания.
cli-reissue-help = Выдать новые коды всем выбранным; прежние перестанут работать.
cli-unbind-id-help = Идентификатор из списка школы: S701 или P001 (если такой есть на двух листах — parents:P001).
cli-messenger-help = Только в этом мессенджере.

## Отказы

cli-bad-settings = { $count ->
    [one] Переменная { $variables } задана неверно. Проверьте её значение по README.
   *[other] Переменные { $variables } заданы неверно. Проверьте их значения по README.
}
cli-in-use = Бот уже работает с этой базой ({ $database }). Остановите его или укажите другую базу в DEZHURNY_DATABASE_URL.
cli-which-school = В базе несколько школ, и ни одна не называется «{ $name }». Укажите название в листе school.
cli-unknown-reference = Строка списка ссылается на то, чего в нём нет: { $what }. Ничего не загружено.
cli-broken-references = Обновление базы не прошло проверку ссылок и отменено: { $what }.
cli-newer-schema = База создана более новой версией программы. Обновите программу.
cli-locked = База занята другой программой. Повторите чуть позже.
cli-cannot-open = Не удалось открыть базу из DEZHURNY_DATABASE_URL: нет такой папки или нет прав.
cli-database = База не отвечает как надо: { $reason }.
cli-file = Не удалось открыть файл: { $name } ({ $reason }).
cli-connection = Не удалось соединиться: { $reason }.
cli-bad-now = Не удалось понять момент «{ $text }». Нужно так: 2026-11-23T07:29:50+03:00.
cli-now-without-zone = У момента «{ $text }» нет часового пояса. Нужно так: 2026-11-23T07:29:50+03:00.
cli-no-school = Школа ещё не загружена. Сначала: dezhurny school load ПУТЬ.
cli-several-schools = В базе { $count ->
    [one] { $count } школа
    [few] { $count } школы
   *[other] { $count } школ
}, а эта команда работает с одной.
cli-bad-class = «{ $text }» — не класс. Нужно так: 7Б.
cli-unknown-class = Класса { $name } нет. Есть: { $known }.
cli-unknown-id = Никого с идентификатором «{ $row_id }» нет.
cli-ambiguous-id = Таких людей несколько, назовите одного полностью, как parents:P001: { $people }.
cli-which-one = Кого отвязать? Номер

## Загрузка

cli-reading = Читаю листы
cli-comparing = Сверяю с базой
cli-writing = Записываю
cli-sheet = Лист
cli-added = Новых
cli-differs = Изменено
cli-gone = Исчезло
cli-unchanged = Без изменений
cli-sheet-name = { $sheet ->
    [school] школа
    [classes] классы
    [students] ученики
    [parents] родители
    [teachers] сотрудники
    [subjects] предметы
    [groups] группы
    [teachings] кто что ведёт
    [bells] звонки
    [timetable] расписание
    [substitutions] замены
    [calendar] календарь
    [modes] режимы
   *[other] { $sheet }
}
cli-and-more = …и ещё { $count }.
cli-changed = { $count ->
    [one] Загружено: { $count } изменение.
    [few] Загружено: { $count } изменения.
   *[other] Загружено: { $count } изменений.
}
cli-would-change = { $count ->
    [one] Будет { $count } изменение. Пока ничего не записано.
    [few] Будет { $count } изменения. Пока ничего не записано.
   *[other] Будет { $count } изменений. Пока ничего не записано.
}
cli-no-changes = 0 изменений: в базе уже всё так.
cli-returned = Снова в списке, доступ можно выдать заново ({ $count }):
cli-leavers-kept = Исчезли из списка, доступ сохранён ({ $count }). Чтобы отключить: --leavers.
cli-leavers-would-go = Будут отключены ({ $count }):
cli-leavers-gone = Доступ отключён ({ $count }):

## Коды

cli-id = Id
cli-name = Имя
cli-class = Класс
cli-roles = Роли
cli-code = Код
cli-role-student = ученик
cli-role-guardian = родитель
cli-role-teacher = учитель
cli-role-class-teacher = классный руководитель
cli-role-deputy-head = завуч
cli-role-support = техподдержка
cli-codes-issued = { $count ->
    [one] Выдан { $count } код. Он показан один раз и действует 14 дней.
    [few] Выдано { $count } кода. Они показаны один раз и действуют 14 дней.
   *[other] Выдано { $count } кодов. Они показаны один раз и действуют 14 дней.
}
cli-no-codes = Новых кодов нет: у всех есть привязанный чат или действующий код. Выдать заново: --reissue.
cli-slips-written = { $count ->
    [one] Записан { $count } листочек: { $file }.
    [few] Записано { $count } листочка: { $file }.
   *[other] Записано { $count } листочков: { $file }.
}
cli-no-username = Ссылок на Telegram не будет: укажите имя бота в DEZHURNY_TELEGRAM_USERNAME.
cli-no-group = Ссылок на ВКонтакте не будет: укажите номер сообщества в DEZHURNY_VK_GROUP_ID.
cli-nobody-to-serve = Ни один мессенджер не включён: задайте DEZHURNY_TELEGRAM_TOKEN или DEZHURNY_VK_TOKEN, иначе никто не напишет боту.
cli-no-messenger = Ссылок не будет: не задан ни DEZHURNY_TELEGRAM_TOKEN, ни DEZHURNY_VK_TOKEN.
cli-unbound = { $count ->
    [one] { $name }: отвязан { $count } чат.
    [few] { $name }: отвязано { $count } чата.
   *[other] { $name }: отвязано { $count } чатов.
}
cli-nothing-to-unbind = { $name }: привязанных чатов нет.

## Проверка

cli-mail = Почта
cli-on = включено
cli-off = выключено (нет токена или адреса)
cli-schema = Версия базы
cli-school = Школа
cli-inbox = Входящие
cli-outbox = Исходящие
cli-oldest = Самое старое неотправленное
cli-dead = Не доставлено
cli-not-entered = Некому было слать (ещё не вошли)
cli-dead-count = { $count ->
    [one] { $count } сообщение
    [few] { $count } сообщения
   *[other] { $count } сообщений
}
cli-no-database = Базы ещё нет: { $file }. Сначала: dezhurny school load ПУТЬ.
cli-old-schema = База версии { $current }, программе нужна { $newest }. Её обновит dezhurny run.
cli-unsound = Файл базы повреждён: восстановите его из копии.
cli-overdue = Сообщения ждут отправки с { $since }: проверьте, работает ли бот.
cli-quarantined = { $count ->
    [one] { $count } входящее событие отложено: его не удалось обработать.
    [few] { $count } входящих события отложены: их не удалось обработать.
   *[other] { $count } входящих событий отложено: их не удалось обработать.
}
cli-unknown-fate = { $count ->
    [one] { $count } сообщение ушло без ответа мессенджера: дошло ли, неизвестно.
    [few] { $count } сообщения ушли без ответа мессенджера: дошли ли, неизвестно.
   *[other] { $count } сообщений ушло без ответа мессенджера: дошли ли, неизвестно.
}
cli-well = Всё в порядке.
