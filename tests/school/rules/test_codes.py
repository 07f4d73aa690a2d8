import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.codes import (
    ALPHABET,
    FAMILY_LENGTH,
    STAFF_LENGTH,
    fingerprint,
    generate,
    grouped,
    looks_like_code,
    normalise,
    resembles_code,
)

pytestmark = pytest.mark.clause("5.4")

CODES = st.sampled_from([FAMILY_LENGTH, STAFF_LENGTH]).flatmap(
    lambda length: st.text(ALPHABET, min_size=length, max_size=length)
)
GAPS = st.sampled_from(["", " ", "-", "–", "—", "−", "\u00a0", "\u200b", " - "])
CYRILLIC = str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ")
PEPPER = b"a pepper for tests"


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set("01OIL") & set(ALPHABET)
    assert ALPHABET.isascii()
    assert ALPHABET.upper() == ALPHABET


@pytest.mark.parametrize("length", [FAMILY_LENGTH, STAFF_LENGTH])
def test_a_generated_code_looks_like_one(length: int) -> None:
    made = {generate(secrets.choice, length) for _ in range(200)}
    assert len(made) == 200
    assert all(len(code) == length and looks_like_code(code) for code in made)


def test_the_given_source_of_chance_makes_the_code() -> None:
    assert generate(lambda letters: letters[-1], FAMILY_LENGTH) == "Z" * 10


@pytest.mark.parametrize("length", [0, 9, 11, 17])
def test_other_lengths_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="characters"):
        generate(secrets.choice, length)


@pytest.mark.parametrize(
    "typed",
    ["ABCDE23456", "abcde-23456", " ABCDE 23456 ", "АВСDЕ—23456", "авсdе23456", "ABCDE2З456"],
)
def test_a_code_is_understood_as_it_is_typed(typed: str) -> None:
    assert normalise(typed) == "ABCDE23456"
    assert looks_like_code(typed)


@given(CODES, st.lists(GAPS, min_size=17, max_size=17), st.booleans(), st.booleans())
def test_typing_habits_do_not_change_a_code(
    code: str,
    gaps: list[str],
    lower: bool,  # noqa: FBT001 (hypothesis fills them)
    cyrillic: bool,  # noqa: FBT001 (hypothesis fills them)
) -> None:
    typed = code.translate(CYRILLIC) if cyrillic else code
    typed = typed.lower() if lower else typed
    spread = "".join(gap + letter for gap, letter in zip(gaps, typed, strict=False)) + gaps[-1]
    assert normalise(spread) == code
    assert fingerprint(spread, PEPPER) == fingerprint(code, PEPPER)


@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once(typed: str) -> None:
    assert normalise(normalise(typed)) == normalise(typed)


@given(CODES)
def test_grouping_is_only_for_the_eye(code: str) -> None:
    assert normalise(grouped(code)) == code
    assert set(map(len, grouped(code).split("-"))) == {5 if len(code) == FAMILY_LENGTH else 4}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Здравствуйте",
        "ABCDE2345",
        "ABCDE234567",
        "ABCDE2345O",
        "ABCDE23451",
        "/start",
        "A" * 99,
    ],
)
def test_other_messages_are_not_codes(text: str) -> None:
    assert not looks_like_code(text)


@pytest.mark.parametrize(
    "text",
    ["ABCDE2345", "ABCDE234567", "ABCDE2345O", "abcde-2345", "Код: ABCDE-23456", "ФИСВУ-23456"],
)
def test_a_mistyped_code_is_known_for_one(text: str) -> None:
    assert resembles_code(text)
    assert not looks_like_code(text)


@given(CODES, st.integers(0, 7), st.booleans())
def test_a_code_with_a_letter_less_or_more_is_known_for_one(
    code: str,
    place: int,
    more: bool,  # noqa: FBT001 (hypothesis fills them)
) -> None:
    mistyped = f"{code[:place]}O2{code[place:]}" if more else f"2{code[:place]}{code[place + 3 :]}"
    assert resembles_code(mistyped) is any(letter.isalpha() for letter in mistyped)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Здравствуйте",
        "Hello there",
        "89991234567",
        "Я Маша, 7Б",
        "A2" * 49,
        "01.09.2026",
        "Какой урок 2024 года?",
        "Это мама Пети 2012",
        "Где мой код 2025",
        "ООО-РОМАШКА",
        "упражнение256",
    ],
)
def test_other_messages_are_not_taken_for_mistyped_codes(text: str) -> None:
    assert not resembles_code(text)


def test_padding_does_not_make_a_long_message_a_code() -> None:
    assert not looks_like_code("ABCDE23456" + " " * 500)


@given(CODES, CODES)
def test_a_fingerprint_tells_codes_and_peppers_apart(one: str, other: str) -> None:
    mark = fingerprint(one, PEPPER)
    assert len(mark) == 64
    assert one not in mark.upper()
    assert (mark == fingerprint(other, PEPPER)) is (one == other)
    assert mark != fingerprint(one, b"another pepper")


def test_a_fingerprint_needs_its_pepper() -> None:
    with pytest.raises(ValueError, match="pepper"):
        fingerprint("ABCDE23456", b"")
