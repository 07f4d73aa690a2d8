"""What loading a roster changes, sheet by sheet, in words that a school can check."""

from dataclasses import dataclass, field

from school.wide_roles import RoleChanges


@dataclass(frozen=True, slots=True)
class Change:
    """One row: what it is about, and the roster's columns in which it differs."""

    label: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetChanges:
    """The rows of one sheet that are new, differ, are no longer there, or stay as they are."""

    sheet: str
    added: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    unchanged: int = 0
    keeps_gone: bool = False
    """Whether what is gone stays in the database unless leavers are cut off (people, classes)."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a load changes. `leavers` and `returned` are people by name, with their roster ids.

    So are `not_legal`: the guardians whom the roster itself says to be no legal representatives,
    changed or not.
    """

    sheets: tuple[SheetChanges, ...]
    leavers: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    wide_roles: RoleChanges = field(default_factory=RoleChanges)
    not_legal: tuple[str, ...] = ()

    def count(self, *, leavers: bool = False) -> int:
        """Count the rows that a load writes, with or without cutting off the leavers."""
        return sum(
            len(sheet.added)
            + len(sheet.changed)
            + (len(sheet.gone) if leavers or not sheet.keeps_gone else 0)
            for sheet in self.sheets
        )

    def sheet(self, name: str) -> SheetChanges:
        """Give the changes of one sheet; an unknown name raises KeyError."""
        for sheet in self.sheets:
            if sheet.sheet == name:
                return sheet
        raise KeyError(name)
