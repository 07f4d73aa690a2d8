"""The vocabulary of a conversation: what comes in from a chat and what goes back, on any messenger.

`Reply` refuses what any platform cannot show: an action over 64 bytes (Telegram), a label over
40 characters or more than ten inline buttons (VK), a text of 4,000 characters or more (MAX).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

ACTION_BYTES = 64
LABEL_CHARS = 40
INLINE_BUTTONS = 10
INLINE_ROWS = 6
MENU_ROWS = 10
ROW_BUTTONS = 5
TEXT_CHARS = 3999
CAPTION_CHARS = 1000
ALBUM_FILES = 10


@dataclass(frozen=True, slots=True)
class Address:
    """A chat on a messenger: its lane ("telegram", "vk", "mail"), the chat and the user in it."""

    messenger: str
    chat: str
    user: str

    @property
    def sender(self) -> str:
        """Whose events keep their order."""
        return f"{self.messenger}:{self.chat}"


class FileKind(StrEnum):
    """How a file was sent, and how it should be shown."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    STICKER = "sticker"


class FileState(StrEnum):
    """What became of a file on its way from the messenger to the disk."""

    STORED = "stored"
    TOO_BIG = "too_big"
    TOO_MANY = "too_many"
    MISSING = "missing"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that still lies at the messenger. `size` is in bytes, 0 where it does not tell."""

    kind: FileKind
    ref: str
    name: str = ""
    size: int = 0
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of an event after the fetch: `file_id` is 0 unless it is `STORED`."""

    kind: FileKind
    state: FileState
    file_id: int = 0
    name: str = ""
    size: int = 0


class Happening(StrEnum):
    """What kind of thing happened in the chat; `HURRIED` is what came too fast to be read."""

    MESSAGE = "message"
    PRESS = "press"
    HURRIED = "hurried"
    BLOCKED = "blocked"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event from a chat, the same for every messenger.

    `sent_at` is when the person sent it, by the messenger's clock (aware UTC; whole seconds).
    `action` is a button's payload, or "start:<payload>" for a deep link. `message_ref` is the
    message itself, or for a press the one that carries the button. `album` ties the parts of an
    album together. `remote` are files as they lie at the messenger; `attachments` the same files
    once they are fetched.
    """

    address: Address
    sent_at: datetime
    happening: Happening = Happening.MESSAGE
    text: str = ""
    action: str = ""
    message_ref: str = ""
    album: str = ""
    is_private: bool = True
    is_edit: bool = False
    remote: tuple[RemoteFile, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def with_attachments(self, attachments: Iterable[Attachment]) -> "Incoming":
        """Return the event as a handler sees it: with its files fetched."""
        return replace(self, attachments=tuple(attachments))


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: an action that comes back as a press, or a link that opens."""

    label: str
    action: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        """Refuse what some platform cannot show."""
        if bool(self.action) == bool(self.url):
            raise ValueError(f"a button has an action or a link, one of the two: {self!r}")
        if not 0 < len(self.label) <= LABEL_CHARS:
            raise ValueError(f"a label has 1 to {LABEL_CHARS} characters: {self.label!r}")
        if len(self.action.encode()) > ACTION_BYTES:
            raise ValueError(f"an action has at most {ACTION_BYTES} bytes: {self.action!r}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of ours to be shown in a chat."""

    file_id: int
    kind: FileKind
    name: str = ""


Rows = tuple[tuple[Button, ...], ...]
Menu = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a chat.

    `buttons` hang under the message, `menu` replaces the keyboard under the input (its labels
    come back as text). `card` names a message that has one newest version in a chat; with `edit`
    that version changes in place, and a refused edit becomes a new message. `outdated` is what is
    left of this version, without its buttons, once an answer has brought a newer one below. Several
    files are an album of photos (ten at most) and carry no buttons. With a `subject` it is a
    letter, which has no such limits and no buttons.
    """

    text: str = ""
    subject: str = ""
    buttons: Rows = ()
    menu: Menu = ()
    files: tuple[StoredFile, ...] = ()
    card: str = ""
    edit: bool = False
    outdated: str = ""

    def __post_init__(self) -> None:
        """Refuse what some platform cannot show, before it is stored."""
        if not self.text and not self.files:
            raise ValueError("a message says something or shows something")
        if self.subject:
            return
        limit = CAPTION_CHARS if self.files else TEXT_CHARS
        if max(len(self.text), len(self.outdated)) > limit:
            raise ValueError(f"a text has at most {limit} characters here: {len(self.text)}")
        if (self.edit or self.outdated) and not self.card:
            raise ValueError("only a card is edited in place")
        self._check_keyboards()
        self._check_files()

    def _check_keyboards(self) -> None:
        if sum(map(len, self.buttons)) > INLINE_BUTTONS or len(self.buttons) > INLINE_ROWS:
            raise ValueError(f"at most {INLINE_BUTTONS} buttons in {INLINE_ROWS} rows")
        if len(self.menu) > MENU_ROWS:
            raise ValueError(f"a menu has at most {MENU_ROWS} rows")
        if any(len(row) > ROW_BUTTONS for row in (*self.buttons, *self.menu)):
            raise ValueError(f"a row has at most {ROW_BUTTONS} buttons")
        if any(not 0 < len(label) <= LABEL_CHARS for row in self.menu for label in row):
            raise ValueError(f"a label has 1 to {LABEL_CHARS} characters")
        if self.menu and self.buttons:
            raise ValueError("a message carries buttons or a menu, not both (Telegram)")

    def _check_files(self) -> None:
        is_album = all(file.kind is FileKind.PHOTO for file in self.files) and not self.buttons
        if len(self.files) > 1 and (len(self.files) > ALBUM_FILES or not is_album):
            raise ValueError(f"several files are an album of up to {ALBUM_FILES} photos")
        if self.files and (self.edit or self.outdated):
            raise ValueError("a message with files is not edited in place")


def length(text: str) -> int:
    """Count a text as the strictest messenger may: in UTF-16 units, where most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(text: str, limit: int = TEXT_CHARS) -> list[str]:
    """Cut a long text into messages of at most `limit` characters, at line ends where it can."""
    pieces = []
    while length(text) > limit:
        most = _fitting(text, limit)
        cut = text.rfind("\n", most // 2, most)
        cut = cut if cut > 0 else text.rfind(" ", most // 2, most)
        cut = cut if cut > 0 else most
        pieces.append(text[:cut])
        text = text[cut:].lstrip("\n") if text[cut] == "\n" else text[cut:]
    return [*pieces, text] if text or not pieces else pieces


def _fitting(text: str, limit: int) -> int:
    """Say how many characters of a text fit into `limit` UTF-16 units."""
    units = text[:limit].encode("utf-16-le", "surrogatepass")[: 2 * limit]
    return max(1, len(units.decode("utf-16-le", "ignore")))


def laid_out(rows: Iterable[Iterable[Button]]) -> Rows:
    """Lay rows out one below another; those without a button are left out."""
    return tuple(row for row in map(tuple, rows) if row)


def rows(buttons: Iterable[Button], width: int = 1) -> Rows:
    """Lay buttons out in rows of `width`."""
    laid = list(buttons)
    return tuple(tuple(laid[i : i + width]) for i in range(0, len(laid), width))
