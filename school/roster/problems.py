"""What is wrong with a roster, place by place, for a person to mend; the words are in locales."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from school.roster.columns import shown_name

Param: TypeAlias = str | int

_QUOTED = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason at one place of a roster.

    `reason` is a Fluent message of `roster.ftl`, `params` its arguments. `row` is the number that
    the person sees in the file, 0 for the sheet as a whole; `column` "" is the row as a whole;
    `sheet` "" is the roster as a whole.
    """

    sheet: str
    row: int
    column: str
    reason: str
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The Fluent message that wraps the reason: takes `sheet`, `row`, `column`, `reason`."""
        if not self.sheet:
            return "roster-at-whole"
        if self.row:
            return "roster-at-cell" if self.column else "roster-at-row"
        return "roster-at-column" if self.column else "roster-at-sheet"


@dataclass(slots=True)
class Findings:
    """What a reading has found so far: problems refuse the roster, notices do not.

    `unusable` names the sheets whose rows could not be read at all, so that a reference to one of
    them is not reported a thousand times.
    """

    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)

    def refuse(self, sheet: str, row: int, column: str, reason: str, **params: Param) -> None:
        """Report a problem: with even one the roster is not accepted."""
        self.problems.append(Problem(sheet, row, column, reason, _short(params)))

    def note(self, sheet: str, row: int, column: str, reason: str, **params: Param) -> None:
        """Report what the person should look at; the roster is accepted all the same."""
        self.notices.append(Problem(sheet, row, column, reason, _short(params)))

    def give_up(self, name: str, reason: str) -> None:
        """Report that nothing can be read from a known sheet."""
        self.unusable.add(name)
        self.refuse(shown_name(name), 0, "", reason)


def _short(params: Mapping[str, Param]) -> dict[str, Param]:
    """Keep what is quoted of a cell readable: a whole page may stand in one."""
    return {
        name: value[:_QUOTED] + "…" if isinstance(value, str) and len(value) > _QUOTED else value
        for name, value in params.items()
    }
