"""The task a teacher is putting together in a chat: kept in the session until it is set."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers.messages import Attachment, FileKind, FileState
from handlers.texts import Texts
from handlers.turn import Turn
from storage.sessions import Session
from storage.tasks import Channel, PartFile

COLLECT, DUE, CHECK = "set-task.collect", "set-task.due", "set-task.check"
STAGES = (COLLECT, DUE, CHECK)
ASLEEP = "set-task.asleep"
MOST_PIECES = 30
MOST_TEXT = 12_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A text, or a file (`file_id` is 0 for a text), in the order in which it came."""

    text: str = ""
    file_id: int = 0
    kind: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task being composed. `version` grows with every change, so an old button is recognised.

    `also` are further teachings that get the same task: one lesson for two classes.
    """

    id: int
    teaching_id: int
    version: int = 1
    pieces: tuple[Piece, ...] = ()
    due_at: datetime | None = None
    channel: Channel = Channel.HERE
    also: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The texts, one below another."""
        return "\n".join(piece.text for piece in self.pieces if not piece.file_id)

    @property
    def files(self) -> tuple[PartFile, ...]:
        """The files, in order."""
        return tuple(
            PartFile(piece.file_id, piece.kind, piece.name)
            for piece in self.pieces
            if piece.file_id
        )

    @property
    def has_room(self) -> bool:
        """Whether another piece fits in."""
        return len(self.pieces) < MOST_PIECES and len(self.text) < MOST_TEXT

    def changed(self, **values: Any) -> "TaskDraft":
        """Return the next version."""
        return replace(self, version=self.version + 1, **values)

    def to_data(self) -> dict[str, Any]:
        """Write the draft as JSON."""
        return {
            "id": self.id,
            "teaching": self.teaching_id,
            "version": self.version,
            "pieces": [[one.text, one.file_id, one.kind, one.name] for one in self.pieces],
            "due": self.due_at.isoformat() if self.due_at else "",
            "channel": self.channel,
            "also": list(self.also),
        }


def draft_in(session: Session) -> TaskDraft | None:
    """Return the draft of a chat, if a task is being composed there or was put aside."""
    is_here = session.step in (*STAGES, ASLEEP)
    data = session.data if is_here else session.data.get("task")
    if not data:
        return None
    return TaskDraft(
        id=data["id"],
        teaching_id=data["teaching"],
        version=data["version"],
        pieces=tuple(Piece(*piece) for piece in data["pieces"]),
        due_at=datetime.fromisoformat(data["due"]) if data["due"] else None,
        channel=Channel(data["channel"]),
        also=tuple(data.get("also", ())),
    )


def keep(turn: Turn, draft: TaskDraft, stage: str) -> None:
    """Keep the draft. Only a typed deadline answers a question; the rest is taken as it comes."""
    if stage == DUE:
        turn.ask(stage, **draft.to_data())
    else:
        turn.collect(stage, **draft.to_data())


def put_aside(turn: Turn) -> None:
    """Wait for nothing, but keep a task that was begun: «Новое задание» offers to go on with it."""
    aside = aside_in(turn)
    if aside:
        turn.collect(ASLEEP, **aside["task"])
    else:
        turn.end()


def aside_in(turn: Turn) -> dict[str, Any]:
    """Return what another step is to carry along, so that a task that was begun is not lost."""
    draft = draft_in(turn.session)
    return {"task": draft.to_data()} if draft is not None and draft.pieces else {}


def taken(turn: Turn, draft: TaskDraft) -> tuple[TaskDraft, list[str]]:
    """Add what a message brings to the draft; also return a line for each thing not taken."""
    incoming, t, troubles = turn.incoming, turn.t, []
    found = [Piece(text=incoming.text)] if incoming.text.strip() else []
    for attachment in incoming.attachments:
        trouble = trouble_with(attachment, t)
        if trouble:
            troubles.append(trouble)
        else:
            file = attachment
            found.append(Piece("", file.file_id, str(file.kind), file.name))
    for piece in found:
        if not draft.has_room or len(draft.text) + len(piece.text) > MOST_TEXT:
            troubles.append(t("set-task-full"))
            break
        draft = draft.changed(pieces=(*draft.pieces, piece))
    return draft, troubles


def trouble_with(attachment: Attachment, t: Texts) -> str:
    """Say why a file cannot be taken, "" if it can."""
    if attachment.kind is FileKind.STICKER or attachment.state is FileState.UNSUPPORTED:
        return t("set-task-file-unsupported")
    if attachment.state is FileState.TOO_BIG:
        return t("set-task-file-too-big", name=attachment.name)
    if attachment.state is FileState.TOO_MANY:
        return t("set-task-file-too-many")
    if attachment.state is FileState.MISSING:
        return t("set-task-file-missing", name=attachment.name)
    return ""


def content(draft: TaskDraft, t: Texts) -> str:
    """Say what is collected: «текст, 2 файла»; "" while it is nothing."""
    parts = [t("set-task-text")] if draft.text else []
    if draft.files:
        parts.append(t("teacher-files", count=len(draft.files)))
    return ", ".join(parts)
