"""Every reason that the code can give is worded in both languages, and none is left over."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

from school import roster
from school.roster.problems import Problem
from tests.school.roster.mini import LOCALES, said

_CODE = Path(roster.__path__[0])
_SPOKEN_BY_THE_LOADER = {"roster-refused", "roster-notices"}


def worded(language: str) -> set[str]:
    source = (LOCALES / language / "roster.ftl").read_text(encoding="utf-8")
    entries = FluentParser().parse(source).body
    return {entry.id.name for entry in entries if isinstance(entry, Message)}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_reasons_and_words_match(language: str) -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in _CODE.glob("*.py"))
    given = set(re.findall(r'"(roster-[a-z-]+)"', code))
    assert worded(language) - _SPOKEN_BY_THE_LOADER == given


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (
            Problem("bells", 1200, "урок", "roster-empty"),
            "Лист «bells», строка 1200, столбец «урок»: ",
        ),
        (Problem("bells", 2, "", "roster-empty"), "Лист «bells», строка 2: "),
        (Problem("bells", 0, "урок", "roster-empty"), "Лист «bells», столбец «урок»: "),
        (Problem("bells", 0, "", "roster-empty"), "Лист «bells»: "),
        (Problem("", 0, "", "roster-empty"), ""),
    ],
)
def test_a_place_is_named_as_closely_as_it_is_known(problem: Problem, sentence: str) -> None:
    assert said([problem]) == [f"{sentence}пусто, а должно быть заполнено"]
