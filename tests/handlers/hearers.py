"""Who may hear what: every new notice and letter beside the people whom its object concerns.

Read from the rows alone, apart from the rules of the house, so that a mistake there is not made
here again.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.handlers.crowd import Rows, as_named, named

YOUNG = 4
"""Up to this grade the guardians hear for the child."""


@dataclass(frozen=True)
class Concern:
    """Whom a notice is about, and who may hear it."""

    about: frozenset[int]
    hearers: frozenset[int]


def misdirected(before: Rows, after: Rows, circle: Collection[int] | None = None) -> list[str]:
    """Return every new notice and letter that goes to somebody whom it does not concern.

    With a `circle`, also those about somebody outside of it: whose matters the doer may not touch.
    """
    register = Register(after)
    planned = {row["id"]: row for row in named("outbox", after)}
    wrong = []
    for row in (as_named("outbox", one) for one in after["outbox"] - before["outbox"]):
        concern = register.concern(row)
        if row["person_id"] not in concern.hearers or not register.is_reached_at(row):
            wrong.append(f"{row['kind']} about {row['object']} goes astray: {row}")
        if circle is not None and not concern.about <= set(circle):
            wrong.append(f"{row['kind']} about {row['object']} is none of the doer's: {row}")
    for letter in (as_named("letters", one) for one in after["letters"] - before["letters"]):
        concern = register.concern(planned[letter["outbox_id"]])
        if letter["student_id"] not in concern.about:
            wrong.append(f"a letter is noted for another: {letter}")
    return wrong


class Register:
    """What the rows say of people: classes, guardians, addressees of tasks, addresses."""

    def __init__(self, rows: Rows) -> None:
        self._by_id = {
            table: {row["id"]: row for row in named(table, rows)}
            for table in ("activation_codes", "classes", "persons", "reviews", "tasks", "works")
        }
        here = {number for number, one in self._by_id["persons"].items() if one["left_on"] is None}
        self._class_of = {row["person_id"]: row["class_id"] for row in named("students", rows)}
        self._guardians: defaultdict[int, set[int]] = defaultdict(set)
        for row in named("guardianships", rows):
            if row["guardian_id"] in here:
                self._guardians[row["student_id"]].add(row["guardian_id"])
        self._members: defaultdict[int, set[int]] = defaultdict(set)
        for row in named("group_members", rows):
            self._members[row["group_id"]].add(row["student_id"])
        self._heads: defaultdict[int, set[int]] = defaultdict(set)
        for row in named("roles", rows):
            if row["role"] == "deputy_head" and row["person_id"] in here:
                school_id = self._by_id["persons"][row["person_id"]]["school_id"]
                self._heads[school_id].add(row["person_id"])
        self._chats = {
            (row["messenger"], row["chat_ref"], row["person_id"])
            for row in named("accounts", rows)
            if row["unbound_at"] is None
        }

    def concern(self, row: dict[str, Any]) -> Concern:  # noqa: PLR0911 (a line for each kind)
        """Say whom a notice is about and who may hear it: nobody, where its kind is not known."""
        numbers = [int(one) for one in row["object"].split(":")[1:] if one.isdecimal()]
        match row["kind"], numbers:
            case "answer", [review]:
                work = self._by_id["reviews"][review]["work_id"]
                return self._of_student(self._by_id["works"][work]["student_id"])
            case ("task-set", [task, student]) | ("task-moved", [task, _, student]):
                concern = self._of_student(student)
                return concern if concern.about <= self._addressees(task) else _NOBODY
            case "deadlines", [student]:
                return self._of_student(student)
            case "task-letter", [task, _]:
                about = frozenset(json.loads(row["payload"])["students"])
                return Concern(about, about if about <= self._addressees(task) else frozenset())
            case "registration-trouble", [person]:
                return Concern(frozenset({person}), self._helpers(person))
            case "code-reused", [code]:
                whose = self._by_id["activation_codes"][code]["person_id"]
                return Concern(frozenset({whose}), self._class_teachers(whose))
            case _:
                return _NOBODY

    def is_reached_at(self, row: dict[str, Any]) -> bool:
        """Say whether a message goes to a chat of its person, or to a mailbox of the family."""
        if row["lane"] == "":
            return True
        if row["lane"] != "mail":
            return (row["lane"], row["address"], row["person_id"]) in self._chats
        about = self.concern(row).about
        family = {one for student in about for one in (student, *self._guardians[student])}
        boxes = {self._by_id["persons"][one]["email"].strip().casefold() for one in family}
        return row["address"].strip().casefold() in boxes - {""}

    def _of_student(self, student: int) -> Concern:
        is_young = self._by_id["classes"][self._class_of[student]]["parallel"] <= YOUNG
        guardians = self._guardians[student] if is_young else set()
        return Concern(frozenset({student}), frozenset(guardians or {student}))

    def _addressees(self, task_id: int) -> frozenset[int]:
        task = self._by_id["tasks"][task_id]
        in_class = {one for one, of_class in self._class_of.items() if of_class == task["class_id"]}
        in_group = self._members[task["group_id"]] if task["group_id"] else in_class
        return frozenset(in_class & in_group)

    def _helpers(self, person: int) -> frozenset[int]:
        heads = self._heads[self._by_id["persons"][person]["school_id"]]
        own = self._class_teachers(person) if person in self._class_of else frozenset()
        return frozenset(heads) | own

    def _class_teachers(self, person: int) -> frozenset[int]:
        """Return the class teachers of a student, or of a guardian's children."""
        children = {one for one, found in self._guardians.items() if person in found}
        students = {person} & self._class_of.keys() or children
        found = {
            self._by_id["classes"][self._class_of[one]]["class_teacher_id"] for one in students
        }
        return frozenset(found - {None})


_NOBODY = Concern(frozenset(), frozenset())
