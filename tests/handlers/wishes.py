"""What a button may wish for: payloads of every action, made for a planted school.

An action or a step without an entry here fails `test_rights.py`: whoever adds one says whose its
object is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from handlers.task_card import as_minute
from handlers.task_draft import CHECK, COLLECT, DUE
from school import review as reviewing
from storage import reviews
from storage.database import Database
from tests.handlers.planted import LATER, TEACHERS, TODAY, Planted, Side

NOBODY: frozenset[str] = frozenset()
MINUTE = as_minute(LATER)


@dataclass(frozen=True)
class Ask:
    """A payload, and who may send it; `among` limits who is tried, where it is not everybody.

    To one who may, the answer `says` something, and the press `changes` a table. `personal` is
    one's own matter as a person, with or without a role. `refusals` are the keys of the texts
    with which anybody else is turned away.
    """

    payload: str
    by: frozenset[str]
    says: str = ""
    changes: str = ""
    among: frozenset[str] | None = None
    personal: bool = False
    refusals: tuple[str, ...] = ("not-yours",)


@dataclass(frozen=True)
class Held:
    """A step: the press by which one who may opens it, and the text that comes next.

    The step may remember `also` something. To anybody else who is given what it remembers it says
    nothing of the side, and changes nothing but `own` tables: those of the chat's own things.
    """

    opens: str
    text: str
    by: frozenset[str]
    changes: str
    own: frozenset[str] = frozenset({"sessions"})
    also: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wishes:
    """The payloads of a planted school; `stamps` are the prints of its unsent reviews."""

    school: Planted
    stamps: dict[int, str]

    def of(self, action: str) -> list[Ask]:
        """Return everything that is tried with an action; KeyError if nothing is known of it."""
        if action in OF_SCHOOL:
            return list(OF_SCHOOL[action])
        kinds = OF_SIDE[action]
        extra = EXTRA.get(action)
        asks = [kind.of(self, side) for kind in kinds for side in self.school.sides]
        return asks + [ask for side in self.school.sides for ask in (extra or _none)(self, side)]

    def held_by(self, step: str) -> list[Held]:
        """Return everything a step is tried with; KeyError if nothing is known of it."""
        return [HELD[step](self, side) for side in self.school.sides]

    def names(self, side: Side) -> dict[str, Any]:
        """Return what a payload or a text may name of a side."""
        composed = side.set_draft
        return {
            "s": side,
            "today": TODAY,
            "stamp": self.stamps[side.begun],
            "composed": f"{composed.id}:{composed.version}",
            "told": side.secret.replace("тайна", "задача"),
        }


@dataclass(frozen=True)
class Kind:
    """An ask for each side: `payload` and `says` are patterns, `by` names a set of the side."""

    payload: str
    by: str
    says: str = ""
    changes: str = ""
    personal: bool = False
    refusals: tuple[str, ...] = ("not-yours",)

    def of(self, wishes: Wishes, side: Side) -> Ask:
        """Make the ask of one side."""
        names = wishes.names(side)
        by = getattr(side, self.by) if self.by else NOBODY
        payload, says = self.payload.format(**names), self.says.format(**names)
        return Ask(payload, by, says, self.changes, personal=self.personal, refusals=self.refusals)


async def stamps_of(database: Database, school: Planted) -> dict[int, str]:
    """Return the print that the buttons of each unsent review carry."""
    async with database.read() as tx:
        begun = [await reviews.by_id(tx, side.begun) for side in school.sides]
    return {review.id: reviewing.stamp(review) for review in begun if review is not None}


def _sees(payload: str, says: str) -> tuple[Kind, ...]:
    return (Kind(payload, "sees", says),)


def _acts(payload: str, changes: str, *, personal: bool = False) -> tuple[Kind, ...]:
    return (Kind(payload, "acts", changes=changes, personal=personal),)


def _here(payload: str, says: str = "", changes: str = "") -> tuple[Kind, ...]:
    return (Kind(payload, "here", says, changes, refusals=("hand-in-draft-gone",)),)


def _teaches(payload: str, says: str = "", changes: str = "") -> tuple[Kind, ...]:
    return (Kind(payload, "teaches", says, changes),)


def _composes(payload: str, says: str = "", changes: str = "") -> tuple[Kind, ...]:
    return (Kind(payload, "teaches", says, changes, refusals=("not-yours", "set-task-gone")),)


def _of_teacher(payload: str, says: str) -> tuple[Ask, ...]:
    """Everybody who teaches has such a list; on it stands what is one's own."""
    own = frozenset({"group teacher"})
    return (Ask(payload, TEACHERS | {"far teacher"}), Ask(payload, own, says, among=own))


HEADS = frozenset({"deputy head", "far deputy"})
LEADERS = frozenset({"class teacher", "primary teacher"})

OF_SCHOOL: dict[str, tuple[Ask, ...]] = {
    "early": (Ask("early", NOBODY, refusals=("button-old",)),),
    "lists.all": (Ask("lists.all:0", HEADS | LEADERS, "Кто ещё не"),),
    "lists.staff": (Ask("lists.staff:0", HEADS, "Учителя: "),),
    "missing.page": _of_teacher("missing.page:0", "7Б"),
    "own-task.list": _of_teacher("own-task.list:0", "Ваши задания"),
    "queue.page": _of_teacher("queue.page:0", "Соколова Мария"),
    "set-task.page": _of_teacher("set-task.page:0", "Кому задаём"),
}
"""Actions that name nothing of one side."""

OF_SIDE: dict[str, tuple[Kind, ...]] = {
    "answers.list": _sees("answers.list:{s.student_id}", "{s.course.subject}"),
    "answers.open": (
        Kind("answers.open:{s.answer}", "sees", "{s.secret}"),
        Kind("answers.open:{s.returned_answer}", "sees", "{s.secret}"),
        Kind("answers.open:{s.begun}", ""),
    ),
    "day.mail": _acts("day.mail:{s.student_id}:{today}", "day_steps"),
    "day.platform": _acts("day.platform:{s.student_id}:{today}", "day_steps"),
    "day.show": _sees("day.show:{s.student_id}", "23 ноября"),
    "hand_in.aim": _here("hand_in.aim:{s.draft}:{s.student_id}:{s.other_task}", "", "drafts"),
    "hand_in.append": _here("hand_in.append:{s.draft}:{s.version}:{s.waiting}", "", "work_parts"),
    "hand_in.cancel": _here("hand_in.cancel:{s.draft}:{s.version}", "", "drafts"),
    "hand_in.choose": _here("hand_in.choose:{s.draft}:0", "К какому заданию"),
    "hand_in.drop": _here("hand_in.drop:{s.draft}:{s.version}", "", "draft_parts"),
    "hand_in.send": _here("hand_in.send:{s.draft}:{s.version}", "", "works"),
    "hand_in.show": _here("hand_in.show:{s.draft}", "Собрано"),
    "hand_in.start": _acts("hand_in.start:{s.student_id}:{s.task}", "sessions"),
    "lists.class": (Kind("lists.class:{s.class_id}:0", "lists", "{s.class_name}"),),
    "missing.open": _teaches("missing.open:{s.task}", "{s.student_name}"),
    "own-task.move": _teaches("own-task.move:{s.task}:1", "", "sessions"),
    "own-task.open": _teaches("own-task.open:{s.task}", "{told}"),
    "own-task.to": _teaches(f"own-task.to:{{s.task}}:1:{MINUTE}", "", "tasks"),
    "own-task.withdraw": _teaches("own-task.withdraw:{s.task}:1", "Снять задание?"),
    "own-task.withdrawn": _teaches("own-task.withdrawn:{s.task}:1", "", "tasks"),
    "registration.done": _acts("registration.done:{s.student_id}", "registrations", personal=True),
    "registration.trouble": _acts(
        "registration.trouble:{s.student_id}", "registrations", personal=True
    ),
    "review.clear": _teaches("review.clear:{s.begun}:{stamp}", "", "reviews"),
    "review.comment": _teaches("review.comment:{s.begun}", "", "sessions"),
    "review.correct": _teaches("review.correct:{s.answered}:{s.answer}", "", "reviews"),
    "review.mark": _teaches("review.mark:{s.begun}:5", "", "reviews"),
    "review.next": _teaches("review.next:{s.waiting}", "{s.student_name}"),
    "review.open": (
        Kind("review.open:{s.waiting}", "teaches", "{s.secret}"),
        Kind("review.open:{s.answered}", "teaches", "{s.secret}"),
        Kind("review.open:{s.returned}", "teaches", "{s.secret}"),
    ),
    "review.release": _teaches("review.release:{s.begun}:{stamp}", "", "works"),
    "review.return": _teaches("review.return:{s.begun}:{stamp}", "", "reviews"),
    "review.scale": _teaches("review.scale:{s.begun}:pass_fail", "{s.student_name}"),
    "set-task.also": _composes("set-task.also:{composed}:{s.course.id}", "{s.class_name}"),
    "set-task.back": _composes("set-task.back:{composed}", "", "sessions"),
    "set-task.cancel": _composes("set-task.cancel:{composed}", "", "sessions"),
    "set-task.channel": _composes("set-task.channel:{composed}:platform", "", "sessions"),
    "set-task.drop": _composes("set-task.drop:{composed}", "", "sessions"),
    "set-task.due": _composes(f"set-task.due:{{composed}}:{MINUTE}", "", "sessions"),
    "set-task.for": _teaches("set-task.for:{s.course.id}", "", "sessions"),
    "set-task.give": _composes("set-task.give:{composed}", "", "tasks"),
    "set-task.next": _composes("set-task.next:{composed}", "", "sessions"),
    "set-task.resume": _composes("set-task.resume:{composed}", "{s.class_name}"),
    "tasks.list": _sees("tasks.list:{s.student_id}", "{s.course.subject}"),
    "tasks.open": _sees("tasks.open:{s.student_id}:{s.task}", "{told}"),
}
"""Actions that name something of one side."""


def _none(_: Wishes, __: Side) -> Iterator[Ask]:
    return iter(())


def _others_mail(wishes: Wishes, side: Side) -> Iterator[Ask]:
    """A letter that went to a guardian's address may be ticked by that guardian (П1-1.3)."""
    if side is wishes.school.older:
        classmate = wishes.school.actors["classmate"].person_id
        by = frozenset({"classmate", "classmate's mother"})
        yield Ask(f"day.mail:{classmate}:{TODAY}", by, changes="day_steps")


def _mates_answer(wishes: Wishes, side: Side) -> Iterator[Ask]:
    if side is wishes.school.older:
        by = frozenset({"groupmate", "mother"})
        yield Ask(f"answers.open:{wishes.school.mate_answer}", by, "тайна-соседки")


def _as_own(action: str) -> Callable[[Wishes, Side], Iterator[Ask]]:
    """Let students name their own selves with a task that was not set to them."""

    def make(wishes: Wishes, side: Side) -> Iterator[Ask]:
        for name in ("classmate", "other class", "child", "far student", "student"):
            if name not in side.sees:
                own = wishes.school.actors[name].person_id
                yield Ask(f"{action}:{own}:{side.task}", NOBODY, among=frozenset({name}))

    return make


def _with_own_draft(
    action: str, rest: Callable[[Side, int], str]
) -> Callable[[Wishes, Side], Iterator[Ask]]:
    """Let bystanders name the draft of their own chat with somebody else's task or work."""

    def make(wishes: Wishes, side: Side) -> Iterator[Ask]:
        for name, (draft, version) in wishes.school.own_drafts.items():
            payload = f"{action}:{draft}:{rest(side, version)}"
            yield Ask(payload, NOBODY, among=frozenset({name}))

    return make


def _mixed_reviews(wishes: Wishes, side: Side) -> Iterator[Ask]:
    """Let teachers name a work of their own with somebody else's review, and the other way."""
    for other in wishes.school.sides:
        if other is not side:
            for work, answer in ((other.answered, side.answer), (side.answered, other.answer)):
                yield Ask(f"review.correct:{work}:{answer}", NOBODY, among=other.teaches)


EXTRA: dict[str, Callable[[Wishes, Side], Iterator[Ask]]] = {
    "answers.open": _mates_answer,
    "day.mail": _others_mail,
    "hand_in.aim": _with_own_draft("hand_in.aim", lambda s, _: f"{s.student_id}:{s.other_task}"),
    "hand_in.append": _with_own_draft("hand_in.append", lambda s, own: f"{own}:{s.waiting}"),
    "hand_in.start": _as_own("hand_in.start"),
    "review.correct": _mixed_reviews,
    "tasks.open": _as_own("tasks.open"),
}
"""What is tried besides: half of the payload is the speaker's own."""


def _teaching(opens: str, text: str, changes: str) -> Callable[[Wishes, Side], Held]:
    def make(wishes: Wishes, side: Side) -> Held:
        payload = opens.format(**wishes.names(side))
        return Held(payload, text, side.teaches, changes)

    return make


def _collecting(_: Wishes, side: Side) -> Held:
    own = frozenset({"sessions", "drafts", "draft_parts"})
    opens, late = f"hand_in.show:{side.draft}", {"late": side.waiting}
    return Held(opens, "И ещё", side.here, "draft_parts", own, late)


HELD: dict[str, Callable[[Wishes, Side], Held]] = {
    "hand_in.collect": _collecting,
    "own-task.move": _teaching("own-task.move:{s.task}:1", "27.11 15:00", "tasks"),
    "review.comment": _teaching("review.comment:{s.begun}", "Хорошо", "reviews"),
    COLLECT: _teaching("set-task.back:{composed}", "И ещё", "sessions"),
    DUE: _teaching("set-task.next:{composed}", "27.11 15:00", "sessions"),
    CHECK: _teaching("set-task.channel:{composed}:platform", "И ещё", "sessions"),
}
"""By which press each step is opened, for one side."""

COMMANDS_THAT_CHANGE: dict[str, frozenset[str]] = {
    "another": frozenset({"activation_codes", "audit"}),
}
"""Commands that change more than where the conversation stands: the tables of the speaker's own."""
