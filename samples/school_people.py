"""The people of the sample school: families with one to three children, and the staff."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from samples.school_week import CLASSES

SIZES = {"1А": 12, "3Б": 11, "5А": 12, "7Б": 13, "9А": 12, "11А": 11}
CLASS_TEACHERS = {"1А": "T02", "3Б": "T03", "5А": "T04", "7Б": "T01", "9А": "T05", "11А": "T06"}

# Id, name, subjects, roles. Two are namesakes; T11 is a father of this school as well.
TEACHERS = (
    ("T01", "Кузнецова Ирина Петровна", "Алгебра, Геометрия, Вероятность и статистика", "учитель"),
    ("T02", "Белова Татьяна Юрьевна", "", "учитель"),
    ("T03", "Никитина Галина Ивановна", "", "учитель"),
    ("T04", "Фёдорова Марина Львовна", "Русский язык, Литература", ""),
    ("T05", "Смирнова Ольга Николаевна", "Русский язык, Литература", ""),
    ("T06", "Гаврилов Павел Аркадьевич", "Математика, Алгебра, Геометрия", "учитель"),
    ("T07", "Лебедева Анна Викторовна", "Английский язык", ""),
    ("T08", "Воронцова Юлия Романовна", "Английский язык", ""),
    ("T09", "Савельев Денис Олегович", "Информатика, Технология", "учитель, техподдержка"),
    ("T10", "Тимофеев Глеб Борисович", "Физика, Информатика", ""),
    ("T11", "Журавлёв Константин Андреевич", "История, Обществознание", ""),
    ("T12", "Смирнова Ольга Николаевна", "Биология, Химия", ""),
    ("T13", "Рябов Виктор Степанович", "Физкультура, ОБЗР", ""),
    ("T14", "Орлова Наталья Сергеевна", "География, Индивидуальный проект", "учитель, завуч"),
)
TEACHER_PARENT = "T11"


def _words(text: str) -> list[str]:
    return text.split()


_FATHERS = {
    "Андрей": "Андреевич",
    "Олег": "Олегович",
    "Сергей": "Сергеевич",
    "Роман": "Романович",
    "Константин": "Константинович",
    "Дмитрий": "Дмитриевич",
    "Алексей": "Алексеевич",
    "Максим": "Максимович",
    "Игорь": "Игоревич",
    "Павел": "Павлович",
    "Евгений": "Евгеньевич",
    "Юрий": "Юрьевич",
    "Никита": "Никитич",
    "Илья": "Ильич",
    "Владимир": "Владимирович",
    "Антон": "Антонович",
}
_MOTHERS = _words(
    "Светлана Ольга Марина Екатерина Наталья Юлия Ксения Алина Вера Инна Оксана Лариса"
)
_BOYS = _words("Артём Егор Кирилл Степан Матвей Лев Глеб Фёдор Даниил Марк Захар Тимур Иван Пётр")
_GIRLS = _words("Алиса Варвара Дарья Ева Полина Ульяна Вероника Кира Таисия Злата Софья Арина")
_SURNAMES = _words("""
Абрамов Агафонов Баранов Беспалов Блинов Большаков Быков Веселов Виноградов Воробьёв Голубев
Горшков Гусев Денисов Дорофеев Дьячков Евсеев Жданов Зайцев Зимин Зуев Калинин Карпов Киселёв
Князев Комаров Копылов Коровин Котов Крылов Кулагин Лаптев Логинов Лыткин Макаров Мельников
Мухин Мясников Назаров Носков Овчинников Одинцов Панфилов Пахомов Поляков Прохоров Родионов
Рыбаков Седов Сорокин Субботин Тарасов Третьяков Уваров Филатов Чернов Шубин Щукин Вишневский
Залесский Шевченко Черных
""")
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        _words("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch ~ y ~ e yu ya"),
        strict=True,
    )
)
_MIDDLE_SCHOOL = 5
_MOST = 0.7
_DAUGHTERS = {"Никита": "Никитична", "Илья": "Ильинична"}


Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """A student before they have an id; `own_email` None lets chance decide."""

    class_name: str
    given: str
    birth: date | None = None
    own_email: bool | None = None
    mode: str = ""
    patronymic: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """A family: the surname in its masculine form, the parents who are on the roster, children."""

    surname: str
    father: str
    children: tuple[Child, ...]
    mother: str = ""
    mailbox: str | None = None
    with_father: bool = False
    grandmother: str = ""


# The first child named for a class is the first of its list: S101, S501, S701, S702 …
KNOWN = (
    Family(
        "Соколов",
        "Андрей",
        (
            Child("1А", "Михаил", date(2019, 3, 14)),
            Child("5А", "Анна", date(2015, 6, 2), own_email=True),
            Child("7Б", "Мария", date(2013, 9, 21), own_email=True),
        ),
        mother="Елена Викторовна",
    ),
    Family("Ершов", "Олег", (Child("7Б", "Тимофей", own_email=False),), mother="Дарья Игоревна"),
    Family(
        "Морозов",
        "Дмитрий",
        (
            Child("5А", "Егор", own_email=False, mode="ИУП"),
            Child("9А", "Варвара", own_email=False),
        ),
        mother="Ирина Павловна",
        mailbox="morozovy@semya.example",
        with_father=True,
    ),
    Family("Иванов", "Сергей", (Child("5А", "Артём"),)),
    Family("Иванов", "Сергей", (Child("9А", "Артём"),)),
    Family("Каримов", "", (Child("9А", "Тимур", patronymic=False),), mother="Зарина"),
    Family("Журавлёв", "Константин", (Child("9А", "Софья"),)),
    Family("Васильев", "Роман", (Child("11А", "Никита", date(2008, 11, 25), own_email=True),)),
    Family("Лаптев", "Юрий", (Child("1А", "Фёдор"), Child("3Б", "Кира"))),
    Family("Зимин", "Павел", (Child("3Б", "Лев"), Child("7Б", "Арина")), with_father=True),
    Family("Седов", "Илья", (Child("5А", "Полина"), Child("11А", "Иван"))),
    Family("Уваров", "Антон", (Child("7Б", "Глеб", own_email=False),), mailbox=""),
    Family("Крылов", "Игорь", (Child("7Б", "Ульяна", own_email=False),), mailbox=""),
    Family("Носков", "Никита", (Child("3Б", "Захар"),), grandmother="Людмила Фёдоровна"),
)


def families(chance: random.Random) -> Iterator[Family]:
    """Give the families that are known by name, then as many as fill the classes."""
    yield from KNOWN
    surnames = [name for name in _SURNAMES if name not in {family.surname for family in KNOWN}]
    chance.shuffle(surnames)
    for name in CLASSES:
        seated = sum(child.class_name == name for family in KNOWN for child in family.children)
        for _ in range(SIZES[name] - seated):
            given = chance.choice(_BOYS + _GIRLS)
            yield Family(
                surnames.pop(),
                chance.choice(list(_FATHERS)),
                (Child(name, given),),
                with_father=chance.random() < 1 / 5,
            )


def is_girl(given: str) -> bool:
    """Tell the gender by the first name, for the surname and the patronymic."""
    return given in {*_GIRLS, *_MOTHERS, "Анна", "Мария"}


def surname_of(family: Family, *, female: bool) -> str:
    """Give the surname as this member of the family bears it."""
    if not female:
        return family.surname
    if family.surname.endswith("ский"):
        return family.surname.removesuffix("ий") + "ая"
    return family.surname + ("а" if family.surname.endswith(("ов", "ев", "ёв", "ин")) else "")


def patronymic(father: str, *, female: bool) -> str:
    """Give the patronymic after a father's name."""
    his = _FATHERS[father]
    if not female:
        return his
    return _DAUGHTERS.get(father, his.removesuffix("ич") + "на")


def stand_for_mother(chance: random.Random) -> str:
    """Invent a mother's first name and patronymic."""
    return f"{chance.choice(_MOTHERS)} {patronymic(chance.choice(list(_FATHERS)), female=True)}"


def birthday(class_name: str, chance: random.Random) -> date:
    """Invent a birth date: nobody but the one known by name turns 18 during the year."""
    year = 2020 - int(class_name[:-1])
    return date(year, 2, 1) + timedelta(days=chance.randrange(300))


def latin(name: str) -> str:
    """Write a name for an address or a link."""
    return (
        "".join(_LATIN.get(letter, letter) for letter in name.lower())
        .replace(" ", "-")
        .replace("~", "")
    )


@dataclass(slots=True)
class People:
    """The rows of students (by class) and of parents, filled family by family."""

    chance: random.Random
    students: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    parents: list[Row] = field(default_factory=list)
    _addresses: set[str] = field(default_factory=set)
    _next_parent: int = 1
    _next_phone: int = 1

    def settle(self, family: Family) -> None:
        """Enter a family: the children into their classes, each parent with a row a child."""
        children = [self._enrol(family, child) for child in family.children]
        for name, relation, legal in self._parents(family):
            row_id, email = TEACHER_PARENT, ""
            if name not in {known for _, known, _, _ in TEACHERS}:
                row_id = f"P{self._next_parent:03}"
                email = self._address(name) if family.mailbox is None else family.mailbox
                self._next_parent += 1
            phone = f"8 (900) 000-{self._next_phone // 100:02}-{self._next_phone % 100:02}"
            self._next_phone += 1
            for child in children:
                self.parents.append((row_id, name, email, phone, child, relation, legal))

    def _enrol(self, family: Family, child: Child) -> str:
        rows = self.students[child.class_name]
        row_id = f"S{child.class_name[:-1]}{len(rows) + 1:02}"
        girl = is_girl(child.given)
        surname = surname_of(family, female=girl)
        his_or_hers = patronymic(family.father, female=girl) if family.father else ""
        birth = child.birth or birthday(child.class_name, self.chance)
        own_email = child.own_email
        if own_email is None:
            own_email = (
                int(child.class_name[:-1]) >= _MIDDLE_SCHOOL and self.chance.random() < _MOST
            )
        email = self._address(f"{surname} {child.given}") if own_email else ""
        rows.append(
            (
                row_id,
                surname,
                child.given,
                his_or_hers if child.patronymic else "",
                child.class_name,
                f"{birth:%d.%m.%Y}",
                email,
                child.mode,
            )
        )
        return row_id

    def _parents(self, family: Family) -> Iterator[tuple[str, str, str]]:
        her, his = surname_of(family, female=True), surname_of(family, female=False)
        if family.surname == "Журавлёв":
            yield "Журавлёв Константин Андреевич", "отец", "да"
            return
        yield f"{her} {family.mother or stand_for_mother(self.chance)}", "мать", "да"
        if family.with_father:
            fathers_name = patronymic(self.chance.choice(list(_FATHERS)), female=False)
            yield f"{his} {family.father} {fathers_name}", "отец", "да"
        if family.grandmother:
            yield f"{her} {family.grandmother}", "бабушка", "нет"

    def _address(self, name: str) -> str:
        surname, given = latin(name).split("-")[:2]
        host = "pochta.example" if len(self._addresses) % 3 else "semya.example"
        taken = [f"{given}.{surname}{number}@{host}" for number in ("", *range(2, 9))]
        address = next(address for address in taken if address not in self._addresses)
        self._addresses.add(address)
        return address
