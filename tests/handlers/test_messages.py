import pytest

from handlers.messages import length, parts

PARTY = "🎉"


@pytest.mark.parametrize(("text", "units"), [("", 0), ("Аня", 3), (PARTY, 2), ("\ud83d", 1)])
def test_a_text_is_as_long_as_its_utf_16(text: str, units: int) -> None:
    """So Telegram counts: most emoji are two."""
    assert length(text) == units


def test_a_long_text_of_emoji_is_cut_where_a_message_ends_and_never_in_one() -> None:
    pieces = parts(PARTY * 3900)
    assert "".join(pieces) == PARTY * 3900
    assert [length(piece) for piece in pieces] == [3998, 3802]


def test_a_text_is_cut_at_the_end_of_a_line_rather_than_of_a_word() -> None:
    lines = [f"{number} {PARTY} строка" for number in range(400)]
    pieces = parts("\n".join(lines), 1000)
    assert "\n".join(pieces).split("\n") == lines
    assert max(map(length, pieces)) <= 1000
    assert parts("раз два три", 6) == ["раз", " два", " три"]


def test_a_short_text_stays_whole() -> None:
    assert parts("") == [""]
    assert parts(PARTY, 2) == [PARTY]
