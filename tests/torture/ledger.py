"""The ground truth of a torture: what people did, in order, as the messengers took it from them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.sandbox.nouns import Message, Press
from handlers.messages import FileKind

COUNTED = {
    FileKind.PHOTO: ("фото", "фото", "фото"),
    FileKind.DOCUMENT: ("файл", "файла", "файлов"),
    FileKind.VOICE: ("голосовое", "голосовых", "голосовых"),
}


@dataclass
class HandedIn:
    """A work as its student put it together: hashes of files and texts, in order.

    `number` and `receipt` are what the student was told.
    """

    student: str
    parts: list[str] = field(default_factory=list)
    counts: dict[FileKind, int] = field(default_factory=dict)
    has_text: bool = False
    number: str = ""
    receipt: str = ""

    def collected(self) -> str:
        """What the bot says when it has everything."""
        said = []
        for kind, (one, few, many) in COUNTED.items():
            count = self.counts.get(kind, 0)
            if count:
                said.append(f"{count} {one if count == 1 else few if count < 5 else many}")
        return ", ".join([*said, *(["текст"] if self.has_text else [])])


@dataclass(frozen=True)
class Marked:
    """An answer that a teacher sent, and was told that it was: mark, words, hash of the voice."""

    number: str
    mark: str
    comment: str
    audio: str


@dataclass(frozen=True)
class Ticked:
    """A step of the day that a student ticked, and saw ticked."""

    student: str
    step: str


@dataclass
class Ledger:
    """What was done: acts by sender as the inbox names them, and what each was to come to."""

    acts: dict[str, list[str]] = field(default_factory=dict)
    works: list[HandedIn] = field(default_factory=list)
    marks: list[Marked] = field(default_factory=list)
    ticks: list[Ticked] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    spinners: list[Press] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Real seconds from an act to the answer that its person waited for."""
    unanswered: list[str] = field(default_factory=list)
    """Acts to which no answer came for so long that the person tried once more."""

    def took(self, sender: str, things: Iterable[Message | Press]) -> None:
        """Note messages and presses that a messenger took from somebody."""
        acts = self.acts.setdefault(sender, [])
        for thing in things:
            if isinstance(thing, Press):
                acts.append(f"press {thing.id}")
                self.spinners.append(thing)
            else:
                acts.append(f"message {thing.id}")

    @property
    def events(self) -> int:
        """How many events there were."""
        return sum(map(len, self.acts.values()))
