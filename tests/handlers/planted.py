"""A school in which everything a button may name belongs to somebody, on three sides.

A student of 7Б with an English group's teacher, a child of 3Б whose mother acts for it, and a
student of another school. Nothing of one side is the business of another, except what `SECRETS`
says. It is Monday morning, the first distance day.
"""

from dataclasses import dataclass
from datetime import date

from handlers.task_draft import TaskDraft
from storage.timetable import Teaching
from tests.chat import moscow

NOW = moscow("2026-11-23 10:00")
BEFORE = moscow("2026-11-23 09:00")
DUE = moscow("2026-11-25 18:00")
LATER = moscow("2026-11-27 15:00")
TODAY = date(2026, 11, 23)

ROSTER = {
    "student": "S701",
    "guardian": "P001",
    "group teacher": "T07",
    "child": "S302",
    "mother": "P010",
    "primary teacher": "T03",
    "groupmate": "S703",
    "classmate": "S702",
    "classmate's mother": "P002",
    "other class": "S901",
    "class teacher": "T01",
    "other group's teacher": "T08",
    "physical education": "T13",
    "support": "T09",
    "deputy head": "T14",
}
"""Who presses: the name in these tests → the id in the sample school."""

FAMILY = frozenset({"student", "student on vk", "guardian"})
MOTHERED = frozenset({"child", "mother"})
FAR = frozenset({"far student", "far guardian", "far teacher", "far deputy"})
TEACHERS = frozenset(
    {
        "group teacher",
        "primary teacher",
        "class teacher",
        "other group's teacher",
        "physical education",
        "support",
        "deputy head",
    }
)
LEFT = frozenset({"left teacher", "left guardian"})


@dataclass(frozen=True)
class Actor:
    """Somebody with a chat; the stranger's `person_id` is 0."""

    name: str
    person_id: int
    messenger: str
    user: str


@dataclass(frozen=True)
class Cast:
    """One student and one teacher, and the names of the actors who may…

    `sees` look at the student's matters, `acts` for the student; `here` is whose chat holds the
    draft; `teaches` what was set; `lists` may see the class's lists.
    """

    secret: str
    student: str
    teacher: str
    sees: frozenset[str]
    acts: frozenset[str]
    here: frozenset[str]
    lists: frozenset[str]

    @property
    def teaches(self) -> frozenset[str]:
        """Return the one who has set the tasks."""
        return frozenset({self.teacher})


@dataclass(frozen=True)
class Side(Cast):
    """What belongs to them."""

    student_id: int
    student_name: str
    class_id: int
    class_name: str
    course: Teaching
    task: int
    other_task: int
    waiting: int
    begun: int
    answered: int
    answer: int
    returned: int
    returned_answer: int
    draft: int
    version: int
    set_draft: TaskDraft


@dataclass(frozen=True)
class Planted:
    """The planted school.

    `own_drafts` are drafts of bystanders: (draft, version) by actor. `files` are the secrets of
    the photos and voice messages that hang on everything.
    """

    actors: dict[str, Actor]
    older: Side
    small: Side
    far: Side
    mate_work: int
    mate_answer: int
    own_drafts: dict[str, tuple[int, int]]
    files: dict[int, str]

    @property
    def sides(self) -> tuple[Side, ...]:
        """All three."""
        return self.older, self.small, self.far

    def files_for(self, actor: Actor) -> frozenset[int]:
        """Return the files that somebody may be shown."""
        return frozenset(one for one, secret in self.files.items() if actor.name in SECRETS[secret])


SECRETS: dict[str, frozenset[str]] = {
    "тайна-7Б": FAMILY | {"group teacher"},
    "тайна-3Б": MOTHERED | {"primary teacher"},
    "тайна-соседки": frozenset({"groupmate", "mother", "group teacher"}),
    "тайна-дальней": FAR,
    "черновик-7Б": frozenset({"group teacher"}),
    "черновик-3Б": frozenset({"primary teacher"}),
    "черновик-дальней": frozenset({"far teacher"}),
    "Дальнев": FAR,
    "задача-7Б": FAMILY | {"group teacher", "groupmate", "mother"},
    "задача-3Б": MOTHERED | {"primary teacher"},
    "задача-дальней": FAR,
    "Соколова Мария": FAMILY | TEACHERS,
    "Зимин Лев": MOTHERED | TEACHERS,
    "Лебедева": frozenset(ROSTER) | {"student on vk"},
    "Никитина": frozenset(ROSTER) | {"student on vk"},
}
"""What may be read by these actors only: words of tasks, works and reviews, and names.

A review is nobody's but its teacher's («черновик») until it is sent.
"""
