from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.texts import Texts

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "stamp"),
    [
        ("Europe/Moscow", "23.11.2026, 15:00 (мск)"),
        ("Asia/Vladivostok", "23.11.2026, 22:00 (UTC+10:00)"),
        ("Europe/Kaliningrad", "23.11.2026, 14:00 (UTC+02:00)"),
    ],
)
def test_a_stamp_names_its_zone(zone: str, stamp: str) -> None:
    assert Texts(zone=ZoneInfo(zone)).stamp(NOON) == stamp


def test_a_long_parameter_is_said_whole() -> None:
    comment = "Ж" * 5000
    assert comment in Texts()("early-answer", text=comment)
