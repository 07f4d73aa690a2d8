"""The school's settings: a key and a value in each row, every key with a default."""

import re
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from school.roster.cells import parse_clock, parse_parallels, rows_of
from school.roster.columns import normal_name
from school.roster.problems import Findings
from school.roster.rows import SchoolRow
from school.roster.sheets import Sheet
from school.rules.calendar import SchoolCalendar
from school.rules.names import fold
from school.rules.quiet import QuietHours

Change = Callable[[SchoolRow, str], SchoolRow]

_LANGUAGES = {"ru", "en"}
_BETWEEN_TIMES = re.compile(r"[;,\s]+")
_ADDRESS = re.compile(r"(ты|вы)(?:\s+(.+))?")


def read_school(sheet: Sheet | None, findings: Findings) -> SchoolRow:
    """Read the settings; what is not said keeps its default, a bad value is a problem."""
    school = SchoolRow()
    seen: dict[str, int] = {}
    for row in rows_of(sheet, findings):
        key, value = normal_name(row.text("ключ")), row.text("значение")
        first = seen.setdefault(key, row.number)
        if key not in _KEYS:
            row.note("ключ", "roster-unknown-key", value=row.text("ключ"))
        elif first != row.number:
            row.refuse("ключ", "roster-duplicate-key", value=row.text("ключ"), first=first)
        elif value:
            change, reason = _KEYS[key]
            try:
                school = change(school, value)
            except ValueError:
                row.refuse("значение", reason, value=value)
    return school


def _zone(school: SchoolRow, value: str) -> SchoolRow:
    try:
        return replace(school, time_zone=ZoneInfo(value).key)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(value) from error


def _country(school: SchoolRow, value: str) -> SchoolRow:
    return replace(school, country=SchoolCalendar(country=value.upper()).country)


def _nudges(school: SchoolRow, value: str) -> SchoolRow:
    times = {parse_clock(part) for part in _BETWEEN_TIMES.split(value) if part}
    return replace(school, review_nudges=tuple(sorted(times)))


def _quiet(school: SchoolRow, value: str) -> SchoolRow:
    quiet = QuietHours.parse(value)
    return replace(school, quiet_from=quiet.starts, quiet_until=quiet.ends)


def _platform(school: SchoolRow, value: str) -> SchoolRow:
    if not value.startswith(("https://", "http://")) or " " in value:
        raise ValueError(value)
    return replace(school, platform_url=value)


def _address(school: SchoolRow, value: str) -> SchoolRow:
    """Read «ты 5-9», or «вы» for everybody: the regulation of forms of address is the school's."""
    match = _ADDRESS.fullmatch(fold(value))
    if match is None or (match[1] == "вы" and match[2]):
        raise ValueError(value)
    if match[1] == "вы":
        return replace(school, informal_parallels=())
    return replace(school, informal_parallels=parse_parallels(match[2] or "1-11"))


def _language(school: SchoolRow, value: str) -> SchoolRow:
    if fold(value) not in _LANGUAGES:
        raise ValueError(value)
    return replace(school, language=fold(value))


_KEYS: dict[str, tuple[Change, str]] = {
    "название": (lambda school, value: replace(school, name=value), "roster-empty"),
    "часовой_пояс": (_zone, "roster-bad-zone"),
    "производственный_календарь": (_country, "roster-bad-country"),
    "утро": (lambda s, value: replace(s, morning=parse_clock(value)), "roster-bad-time"),
    "почта": (lambda s, value: replace(s, mail_check=parse_clock(value)), "roster-bad-time"),
    "проверка": (_nudges, "roster-bad-times"),
    "срок_проверки": (
        lambda s, value: replace(s, review_cutoff=parse_clock(value)),
        "roster-bad-time",
    ),
    "дайджест": (lambda s, value: replace(s, digest=parse_clock(value)), "roster-bad-time"),
    "тишина": (_quiet, "roster-bad-quiet"),
    "платформа": (_platform, "roster-bad-link"),
    "обращение": (_address, "roster-bad-address"),
    "язык": (_language, "roster-bad-language"),
}
