"""Speaks the reader's language: Fluent messages, in the reader's form of address and time zone."""

from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk, Message, Resource

import locales

LANGUAGES = ("ru", "en")
MOSCOW = ZoneInfo("Europe/Moscow")
MOST_PLACED = 1000
"""Fluent refuses a parameter of 2,500 characters; a longer one than this is put in afterwards."""
PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"
OFFERED = ("day", "tasks", "answers", "help")
FOLDER = Path(locales.__file__).parent
OF_PAGE = "page.ftl"
"""The words of the demonstration's page: whoever does not show it need not wait for them."""


class Texts:
    """Texts for one reader. Calling it with a message's key gives the text.

    Every message gets `$form`, which is "ty" or "vy"; `zone` is the school's; `of_page` adds the
    words of the demonstration's page. An unknown key or a missing parameter raises KeyError: a
    half-made sentence never reaches a person.
    """

    def __init__(
        self,
        language: str = "ru",
        *,
        informal: bool = False,
        zone: ZoneInfo = MOSCOW,
        of_page: bool = False,
    ) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.form = "ty" if informal else "vy"
        self.zone = zone
        self._bundle = bundle(self.language, of_page=of_page)

    def __call__(self, key: str, **params: str | float) -> str:
        """Return the text of a message."""
        if not params:
            return _unfilled(self._bundle, self.form, key)
        held = {
            name: text
            for name, text in params.items()
            if isinstance(text, str) and len(text) > MOST_PLACED
        }
        short = {**params, **{name: PLACE + name + PLACE for name in held}}
        whole = _said(self._bundle, key, {"form": self.form, **short})
        for name, text in held.items():
            whole = whole.replace(PLACE + name + PLACE, text)
        return whole

    def day(self, day: date) -> str:
        """«понедельник, 23 ноября»."""
        pattern = "EEEE, d MMMM" if self.language == "ru" else "EEEE, MMMM d"
        return format_date(day, pattern, locale=self.language)

    def day_in(self, day: date) -> str:
        """«во вторник, 24 ноября»: a day as an answer to “when?”."""
        return self("on-day", weekday=day.isoweekday(), date=self.short_day(day))

    def short_day(self, day: date) -> str:
        """«24 ноября»."""
        return format_date(day, "d MMMM" if self.language == "ru" else "MMMM d", self.language)

    def clock(self, moment: datetime | time) -> str:
        """«8:30», in the school's zone."""
        local = moment.astimezone(self.zone) if isinstance(moment, datetime) else moment
        return f"{local.hour}:{local.minute:02}"

    def stamp(self, moment: datetime) -> str:
        """«23.11.2026, 14:12 (мск)»: an instant nobody can mistake."""
        local = moment.astimezone(self.zone)
        offset = f"{local:%z}"
        far = f"UTC{offset[:3]}:{offset[3:]}"
        zone = self("zone-moscow") if self.zone.key == MOSCOW.key else far
        return f"{local:%d.%m.%Y}, {local:%H:%M} ({zone})"

    def when(self, moment: datetime, now: datetime) -> str:
        """«сегодня, 18:00», «завтра, 15:00» or «пятница, 27 ноября, 15:00»."""
        local, today = moment.astimezone(self.zone), now.astimezone(self.zone).date()
        distance = (local.date() - today).days
        named = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(distance)
        day = self(named) if named else self.day(local.date())
        return f"{day}, {self.clock(moment)}"


@cache
def _unfilled(words: FluentBundle, form: str, key: str) -> str:
    """Say what stands for itself: a menu's labels are said with every answer."""
    return _said(words, key, {"form": form})


def _said(words: FluentBundle, key: str, params: dict[str, str | float]) -> str:
    value = words.get_message(key).value if words.has_message(key) else None
    if value is None:
        raise KeyError(f"no message {key!r} in {words.locales[0]!r}")
    said, errors = words.format_pattern(value, params)
    if errors:
        raise KeyError(f"message {key!r} in {words.locales[0]!r}: {errors}")
    return str(said)


@cache
def bundle(language: str, *, of_page: bool = False) -> FluentBundle:
    """Load all messages of a language; two messages of one name are a mistake."""
    made = FluentBundle([language], use_isolating=False)
    read = resources(language) | (page_resource(language) if of_page else {})
    for file_name, resource in read.items():
        if any(isinstance(entry, Junk) for entry in resource.body):
            raise ValueError(f"{file_name} has lines that are no messages")
        clashes = [name for name in names_in(resource) if made.has_message(name)]
        if clashes:
            raise ValueError(f"{file_name}: {clashes} are already said elsewhere")
        made.add_resource(resource)
    return made


@cache
def resources(language: str) -> dict[str, Resource]:
    """Read the Fluent files of a language, once: half a second of every start goes into this."""
    return {
        path.name: _read(path)
        for path in sorted((FOLDER / language).glob("*.ftl"))
        if path.name != OF_PAGE
    }


@cache
def page_resource(language: str) -> dict[str, Resource]:
    """Read the words of the demonstration's page."""
    return {OF_PAGE: _read(FOLDER / language / OF_PAGE)}


def _read(path: Path) -> Resource:
    return FluentResource(path.read_text(encoding="utf-8"))


def names_in(resource: Resource) -> list[str]:
    """Return the keys of the messages of a Fluent file."""
    return [entry.id.name for entry in resource.body if isinstance(entry, Message)]


@cache
def commands() -> dict[str, str]:
    """Return what people type or press in a menu → the name of the command, in every language."""
    table = {}
    for language in LANGUAGES:
        for resource in resources(language).values():
            for name in names_in(resource):
                if name.startswith("menu-"):
                    command = name.removeprefix("menu-")
                    table[spoken(Texts(language)(name))] = command
                    table[f"/{command.replace('-', '_')}"] = command
    return table


def commands_for_menu(t: Texts) -> dict[str, str]:
    """Return the slash commands a messenger may offer in its own menu, with what each shows."""
    return {name: t(f"menu-{name}") for name in OFFERED}


def spoken(text: str) -> str:
    """Fold what a person typed: case, spaces, ё."""
    return " ".join(text.casefold().replace("ё", "е").split())
