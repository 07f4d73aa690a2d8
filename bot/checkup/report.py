"""The doctor's report: what is so, what is to be mended, and what is only worth knowing."""

from dataclasses import dataclass, field
from typing import Any

from bot.commands.terminal import say
from handlers.texts import Texts


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence, by the key of its text: monitoring knows it by that."""

    key: str
    text: str


@dataclass(slots=True)
class Report:
    """Lines by title, complaints (with even one, the exit code is 1) and notes.

    `local` speaks in the school's zone, once the school is known.
    """

    lines: list[tuple[str, str, str]] = field(default_factory=list)
    complaints: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    local: Texts = say

    def line(self, title: str, value: str) -> None:
        """Add a line; its title is the key of a text, or a name."""
        shown = say(title) if title.startswith("cli-") else title
        self.lines.append((title.removeprefix("cli-"), shown, value))

    def complain(self, key: str, **params: str | float) -> None:
        """Add what is to be mended: a sentence that says how."""
        self.complaints.append(Remark(key.removeprefix("cli-"), say(key, **params)))

    def note(self, key: str, **params: str | float) -> None:
        """Add what is worth knowing and needs no hand."""
        self.notes.append(Remark(key.removeprefix("cli-"), say(key, **params)))

    def as_json(self) -> dict[str, Any]:
        """Give the report to a program."""
        return {
            "well": not self.complaints,
            "complaints": [{"what": one.key, "text": one.text} for one in self.complaints],
            "notes": [{"what": one.key, "text": one.text} for one in self.notes],
            "facts": {name: value for name, _, value in self.lines},
        }
