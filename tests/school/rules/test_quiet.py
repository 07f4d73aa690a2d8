from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.quiet import LessonSlot, QuietHours, after_lessons, undisturbed

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")  # a zone with summer time
NIGHT = QuietHours.parse("21:00–07:00")
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants naive bounds)
QUIETS = st.builds(QuietHours, st.times(), st.times())
ZONES = st.sampled_from([MOSCOW, BERLIN, ZoneInfo("Asia/Vladivostok"), ZoneInfo("UTC")])
SLOTS = st.lists(
    st.builds(
        lambda start, minutes: LessonSlot(start, start + timedelta(minutes=minutes)),
        INSTANTS,
        st.integers(1, 600),
    ),
    max_size=4,
)


def moscow(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("local", "quiet"),
    [
        (time(20, 59, 59), False),
        (time(21), True),
        (time(0), True),
        (time(6, 59, 59), True),
        (time(7), False),
    ],
)
def test_the_night_is_quiet_from_its_first_minute(local: time, *, quiet: bool) -> None:
    assert NIGHT.covers(local) is quiet


@pytest.mark.parametrize("text", ["21:00–07:00", "21:00-7:00", " 21:00 — 07:00 ", "21:00−07:00"])
def test_any_dash_is_read(text: str) -> None:
    assert QuietHours.parse(text) == QuietHours(time(21), time(7))


@pytest.mark.parametrize("text", ["", "21:00", "21–7", "25:00–07:00", "21:00–07:60", "ночь"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        QuietHours.parse(text)


@given(st.times(), st.times())
def test_quiet_hours_and_the_rest_of_the_day_complete_each_other(starts: time, at: time) -> None:
    ends = time(12)
    if starts == ends:
        assert not QuietHours(starts, ends).covers(at)
    else:
        assert QuietHours(starts, ends).covers(at) is not QuietHours(ends, starts).covers(at)


@pytest.mark.parametrize(
    ("asked", "given_back"),
    [
        (moscow(22), moscow(7, day=24)),
        (moscow(3), moscow(7)),
        (moscow(12), moscow(12)),
        (moscow(7), moscow(7)),
    ],
)
def test_the_night_ends_in_the_morning(asked: datetime, given_back: datetime) -> None:
    assert NIGHT.ends_after(asked, MOSCOW) == given_back


@given(INSTANTS, QUIETS, ZONES)
def test_after_quiet_hours_it_is_not_quiet(
    instant: datetime, quiet: QuietHours, zone: ZoneInfo
) -> None:
    end = quiet.ends_after(instant, zone)
    assert end >= instant
    assert end.tzinfo is UTC
    assert not quiet.covers(end.astimezone(zone).time())
    if not quiet.covers(instant.astimezone(zone).time()):
        assert end == instant


def test_the_repeated_hour_of_autumn_does_not_turn_time_back() -> None:
    second_time = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)
    end = QuietHours(time(22), time(2, 30)).ends_after(second_time, BERLIN)
    assert end == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


LESSONS = (
    LessonSlot(moscow(8, 30), moscow(9)),
    LessonSlot(moscow(9, 15), moscow(9, 45)),
    LessonSlot(moscow(9, 30), moscow(10)),  # a subgroup's lesson that overlaps
)


@pytest.mark.parametrize(
    ("asked", "given_back"),
    [
        (moscow(8), moscow(8)),
        (moscow(8, 30), moscow(9)),
        (moscow(9), moscow(9)),
        (moscow(9, 20), moscow(10)),
    ],
)
def test_a_lesson_is_waited_out(asked: datetime, given_back: datetime) -> None:
    assert after_lessons(asked, LESSONS) == given_back
    assert after_lessons(asked, LESSONS[::-1]) == given_back


@given(INSTANTS, SLOTS)
def test_after_lessons_lies_in_none_and_is_the_earliest(
    instant: datetime, slots: list[LessonSlot]
) -> None:
    free = after_lessons(instant, slots)
    assert free >= instant
    assert not any(slot.starts_at <= free < slot.ends_at for slot in slots)
    assert free in {instant, *(slot.ends_at for slot in slots)}
    assert after_lessons(free, slots) == free


@given(INSTANTS, ZONES, SLOTS)
def test_undisturbed_is_neither_night_nor_lesson(
    instant: datetime, zone: ZoneInfo, slots: list[LessonSlot]
) -> None:
    free = undisturbed(instant, zone, NIGHT, slots)
    assert free >= instant
    assert not NIGHT.covers(free.astimezone(zone).time())
    assert not any(slot.starts_at <= free < slot.ends_at for slot in slots)


def test_a_naive_instant_is_refused() -> None:
    naive = moscow(12).replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        NIGHT.ends_after(naive, MOSCOW)
    with pytest.raises(ValueError, match="zone"):
        after_lessons(naive, ())
