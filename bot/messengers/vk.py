"""The only door to vkbottle: VK as a source of events and a courier of messages.

vkbottle gives the API's address and version, the wording of parameters and the HTTP client. Its
polling (which loses events), its reading of answers (which repeats a call for ever when a page
comes instead) and its uploaders (which hide a refusal) stay out.
"""

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any, Self
from urllib.parse import quote

import structlog
from vkbottle.api import API
from vkbottle.http import AiohttpClient

from bot.messengers import vk_errors, wire
from bot.messengers.bookmark import Bookmark, MemoryBookmark
from bot.messengers.checkup import Checkup
from bot.messengers.throttle import Throttle
from bot.messengers.vk_batch import Batch
from bot.messengers.vk_events import EVENTS, from_history, message_of, press_parts, understand
from bot.messengers.vk_history import Mark, missed
from bot.messengers.vk_keyboard import buttons, keyboard
from bot.messengers.vk_mentions import unlinked
from bot.messengers.vk_uploads import attach
from handlers.messages import RemoteFile, Reply
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    EditRejected,
    FileRefused,
    LocalFile,
    NotSent,
    Rejected,
    TokenRefused,
    Update,
)

API_URL = API.API_URL
CALLS_A_SECOND = 18
"""VK allows 20 for a token; an album of ten photos alone is 21 calls."""
CALL_SECONDS = 60.0
UPLOAD_SECONDS = 300.0
YESTERDAY = timedelta(hours=24)
_OUTDATED, _KEY_EXPIRED, _LOST = 1, 2, 3
_ROUNDS = 5
_PLAIN = {"dont_parse_links": 1, "disable_mentions": 1}

_log = structlog.get_logger(__name__)

# On import vkbottle hangs a console handler of its own on its logger.
logging.getLogger("vkbottle").handlers.clear()


class Vk:
    """One community on VK, by its token.

    `url` is the prefix before the method name; `group_id` 0 asks VK whose token it is. VK does
    not keep how far its events were read, so the `bookmark` does; without one, a restart looks
    for what was written to the community in the last day and not answered. `wait` is the long
    poll's time in seconds, at most 90.
    """

    lane = "vk"

    def __init__(
        self,
        token: str,
        url: str = API_URL,
        *,
        clock: Callable[[], datetime],
        group_id: int = 0,
        bookmark: Bookmark | None = None,
        wait: int = 25,
    ) -> None:
        self._client = AiohttpClient()
        self._api = API(token, http_client=self._client)
        self._url = url if url.endswith("/") else f"{url}/"
        self._token = token
        self._clock = clock
        self._group_id = group_id
        self._bookmark = bookmark or MemoryBookmark()
        self._wait = wait
        self._throttle = Throttle(CALLS_A_SECOND)
        self._batch = Batch(self._throttle.wait, partial(self._ask, repeatable=False))
        self._server: tuple[str, str] | None = None
        self._mark: Mark | None = None
        self._pending: Mark | None = None
        self._gap = ""
        self._has_polled = False
        self._told_at = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up; what was confirmed is in the bookmark already."""
        await self._client.close()

    async def identify(self) -> int:
        """Give the community's id, asking VK if it was not given; raises NotSent and its kinds."""
        if not self._group_id:
            answer = await self._call("groups.getById", {})
            with wire.formed("groups.getById"):
                groups = answer["groups"] if isinstance(answer, dict) else answer
                if not groups:
                    raise TokenRefused("groups.getById: this is not a community's token")
                self._group_id = int(groups[0]["id"])
        return self._group_id

    async def checkup(self) -> Checkup:
        """Ask whose token it is and whether events come; raises NotSent and its kinds."""
        told = await self._call("groups.getById", {})
        with wire.formed("groups.getById"):
            groups = told["groups"] if isinstance(told, dict) else told
            if not groups:
                raise TokenRefused("groups.getById: this is not a community's token")
            group = groups[0]
        asked = {"group_id": self._group_id or group["id"]}
        await self._call("groups.getLongPollServer", asked)
        return Checkup(f"club{group['id']}", wire.date_of(self._told_at))

    def link(self, payload: str) -> str:
        """Give the link that opens the chat and carries `payload`; needs the community's id."""
        if not self._group_id:
            raise LookupError("the community's id is not known yet: identify it first")
        return f"https://vk.me/club{self._group_id}?ref={quote(payload, safe='')}"

    async def introduce(
        self, commands: Mapping[str, str], description: str, short_description: str
    ) -> None:
        """Switch on what the bot needs in the community; VK has no place for the words.

        A token without the right to manage the community leaves this to its administrator.
        """
        del commands, description, short_description
        group = {"group_id": await self.identify()}
        events = {"enabled": 1, "api_version": API.API_VERSION, **dict.fromkeys(EVENTS, 1)}
        abilities = {"messages": 1, "bots_capabilities": 1, "bots_start_button": 1}
        for method, settings in (
            ("groups.setLongPollSettings", events),
            ("groups.setSettings", abilities),
        ):
            try:
                await self._call(method, {**group, **settings})
            except (Rejected, TokenRefused) as error:
                _log.info("vk.settings_left_to_the_administrator", reason=str(error))

    async def poll(self) -> Sequence[Update]:
        """Wait for events; after a gap, find the lost messages in the conversations instead.

        The first call waits for nothing: it says what came while nobody asked.
        """
        self._pending = None
        with wire.formed("poll"):
            return await self._next()

    async def confirm(self) -> None:
        """Move on: what was returned so far does not come again, after a restart neither."""
        if self._pending is None:
            return
        self._mark, self._pending, self._gap = self._pending, None, ""
        try:
            await self._bookmark.write(str(self._mark))
        except OSError as error:
            # Events come again after a restart then, which the inbox recognises.
            _log.error("vk.bookmark_not_written", reason=error.strerror)

    async def acknowledge(self, update: Update) -> None:
        """Stop the spinner of a pressed button; too late is not an error."""
        event_id, user_id, peer_id = press_parts(update.press)
        answered = {"event_id": event_id, "user_id": user_id, "peer_id": peer_id}
        try:
            await self._call("messages.sendMessageEventAnswer", answered)
        except (Rejected, ChatClosed) as error:
            _log.debug("vk.press_too_late", reason=str(error))

    async def working(self, chat: str) -> None:
        """Show «печатает…» for ten seconds; best effort."""
        try:
            await self._call("messages.setActivity", {"peer_id": chat, "type": "typing"})
        except DeliveryFailed as error:
            _log.debug("vk.not_shown_as_working", reason=str(error))

    async def send(
        self, chat: str, message: Reply, files: Sequence[LocalFile], random_id: int
    ) -> str:
        """Send a message and give its number in the chat; the same `random_id` sends once."""
        with wire.formed("upload"):
            attached = [await attach(self._call, self._post, chat, file) for file in files]
        asked = {
            "peer_ids": chat,  # one peer, but only this form tells the number in the chat
            "random_id": random_id,
            "message": unlinked(message.text) or None,
            "attachment": ",".join(attached) or None,
            "keyboard": keyboard(message),
            **_PLAIN,
        }
        return await self._batch.send(asked)

    async def edit(self, chat: str, message_ref: str, message: Reply) -> None:
        """Change a message in place, within 24 hours; doing it twice does no harm."""
        if not message_ref.isdecimal():
            raise EditRejected("the message has no number")
        asked = {
            "peer_id": chat,
            "cmid": message_ref,
            "conversation_message_id": message_ref,  # its name in the documentation
            "message": unlinked(message.text),
            "keyboard": buttons(message.buttons),
            "keep_forward_messages": 1,
            **_PLAIN,
        }
        await self._batch.call("messages.edit", asked, repeatable=True)

    async def download(self, file: RemoteFile) -> AsyncIterator[bytes]:
        """Stream a file from the address that came with the event."""
        if not file.ref.startswith(("https://", "http://")):
            raise FileRefused("VK gives no address for this file")
        trouble: Exception | None = None
        limit = wire.timeout(UPLOAD_SECONDS)
        try:
            async with self._client.request(file.ref, "GET", timeout=limit) as response:
                trouble = wire.file_trouble(response.status)
                page = response.content_type == "text/html" and file.content_type != "text/html"
                if page and trouble is None:
                    trouble = FileRefused("a page came instead of the file")
                if trouble is None:
                    async for chunk in response.content.iter_chunked(wire.CHUNK):
                        yield chunk
        except wire.FAILURES as error:
            trouble = wire.failure(error, "download", repeatable=True, secrets=[self._token])
        if trouble is not None:
            raise trouble

    async def _next(self) -> Sequence[Update]:
        for _ in range(_ROUNDS):
            server, key = self._server or await self._connect()
            mark = self._mark or Mark()
            if self._gap:
                return await self._missed(mark)
            answer = await self._check(server, key, mark.ts)
            failed = answer.get("failed")
            if failed is None:
                return self._received(mark, answer)
            _log.warning("vk.longpoll_failed", failed=failed, ts=mark.ts)
            if failed == _OUTDATED:
                self._gap = str(answer["ts"])
            elif failed in {_KEY_EXPIRED, _LOST}:
                self._server = None
                self._mark = mark if failed == _KEY_EXPIRED else replace(mark, ts="")
            else:
                raise NotSent(f"a_check: failed {failed}")
        return []

    async def _connect(self) -> tuple[str, str]:
        """Ask where the events are; without a mark, everything before now is a gap."""
        group_id = await self.identify()
        told = await self._call("groups.getLongPollServer", {"group_id": group_id})
        if self._mark is None:
            self._mark = Mark.parse(await self._bookmark.read())
        if not self._mark.ts:
            self._gap = str(told["ts"])
        self._server = (str(told["server"]), str(told["key"]))
        return self._server

    async def _check(self, server: str, key: str, ts: str) -> dict[str, Any]:
        wait = self._wait if self._has_polled else 0
        asked = {"act": "a_check", "key": key, "ts": ts, "wait": wait}
        limit = wire.timeout(self._wait + CALL_SECONDS)
        try:
            answer = await self._exchange("a_check", server, asked, limit, secrets=(key,))
            events = vk_errors.read_events(*answer)
        except NotSent:
            self._server = None  # ask for a server anew, which may be another by then
            raise
        self._has_polled = True
        return events

    def _received(self, mark: Mark, answer: Mapping[str, Any]) -> Sequence[Update]:
        events = answer.get("updates") or []
        moved = mark.moved(str(answer["ts"]), map(message_of, events))
        if not events:
            self._mark = moved
            return []
        self._pending = moved
        now = self._clock()
        return [understand(raw, now) for raw in events]

    async def _missed(self, mark: Mark) -> Sequence[Update]:
        now = self._clock()
        messages = await missed(self._call, mark, int((now - YESTERDAY).timestamp()))
        _log.warning("vk.gap", since=mark.date, found=len(messages), presses="lost")
        moved = mark.moved(self._gap, messages)
        self._pending = moved
        if not messages:
            self._mark, self._gap = moved, ""
            return []
        group_id = await self.identify()
        return [understand(from_history(message, group_id), now) for message in messages]

    async def _call(self, method: str, asked: dict[str, Any]) -> Any:
        """Ask VK something that does no harm when it is asked twice."""
        await self._throttle.wait()
        return vk_errors.read(method, *await self._ask(method, asked), repeatable=True)

    async def _ask(
        self, method: str, asked: dict[str, Any], *, repeatable: bool = True
    ) -> tuple[int, str]:
        # The token goes with the body, where no exception and no proxy's log repeats it.
        form = {**asked, "access_token": self._token, "v": API.API_VERSION}
        form = await self._api.validate_request(form)
        limit = wire.timeout(CALL_SECONDS)
        return await self._exchange(method, self._url + method, form, limit, repeatable=repeatable)

    async def _post(self, url: str, field: str, content: BytesIO) -> dict[str, Any]:
        limit = wire.timeout(UPLOAD_SECONDS)
        answer = await self._exchange("upload", url, {field: content}, limit)
        return vk_errors.read_upload(*answer)

    async def _exchange(
        self,
        call: str,
        url: str,
        form: dict[str, Any],
        limit: wire.Timeout,
        *,
        repeatable: bool = True,
        secrets: Sequence[str] = (),
    ) -> tuple[int, str]:
        """Post a form and give the status and the body, or raise what a failure means."""
        try:
            async with self._client.request(
                url, "POST", form, timeout=limit, allow_redirects=False
            ) as response:
                self._told_at = response.headers.get("Date", "")
                return response.status, await response.text("utf-8", errors="replace")
        except wire.FAILURES as error:
            hidden = (self._token, *secrets)
            trouble = wire.failure(error, call, repeatable=repeatable, secrets=hidden)
        raise trouble
