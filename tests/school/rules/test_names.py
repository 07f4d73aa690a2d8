import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.names import (
    ClassNameError,
    PersonName,
    PersonNameError,
    fold,
    parse_class,
    parse_person,
)

LETTERS = st.sampled_from("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ")
WORDS = st.text("абвгдежзиклмнопрстуфхцчшщэюя", min_size=1, max_size=8).map(str.capitalize)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Пётр Королёв", "петр  королев"),
        ("Мамин-Сибиряк", "Мамин – Сибиряк"),
        (" АННА\u00a0Ёлкина ", "Анна Елкина"),
        ("Мария\u200b", "мария"),
        ("Е\u0308лкина", "Елкина"),
    ],
)
def test_names_compare_as_people_compare_them(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Анна", "Инна"), ("Анна Белова", "АннаБелова")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(st.characters(codec="cp1251") | st.sampled_from("\u200b\u0308–−ﬁ"), max_size=30))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.lists(WORDS, min_size=2, max_size=4))
def test_case_and_spaces_do_not_matter(words: list[str]) -> None:
    assert fold("  ".join(words).upper()) == fold(" ".join(words))


@pytest.mark.parametrize(
    ("text", "parallel", "letter"),
    [
        ("5A", 5, "А"),  # in Latin
        ("5А", 5, "А"),
        ("5 а", 5, "А"),
        ("5-А", 5, "А"),
        ("5 – b", 5, "В"),
        ("11«Б»", 11, "Б"),
        ('10 "В"', 10, "В"),
        (" 1г ", 1, "Г"),
        ("10фм", 10, "ФМ"),
    ],
)
def test_a_class_is_read_however_it_is_written(text: str, parallel: int, letter: str) -> None:
    assert parse_class(text) == (parallel, letter)


@pytest.mark.parametrize("text", ["", "5", "А", "0А", "12А", "5D", "5АБВГ", "А5", "5А 6Б", "05А"])
def test_what_is_no_class_is_refused(text: str) -> None:
    with pytest.raises(ClassNameError):
        parse_class(text)


@given(st.integers(1, 11), LETTERS, st.sampled_from(["", " ", "-", " - "]))
def test_a_class_survives_writing_and_reading(parallel: int, letter: str, gap: str) -> None:
    found = parse_class(f"{parallel}{gap}{letter.lower()}")
    assert found == (parallel, letter)
    assert parse_class(str(found)) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Иванова Мария Петровна", PersonName("Иванова", "Мария", "Петровна")),
        ("Ли  Анна", PersonName("Ли", "Анна")),
        ("Мамедов Али Гасан оглы", PersonName("Мамедов", "Али", "Гасан оглы")),
    ],
)
def test_a_full_name_is_split(text: str, name: PersonName) -> None:
    assert parse_person(text) == name


@pytest.mark.parametrize("text", ["", "  ", "Иванова"])
def test_one_word_is_no_full_name(text: str) -> None:
    with pytest.raises(PersonNameError):
        parse_person(text)


@given(WORDS, WORDS, WORDS | st.just(""))
def test_a_name_survives_writing_and_reading(last: str, first: str, patronymic: str) -> None:
    name = PersonName(last, first, patronymic)
    assert parse_person(name.full) == name
    assert name.full.startswith(name.listed)


@given(WORDS, WORDS, WORDS | st.just(""), st.booleans())
def test_a_greeting_uses_the_very_words_of_the_roster(
    last: str,
    first: str,
    patronymic: str,
    adult: bool,  # noqa: FBT001 (hypothesis fills it)
) -> None:
    greeting = PersonName(last, first, patronymic).greeting(adult=adult)
    assert greeting == (f"{first} {patronymic}" if adult and patronymic else first)


def test_how_people_are_shown() -> None:
    teacher = PersonName("Соколова", "Ирина", "Петровна")
    assert teacher.listed == "Соколова Ирина"
    assert teacher.greeting(adult=True) == "Ирина Петровна"
    assert teacher.greeting(adult=False) == "Ирина"
    assert PersonName("Ли", "Анна").greeting(adult=True) == "Анна"
