"""Names of people and classes: compared as people compare them, shown without declining."""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

_CLASS = re.compile(r"(1[01]|[1-9])[\s\-\u2010-\u2015\u2212]*[«\"']?\s*([А-Я]{1,3})\s*[»\"']?")
_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_YO = re.compile("е\N{COMBINING DIAERESIS}+")
_FEWEST_WORDS = 2


class ClassNameError(ValueError):
    """The text is not a class such as 5А or 11-Б."""


class PersonNameError(ValueError):
    """The text lacks a surname or a first name."""


class ClassName(NamedTuple):
    """A class: its parallel 1–11 and its Cyrillic letter (or up to three, as in 10ФМ)."""

    parallel: int
    letter: str

    def __str__(self) -> str:
        return f"{self.parallel}{self.letter}"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as the roster spells it; a patronymic may be missing (empty)."""

    last: str
    first: str
    patronymic: str = ""

    @property
    def full(self) -> str:
        """Фамилия Имя Отчество."""
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part)

    @property
    def listed(self) -> str:
        """Фамилия Имя, as a list of a class has it."""
        return f"{self.last} {self.first}"

    def greeting(self, *, adult: bool) -> str:
        """How a message opens: имя for a student; имя отчество for an adult who has one."""
        if adult and self.patronymic:
            return f"{self.first} {self.patronymic}"
        return self.first


def fold(name: str) -> str:
    """Give the form in which names are compared: case, ё, spaces and dashes do not matter."""
    apart = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name).casefold()
        if unicodedata.category(letter) != "Cf"
    )
    folded = unicodedata.normalize("NFC", _YO.sub("е", apart))
    return " ".join(_DASHES.sub("-", folded).split())


def parse_person(text: str) -> PersonName:
    """Split «Фамилия Имя Отчество»; all after the first name is the patronymic (Гасан оглы).

    Fewer than two words raise PersonNameError.
    """
    words = unicodedata.normalize("NFKC", text).split()
    if len(words) < _FEWEST_WORDS:
        raise PersonNameError(text)
    return PersonName(words[0], words[1], " ".join(words[2:]))


def parse_class(text: str) -> ClassName:
    """Read «5А», "5A" in Latin letters, «5 а», «5-А», «5 «А»»; else ClassNameError."""
    shown = unicodedata.normalize("NFKC", text).strip().upper().translate(_TO_CYRILLIC)
    match = _CLASS.fullmatch(shown.replace("Ё", "Е"))
    if match is None:
        raise ClassNameError(text)
    return ClassName(int(match[1]), match[2])
