"""The year of a roster: terms and holidays, study modes by order, and the thematic plan."""

import re
from collections.abc import Collection

from school.roster.cells import PARALLELS, Row, rows_of
from school.roster.directory import Directory
from school.roster.people import MODES
from school.roster.rows import ModeRow, PeriodRow, PersonKey, TopicRow
from school.roster.sheets import Sheet
from school.rules.calendar import PeriodKind
from school.rules.names import ClassName

_KINDS = {
    "четверть": PeriodKind.TERM,
    "каникулы": PeriodKind.HOLIDAYS,
    "праздник": PeriodKind.DAY_OFF,
    "рабочий": PeriodKind.WORKING,
    "карантин": PeriodKind.QUARANTINE,
}
_MOST_TOPICS = 1_000
_CLASS_LIKE = re.compile(r"\d{1,2}\s*\W*[^\W\d]{1,3}\W*$")


def read_calendar(sheet: Sheet | None, known: Directory) -> tuple[PeriodRow, ...]:
    """Read the plan of the year."""
    periods: list[PeriodRow] = []
    for row in rows_of(sheet, known.findings):
        kind = row.choice("вид", _KINDS, None)
        starts_on, ends_on = row.day("дата_с"), row.day("дата_по")
        ordered = row.in_order(starts_on, ends_on, "дата_по")
        parallels = row.parallels("параллели")
        if kind is None or starts_on is None or ends_on is None or not ordered:
            continue
        period = PeriodRow(
            kind, row.text("название"), starts_on, ends_on, parallels, row.text("примечание")
        )
        for other in periods:
            if kind is other.kind is PeriodKind.TERM and _overlap(period, other):
                row.refuse("дата_с", "roster-terms-overlap", value=other.name)
        periods.append(period)
    return tuple(periods)


def read_modes(
    sheet: Sheet | None, known: Directory, taught: Collection[str]
) -> tuple[ModeRow, ...]:
    """Read the study modes that an order gives to students and classes.

    `taught` are the subjects of the timetable: a mode for another one would never take effect.
    """
    modes: dict[tuple[object, ...], int] = {}
    read = []
    for row in rows_of(sheet, known.findings):
        mode = row.choice("режим", MODES, None)
        starts_on, ends_on = row.day("дата_с"), row.day("дата_по")
        ordered = row.in_order(starts_on, ends_on, "дата_по")
        subjects = known.subject_list(row.text("предметы"))
        for subject in subjects:
            if subject not in taught and "timetable" not in known.findings.unusable:
                row.refuse("предметы", "roster-unknown-subject", value=subject)
        student, class_key = _for_whom(row, known)
        whom = student or class_key
        if whom is None or mode is None or starts_on is None or not ordered:
            continue
        first = modes.setdefault((whom, starts_on, subjects), row.number)
        if first != row.number:
            row.refuse("кому", "roster-duplicate-mode", value=row.text("кому"), first=first)
        read.append(
            ModeRow(mode, starts_on, ends_on, student, class_key, row.text("приказ"), subjects)
        )
    return tuple(read)


def read_topics(
    sheet: Sheet | None, known: Directory, taught: Collection[str]
) -> tuple[TopicRow, ...]:
    """Read the thematic plan, a row for each topic of a class in a subject (5.11)."""
    topics: dict[tuple[ClassName, str, int], int] = {}
    strangers: set[str] = set()
    read = []
    for row in rows_of(sheet, known.findings):
        class_key = known.class_of(row)
        subject = known.subject(row.text("предмет"))
        number = row.whole("№", 1, _MOST_TOPICS)
        hours = row.whole("часы", 0, _MOST_TOPICS)
        if class_key is None or not subject or number is None:
            continue
        first = topics.setdefault((class_key, subject, number), row.number)
        if first != row.number:
            row.refuse("№", "roster-duplicate-topic", value=number, first=first)
        if subject not in taught and subject not in strangers:
            strangers.add(subject)
            row.note("предмет", "roster-unknown-subject", value=subject)
        read.append(
            TopicRow(class_key, subject, number, row.text("тема"), 1 if hours is None else hours)
        )
    return tuple(read)


def _for_whom(row: Row, known: Directory) -> tuple[PersonKey | None, ClassName | None]:
    text = row.text("кому")
    if not text:
        return None, None
    if (student := known.student_ids.find(text)) is not None:
        return student, None
    if _CLASS_LIKE.match(text):
        return None, known.class_of(row, "кому")
    return known.student_of(row, "кому"), None


def _overlap(one: PeriodRow, other: PeriodRow) -> bool:
    apart = one.ends_on < other.starts_on or other.ends_on < one.starts_on
    return not apart and bool(set(one.parallels or PARALLELS) & set(other.parallels or PARALLELS))
