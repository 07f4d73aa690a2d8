"""Which sheets a roster has, which columns stand in them, and which are never read."""

import re
import unicodedata
from typing import NamedTuple


class Columns(NamedTuple):
    """The columns of a sheet by their normal names; the needed ones must be filled in."""

    needed: tuple[str, ...]
    known: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All columns that are read."""
        return (*self.needed, *self.known)


SHEETS: dict[str, Columns] = {
    "school": Columns(("ключ", "значение")),
    "classes": Columns(
        ("параллель", "литера"), ("учебная_неделя", "смена", "классный_руководитель")
    ),
    "students": Columns(
        ("id", "фамилия", "имя", "класс"), ("отчество", "дата_рождения", "email", "режим")
    ),
    "parents": Columns(
        ("id", "фио", "ученик_id"),
        ("email", "телефон", "степень_родства", "законный_представитель"),
    ),
    "teachers": Columns(("id", "фио"), ("email", "предметы", "роли")),
    "groups": Columns(("класс", "предмет", "группа", "учитель", "ученик_id")),
    "bells": Columns(("смена", "урок", "начало", "конец")),
    "timetable": Columns(
        ("день", "урок", "класс", "предмет", "учитель"),
        ("дата_с", "дата_по", "неделя", "группа", "формат", "ссылка"),
    ),
    "substitutions": Columns(
        ("дата", "урок", "класс"),
        ("группа", "предмет", "учитель", "вместо", "формат", "ссылка"),
    ),
    "calendar": Columns(("вид", "название", "дата_с", "дата_по"), ("параллели", "примечание")),
    "modes": Columns(("кому", "режим", "дата_с"), ("дата_по", "приказ", "предметы")),
    "ктп": Columns(("класс", "предмет", "№", "тема"), ("часы",)),
}
REQUIRED_SHEETS = ("classes", "students", "teachers", "bells", "timetable")

_SHOWN = {"фио": "ФИО", "ктп": "КТП"}
_SAME = {"e_mail": "email", "номер": "№"}
_FORBIDDEN = ("паспорт", "снилс", "диагноз", "passport", "snils", "diagnos")
_BETWEEN_WORDS = re.compile(r"[\s_\-]+")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # what a terminal would obey
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """Give a cell's text as the person sees it: composed, without unseen signs and outer spaces."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()


def normal_name(header: str) -> str:
    """Give the name under which a sheet or a column is known, whatever its case and spaces."""
    words = _BETWEEN_WORDS.sub("_", clean(header).lower().replace("ё", "е"))
    return _SAME.get(words, words)


def shown_name(name: str) -> str:
    """Give the name as the documentation writes it."""
    return _SHOWN.get(name, name)


def is_forbidden(column: str) -> bool:
    """Say whether a school must not hand this over: passport, СНИЛС or diagnosis."""
    return any(stem in column for stem in _FORBIDDEN)
