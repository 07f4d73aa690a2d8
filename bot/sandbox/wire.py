"""The control API's JSON, both ways: what is asked of the sandbox and what it tells."""
# ruff: noqa: D101 - a class here is a list of fields; what they mean stands at the nouns

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field

from bot.sandbox.faults import FaultKind
from bot.sandbox.mail import MailFaultKind
from bot.sandbox.nouns import Direction, FileKind, Messenger

Count = Annotated[int, Field(ge=1)]
MOST_WATCHED = 32
Seconds = Annotated[float, Field(ge=0, le=600)]


class Asked(BaseModel):
    """A request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class NewUser(Asked):
    messenger: Messenger
    first_name: str
    last_name: str = ""
    username: str = ""
    id: int | None = None


class NewGroup(Asked):
    messenger: Messenger
    title: str
    user_ids: list[int]
    bot_id: int | None = None


class Act(Asked):
    """What somebody does; `chat_id` left out is their private chat with the bot."""

    messenger: Messenger
    user_id: int
    chat_id: int | None = None
    bot_id: int | None = None


class Say(Act):
    text: str


class PressButton(Act):
    label: str | None = None
    data: str | None = None
    message_id: int | None = None


class FileToSend(Asked):
    """A file by its content, or by a `size` in bytes that is only declared."""

    kind: FileKind
    name: str = ""
    mime: str = ""
    base64: Base64Bytes | None = None
    size: int | None = None
    width: Count = 1280
    height: Count = 960
    duration: int = 1


class SendFiles(Act):
    files: list[FileToSend]
    caption: str = ""


class OpenLink(Act):
    payload: str = ""


class EditMessage(Act):
    message_id: int
    text: str


class SetFault(Asked):
    kind: FaultKind
    messenger: Messenger | None = None
    methods: list[str] = []
    count: Count | None = None
    status: Annotated[int, Field(ge=400, le=599)] = 502
    seconds: Seconds = 1.0


class SetClock(Asked):
    """Start a jump (`to`), set the `rate`, or `land` a jump whose follower is gone.

    With `wait` the answer to a jump comes when it is over, or as 504 after `within` seconds.
    """

    to: AwareDatetime | None = None
    rate: Annotated[float, Field(ge=0)] | None = None
    land: bool = False
    wait: bool = False
    within: Seconds = 60.0


class Visit(Asked):
    now: AwareDatetime
    version: int


class SetMailFault(Asked):
    kind: MailFaultKind
    address: str | None = None
    count: Count | None = None


class Watched(Asked):
    """A chat that a page shows."""

    model_config = ConfigDict(frozen=True)

    messenger: Messenger
    chat_id: int
    bot_id: int | None = None


class Watch(Asked):
    """What a page says on a feed: which chats it shows now."""

    watch: Annotated[list[Watched], Field(max_length=MOST_WATCHED)]


class Told(BaseModel):
    """An answer, read from the world's own dataclasses."""

    model_config = ConfigDict(from_attributes=True)


class UserView(Told):
    messenger: Messenger
    id: int
    first_name: str
    last_name: str
    username: str


class BotView(Told):
    messenger: Messenger
    id: int
    name: str
    username: str


class ButtonView(Told):
    label: str
    data: str | None
    kind: str
    style: str
    url: str | None


class KeyboardView(Told):
    rows: list[list[ButtonView]]
    one_time: bool
    placeholder: str


class FileView(Told):
    id: str
    kind: FileKind
    name: str
    mime: str
    size: int
    digest: str
    width: int
    height: int
    duration: int


class MessageView(Told):
    id: int
    number: int
    direction: Direction
    sender_id: int
    text: str
    at: datetime
    buttons: KeyboardView | None
    files: list[FileView]
    album: str | None
    reply_to: int | None
    entities: list[dict[str, Any]]
    edited_at: datetime | None
    deleted: bool

    def button(self, label: str) -> ButtonView | None:
        """Find a button by its label."""
        rows = self.buttons.rows if self.buttons is not None else []
        return next((one for row in rows for one in row if one.label == label), None)


class ChatView(Told):
    """A chat as the person sees it now; `messages` are the last ones, `total` counts all."""

    messenger: Messenger
    bot_id: int
    id: int
    title: str
    is_group: bool
    started: bool
    blocked: bool
    unread: int
    typing: bool
    keyboard: KeyboardView | None
    messages: list[MessageView]
    total: int
    news: int


class ChatNews(ChatView):
    """What a feed tells of a chat: the messages that are new or changed, and the ids of those gone.

    A `whole` one starts over: `messages` are the last ones, and what was known before is not.
    """

    gone: list[int]
    whole: bool


class PressView(Told):
    id: str
    bot_id: int
    user_id: int
    chat_id: int
    message_id: int
    label: str
    data: str
    at: datetime
    answered_at: datetime | None
    answer: str
    alert: bool


class Pressed(Told):
    """What a press led to: a press of an inline button, or a message from the keyboard."""

    press: PressView | None = None
    message: MessageView | None = None


class CallView(Told):
    seq: int
    messenger: Messenger
    bot_id: int | None
    method: str
    params: dict[str, Any]
    answer: Any
    status: int
    delivered: bool
    at: datetime


class FaultView(Told):
    id: int
    kind: FaultKind
    messenger: Messenger | None
    methods: list[str]
    count: int | None
    status: int
    seconds: float


class ClockView(Told):
    version: int
    now: datetime
    rate: float
    jump_to: datetime | None
    followed: bool


class AttachmentView(Told):
    name: str
    mime: str
    size: int


class LetterView(Told):
    seq: int
    at: datetime
    sender: str
    recipients: list[str]
    subject: str
    text: str
    html: str
    message_id: str
    headers: list[tuple[str, str]]
    attachments: list[AttachmentView]


class MailFaultView(Told):
    kind: MailFaultKind
    address: str | None
    count: int | None


class CallsView(Told):
    """Calls after the one asked for; ask again after `last`."""

    calls: list[CallView]
    last: int


class LettersView(Told):
    letters: list[LetterView]
    news: int


class Lost(Told):
    messenger: Messenger
    chat_id: int


class Frame(Told):
    """What a feed tells: only what has changed, so each field may be missing.

    `unread` are all chats with something unread, as "telegram:700000001"; `lost` the watched
    chats that do not exist (any more); `letters` and `calls` the numbers of the last ones.
    """

    chats: list[ChatNews] = []
    lost: list[Lost] = []
    unread: dict[str, int] = {}
    clock: ClockView | None = None
    faults: list[FaultView] = []
    mail_faults: list[MailFaultView] = []
    letters: int = 0
    calls: int = 0
    host: Any = None
