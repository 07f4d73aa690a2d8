"""A client of the control API, for the demo script and tests in another process."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

from aiohttp import (
    ClientSession,
    ClientTimeout,
    WSServerHandshakeError,
)
from pydantic import TypeAdapter

from bot.sandbox.faults import FaultKind
from bot.sandbox.feed import Feed
from bot.sandbox.mail import MailFaultKind
from bot.sandbox.nouns import Messenger, NewFile
from bot.sandbox.wire import (
    CallsView,
    ChatView,
    ClockView,
    FaultView,
    LettersView,
    MailFaultView,
    MessageView,
    Pressed,
    PressView,
    UserView,
)

Json = dict[str, Any]

MESSAGES = TypeAdapter(list[MessageView])
USERS = TypeAdapter(list[UserView])
CHATS = TypeAdapter(list[ChatView])
STEP_SECONDS = 20.0
OK = 200


class SandboxRefusedError(RuntimeError):
    """The sandbox answered with an error: `status` and its reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status


class SandboxClient:
    """`async with SandboxClient(sandbox.control_url) as client: …`.

    Waits are in seconds of real time. Every verb raises SandboxRefusedError where the sandbox
    refuses; `bot_id` left out is the messenger's first bot.
    """

    def __init__(self, control_url: str) -> None:
        self._url = control_url.rstrip("/")
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession(timeout=ClientTimeout(total=None, sock_connect=10))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def add_user(
        self,
        messenger: Messenger,
        first_name: str,
        last_name: str = "",
        username: str = "",
        user_id: int | None = None,
    ) -> UserView:
        """Bring a person into a messenger."""
        body = {"first_name": first_name, "last_name": last_name, "username": username}
        return UserView.model_validate_json(
            await self._post("users", {"messenger": messenger, "id": user_id, **body})
        )

    async def users(self, messenger: Messenger | None = None) -> list[UserView]:
        """Give the people."""
        return USERS.validate_json(await self._get("users", messenger=messenger))

    async def add_group(self, messenger: Messenger, title: str, user_ids: list[int]) -> ChatView:
        """Open a group chat with the bot in it."""
        body: Json = {"messenger": messenger, "title": title, "user_ids": user_ids}
        return ChatView.model_validate_json(await self._post("groups", body))

    async def say(
        self, messenger: Messenger, user_id: int, text: str, chat_id: int | None = None
    ) -> list[MessageView]:
        """Write a text."""
        body = _act(messenger, user_id, chat_id) | {"text": text}
        return MESSAGES.validate_json(await self._post("say", body))

    async def press(
        self,
        messenger: Messenger,
        user_id: int,
        label: str | None = None,
        *,
        data: str | None = None,
        message_id: int | None = None,
        chat_id: int | None = None,
    ) -> Pressed:
        """Press a button by its label or data."""
        button = {"label": label, "data": data, "message_id": message_id}
        body = _act(messenger, user_id, chat_id) | button
        return Pressed.model_validate_json(await self._post("press", body))

    async def press_answered(self, press_id: str, within: float = STEP_SECONDS) -> PressView:
        """Give a press once the bot has answered it, or as it is after `within`."""
        return PressView.model_validate_json(await self._get(f"presses/{press_id}", wait=within))

    async def send_files(
        self,
        messenger: Messenger,
        user_id: int,
        files: Sequence[NewFile],
        caption: str = "",
        chat_id: int | None = None,
    ) -> list[MessageView]:
        """Send files; one without content is only declared."""
        body = _act(messenger, user_id, chat_id) | {
            "files": [_file(file) for file in files],
            "caption": caption,
        }
        return MESSAGES.validate_json(await self._post("send_files", body))

    async def open_link(self, messenger: Messenger, user_id: int, payload: str = "") -> None:
        """Open the bot's deep link."""
        await self._post("open_link", _act(messenger, user_id) | {"payload": payload})

    async def edit(
        self, messenger: Messenger, user_id: int, message_id: int, text: str
    ) -> MessageView:
        """Change one's own message."""
        body = _act(messenger, user_id) | {"message_id": message_id, "text": text}
        return MessageView.model_validate_json(await self._post("edit", body))

    async def block(self, messenger: Messenger, user_id: int) -> None:
        """Forbid the bot to write."""
        await self._post("block", _act(messenger, user_id))

    async def unblock(self, messenger: Messenger, user_id: int) -> None:
        """Allow the bot to write again."""
        await self._post("unblock", _act(messenger, user_id))

    async def seen(self, messenger: Messenger, user_id: int) -> None:
        """Look at the chat: nothing is unread any more."""
        await self._post("seen", _act(messenger, user_id))

    async def chat(
        self,
        messenger: Messenger,
        chat_id: int,
        *,
        last: int | None = None,
        before: int | None = None,
        news: int | None = None,
        wait: float = 0,
    ) -> ChatView:
        """Give a chat as its person sees it, with the `last` messages `before` that id.

        With `news` and `wait` it is given when there is other news.
        """
        query = {"last": last, "before": before, "news": news, "wait": wait}
        body = await self._get("chat", messenger=messenger, chat_id=chat_id, **query)
        return ChatView.model_validate_json(body)

    @asynccontextmanager
    async def feed(
        self, *watch: tuple[Messenger, int], origin: str | None = None
    ) -> AsyncIterator[Feed]:
        """Open a feed that watches these chats."""
        headers = {} if origin is None else {"Origin": origin}
        session = self._opened()
        try:
            opened = await session.ws_connect(f"{self._url}/feed", headers=headers)
        except WSServerHandshakeError as error:
            raise SandboxRefusedError(error.status, error.message) from None
        async with opened as socket:
            feed = Feed(socket)
            if watch:
                await feed.watch(*watch)
            yield feed

    async def chats(self, messenger: Messenger | None = None) -> list[ChatView]:
        """Give all chats, each with its last message."""
        return CHATS.validate_json(await self._get("chats", messenger=messenger))

    async def shows(
        self,
        messenger: Messenger,
        chat_id: int,
        wanted: Callable[[ChatView], bool],
        within: float = STEP_SECONDS,
    ) -> ChatView:
        """Wait until a chat is as `wanted`; TimeoutError where it is not so `within` seconds."""
        chat = await self.chat(messenger, chat_id)
        try:
            async with asyncio.timeout(within):
                while not wanted(chat):
                    chat = await self.chat(messenger, chat_id, news=chat.news, wait=within)
        except TimeoutError:
            last = chat.messages[-1].text if chat.messages else "nothing"
            raise TimeoutError(f"chat {chat_id} on {messenger} ends with: {last}") from None
        return chat

    async def calls(
        self, after: int = 0, *, wait: float = 0, polls: bool = False, method: str | None = None
    ) -> CallsView:
        """Give the calls that the sandbox received after that number."""
        body = await self._get("calls", after=after, wait=wait, polls=int(polls), method=method)
        return CallsView.model_validate_json(body)

    async def set_fault(
        self,
        kind: FaultKind,
        messenger: Messenger | None = None,
        *,
        methods: Sequence[str] = (),
        count: int | None = None,
        status: int = 502,
        seconds: float = 1.0,
    ) -> FaultView:
        """Switch a fault on."""
        hit: Json = {"methods": list(methods), "count": count}
        how: Json = {"kind": kind, "messenger": messenger, "status": status, "seconds": seconds}
        return FaultView.model_validate_json(await self._post("faults", hit | how))

    async def clear_faults(self, messenger: Messenger | None = None) -> None:
        """Switch all faults off, or a messenger's."""
        await self._ask("DELETE", "faults", params=_given(messenger=messenger))

    async def clock(self) -> ClockView:
        """Tell the clock without following it."""
        return ClockView.model_validate_json(await self._get("clock"))

    async def set_rate(self, rate: float) -> ClockView:
        """Run so many school seconds in a real one; 0 stops."""
        return ClockView.model_validate_json(await self._post("clock", {"rate": rate}))

    async def jump(self, to: datetime, *, wait: bool = True, within: float = 60.0) -> ClockView:
        """Jump forward; by default come back when the follower has visited everything due."""
        body: Json = {"to": to.isoformat(), "wait": wait, "within": within}
        return ClockView.model_validate_json(await self._post("clock", body))

    async def followed(self, within: float = STEP_SECONDS) -> ClockView:
        """Wait until somebody follows the clock; TimeoutError where nobody does."""
        clock = ClockView.model_validate_json(await self._get("clock", followed=1, wait=within))
        if not clock.followed:
            raise TimeoutError("nobody follows the sandbox's clock")
        return clock

    async def letters(self, after: int = 0, *, wait: float = 0) -> LettersView:
        """Give the letters that arrived after that number."""
        return LettersView.model_validate_json(await self._get("mail", after=after, wait=wait))

    async def set_mail_fault(
        self, kind: MailFaultKind, address: str | None = None, count: int | None = None
    ) -> MailFaultView:
        """Switch a fault of the mail server on."""
        body: Json = {"kind": kind, "address": address, "count": count}
        return MailFaultView.model_validate_json(await self._post("mail/faults", body))

    async def clear_mail_faults(self) -> None:
        """Switch the mail server's faults off."""
        await self._ask("DELETE", "mail/faults")

    async def file(self, file_id: str) -> bytes:
        """Give a file's bytes."""
        return await self._get(f"files/{file_id}")

    async def reset(self) -> None:
        """Start over, but for the bots and the clock."""
        await self._post("reset", {})

    async def _get(self, path: str, **query: str | float | None) -> bytes:
        return await self._ask("GET", path, params=_given(**query))

    async def _post(self, path: str, body: Json) -> bytes:
        return await self._ask("POST", path, json=body)

    def _opened(self) -> ClientSession:
        if self._session is None:
            raise RuntimeError("the client is used inside `async with`")
        return self._session

    async def _ask(self, method: str, path: str, **how: Any) -> bytes:
        async with self._opened().request(method, f"{self._url}/{path}", **how) as response:
            body = await response.read()
            if response.status != OK:
                raise SandboxRefusedError(response.status, body.decode(errors="replace"))
            return body


def _act(messenger: Messenger, user_id: int, chat_id: int | None = None) -> Json:
    return {"messenger": messenger, "user_id": user_id, "chat_id": chat_id}


def _given(**query: str | float | None) -> dict[str, str]:
    return {name: str(value) for name, value in query.items() if value is not None}


def _file(file: NewFile) -> Json:
    content = None if file.content is None else base64.b64encode(file.content).decode()
    return {
        "kind": file.kind,
        "name": file.name,
        "mime": file.mime,
        "base64": content,
        "size": file.size if content is None else None,
        "width": file.width,
        "height": file.height,
        "duration": file.duration,
    }
