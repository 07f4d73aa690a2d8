"""Input at its ends (ASVS 2.2.1): dates no calendar has and numbers no database takes.

Where a text becomes a date, a number or a code, both ends are read or refused: a reader lets
nothing else out, and no handler fails. (A typed deadline: `tests/handlers/test_deadline.py`.)
"""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from bot.messengers import telegram_events, vk_events
from handlers import dispatch, objects, task_card
from school.refusals import NotYours
from school.roster.cells import parse_clock, parse_day, parse_parallels
from school.rules import codes
from school.rules.names import parse_class
from school.rules.quiet import QuietHours
from tests.chat import House
from tests.handlers.crowd import event_of
from tests.handlers.planted import NOW, Planted
from tests.handlers.wishes import Wishes
from tests.security.extremes import EXTREMES
from tests.security.forger import shoot

INSTANTS = (0, -1, 2**31, 2**63, 10**30, -(10**30), 253_402_300_799, -62_135_596_801)
"""Seconds since 1970, up to the ends of Python's calendar and beyond."""
WILD = ("2147483648", "1" + "0" * 30, "9" * 4301, "٣٤", "²³", "0001-01-01", "9999-12-31")


@pytest.mark.parametrize(
    "read", [parse_day, parse_clock, parse_parallels, parse_class, QuietHours.parse]
)
def test_a_cell_is_read_or_refused(read: Callable[[str], object]) -> None:
    for text in (*EXTREMES, *(f"{one}-{one}" for one in EXTREMES)):
        try:
            found = read(text)
        except ValueError:
            continue
        assert isinstance(found, date | time | tuple | QuietHours), text


@pytest.mark.parametrize("read", [objects.whole_number, objects.a_date, task_card.minute])
def test_an_argument_of_a_button_is_read_or_nobodys(
    read: Callable[[list[str], int], int | date],
) -> None:
    for text in EXTREMES:
        try:
            found = read([text], 0)
        except NotYours:
            continue
        assert isinstance(found, date) or 0 <= found < 2**31, text


def test_a_code_is_looked_for_in_anything() -> None:
    for text in EXTREMES:
        assert not (codes.looks_like_code(text) and codes.resembles_code(text)), text
        assert len(codes.fingerprint(text, b"pepper")) == 64


@pytest.mark.parametrize("seconds", INSTANTS)
def test_an_event_at_the_ends_of_time_is_understood_or_told_as_such(seconds: int) -> None:
    person = {"id": 5, "type": "private"}
    message = {"message_id": 1, "chat": person, "from": person, "date": seconds, "text": "x"}
    of_vk = {"from_id": 5, "peer_id": 5, "date": seconds, "text": "x"}
    for update in (
        telegram_events.understand({"update_id": 1, "message": message}, NOW),
        vk_events.understand({"type": "message_new", "object": {"message": of_vk}}, NOW),
    ):
        sent_at = update.event.sent_at if update.event else None
        assert isinstance(sent_at, datetime) != bool(update.error)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", ["group teacher", "student", "mother", "deputy head"])
async def test_no_button_fails_over_the_end_of_a_number_or_of_a_date(
    crowded: House, school: Planted, wishes: Wishes, name: str
) -> None:
    """In the place of each argument that would be true."""
    asks = [ask for action in dispatch.ACTIONS for ask in wishes.of(action) if name in ask.by]
    split = [ask.payload.split(":") for ask in asks]
    events = [
        event_of(school.actors[name], action=":".join([*parts[:at], wild, *parts[at + 1 :]]))
        for parts in split
        for at in range(1, len(parts))
        for wild in WILD
    ]
    assert len(events) > 50
    assert not await shoot(crowded, events, set())
