"""The only door to aiogram: Telegram as a source of events and a courier of messages.

aiogram words the requests and keeps the session (with its proxy); its dispatcher and its reading
of answers stay out, because the one loses updates and the other fails whole batches.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

import structlog

from bot.messengers import telegram_errors, wire
from bot.messengers.checkup import Checkup
from bot.messengers.telegram_events import ALLOWED, highest, understand
from bot.messengers.telegram_forms import NO_PREVIEW, buttons, forms, worded
from bot.messengers.telegram_library import (
    AiohttpSession,
    Bot,
    TelegramAPIServer,
    TokenValidationError,
    methods,
    types,
)
from handlers.messages import RemoteFile, Reply
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    EditRejected,
    FileRefused,
    LocalFile,
    NotSent,
    PolledElsewhere,
    Rejected,
    Update,
)

API_URL = "https://api.telegram.org"
CALL_SECONDS = 60.0
UPLOAD_SECONDS = 300.0
GOODBYE_SECONDS = 5.0
_AS_JSON = {"Content-Type": "application/json"}
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")

_log = structlog.get_logger(__name__)


class Telegram:
    """One bot on Telegram, by its token. `wait` is the long poll's time in seconds, at most 50."""

    lane = "telegram"

    def __init__(
        self,
        token: str,
        url: str = API_URL,
        *,
        clock: Callable[[], datetime],
        proxy: str = "",
        wait: int = 25,
    ) -> None:
        self._api = TelegramAPIServer.from_base(url)
        self._session = AiohttpSession(proxy=proxy or None, api=self._api)
        try:
            self._bot = Bot(token, session=self._session)
        except TokenValidationError:
            raise ValueError("this is not a Telegram token") from None
        self._secrets = (token, proxy)
        self._clock = clock
        self._wait = wait
        self._username = ""
        self._seen = 0
        self._offset = 0
        self._has_polled = False
        self._told_at = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Tell Telegram what is confirmed, if it can be told at once, and hang up."""
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                if self._offset:
                    goodbye = methods.GetUpdates(offset=self._offset, limit=1, timeout=0)
                    await self._call(goodbye, repeatable=True)
        except (DeliveryFailed, TimeoutError) as error:
            _log.info("telegram.confirmed_later", reason=str(error))
        finally:
            self._offset = 0
            await (await self._session.create_session()).close()

    async def identify(self) -> str:
        """Ask for the bot's user name, which `link` needs; raises NotSent and its kinds."""
        if not self._username:
            me = await self._call(methods.GetMe(), repeatable=True)
            with wire.formed("getMe"):
                self._username = str(me["username"])
        return self._username

    def link(self, payload: str) -> str:
        """Give the link that opens the chat and says `payload`; needs `identify` before it.

        Raises ValueError for a payload that Telegram would not carry.
        """
        if not self._username:
            raise LookupError("the bot's name is not known yet: identify it first")
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError("Telegram's links carry up to 64 of A-Z a-z 0-9 _ -")
        return f"https://t.me/{self._username}?start={payload}"

    async def checkup(self) -> Checkup:
        """Ask who we are, and who takes our updates; raises NotSent and its kinds."""
        username = await self.identify()
        hook = await self._call(methods.GetWebhookInfo(), repeatable=True)
        with wire.formed("getWebhookInfo"):
            waiting = int(hook.get("pending_update_count", 0))
            told_at = wire.date_of(self._told_at)
            return Checkup(f"@{username}", told_at, hook.get("url", ""), waiting)

    async def introduce(
        self, commands: Mapping[str, str], description: str, short_description: str
    ) -> None:
        """Set the commands (name → what it does) and what an empty chat and the profile say."""
        await self.identify()
        told = [types.BotCommand(command=name, description=text) for name, text in commands.items()]
        await self._call(methods.SetMyCommands(commands=told), repeatable=True)
        await self._call(methods.SetMyDescription(description=description), repeatable=True)
        brief = methods.SetMyShortDescription(short_description=short_description)
        await self._call(brief, repeatable=True)

    async def poll(self) -> Sequence[Update]:
        """Wait for updates; what was confirmed is told to Telegram by this very call.

        The first call waits for nothing: it says what came while nobody asked.
        """
        offset, self._seen = self._offset, 0
        wait = self._wait if self._has_polled else 0
        call = methods.GetUpdates(offset=offset or None, timeout=wait, allowed_updates=ALLOWED)
        try:
            batch = await self._call(call, repeatable=True, seconds=self._wait + CALL_SECONDS)
        except PolledElsewhere as error:
            if "webhook" not in str(error).lower():
                raise
            _log.warning("telegram.webhook_removed", reason=str(error))
            await self._call(methods.DeleteWebhook(drop_pending_updates=False), repeatable=True)
            return []
        if not isinstance(batch, list):
            raise NotSent("getUpdates: an answer that is no list")
        self._has_polled = True
        if offset == self._offset:
            # Confirmed for good. Asking from the beginning again also finds the random, perhaps
            # lower ids with which Telegram goes on after a week of silence.
            self._offset = 0
        now = self._clock()
        self._seen = highest(batch) + 1
        return [understand(raw, now) for raw in batch]

    async def confirm(self) -> None:
        """Let the next poll tell Telegram that everything so far is stored."""
        if self._seen:
            self._offset, self._seen = self._seen, 0

    async def acknowledge(self, update: Update) -> None:
        """Stop the spinner of a pressed button; too late is not an error."""
        try:
            call = methods.AnswerCallbackQuery(callback_query_id=update.press)
            await self._call(call, repeatable=True)
        except (Rejected, ChatClosed) as error:
            _log.debug("telegram.press_too_late", reason=str(error))

    async def working(self, chat: str) -> None:
        """Show «печатает…» for five seconds; best effort."""
        try:
            await self._call(methods.SendChatAction(chat_id=chat, action="typing"), repeatable=True)
        except DeliveryFailed as error:
            _log.debug("telegram.not_shown_as_working", reason=str(error))

    async def send(
        self, chat: str, message: Reply, files: Sequence[LocalFile], random_id: int
    ) -> str:
        """Send a message. Telegram knows no `random_id`, so a lost answer is OutcomeUnknown.

        A file that is refused in its own form goes as a document. Buttons leave no room for a
        menu, and an album has neither.
        """
        del random_id
        *tries, last = await forms(chat, message, files)
        give = self._upload if files else self._call
        for form in tries:
            try:
                return telegram_errors.reference(await give(form, repeatable=False))
            except Rejected as error:
                _log.info("telegram.another_form", reason=str(error))
        return telegram_errors.reference(await give(last, repeatable=False))

    async def edit(self, chat: str, message_ref: str, message: Reply) -> None:
        """Change a message in place; doing it twice does no harm, so a lost answer is NotSent."""
        if not message_ref.isdecimal():
            raise EditRejected("the message has no number")
        call = methods.EditMessageText(
            chat_id=chat,
            message_id=int(message_ref),
            text=message.text,
            reply_markup=buttons(message),
            link_preview_options=NO_PREVIEW,
        )
        try:
            await self._call(call, repeatable=True)
        except Rejected as error:
            if telegram_errors.changes_nothing(error):
                return
            raise telegram_errors.edit_refusal(error) or error from None

    async def download(self, file: RemoteFile) -> AsyncIterator[bytes]:
        """Stream a file; over 20 MB Telegram hands out none."""
        try:
            told = await self._call(methods.GetFile(file_id=file.ref), repeatable=True)
        except (Rejected, ChatClosed) as error:
            raise FileRefused(str(error), too_big="too big" in str(error)) from None
        trouble: Exception | None = None
        session = await self._session.create_session()
        with wire.formed("getFile"):
            url = self._api.file_url(self._bot.token, told["file_path"])
        try:
            async with session.get(url, timeout=wire.timeout(UPLOAD_SECONDS)) as response:
                trouble = wire.file_trouble(response.status)
                if trouble is None:
                    async for chunk in response.content.iter_chunked(wire.CHUNK):
                        yield chunk
        except wire.FAILURES as error:
            trouble = wire.failure(error, "download", repeatable=True, secrets=self._secrets)
        if trouble is not None:
            raise trouble

    async def _call(
        self,
        method: methods.TelegramMethod[Any],
        *,
        repeatable: bool,
        seconds: float = CALL_SECONDS,
    ) -> Any:
        """Call a method that carries no file."""
        asked = {"data": worded(method), "headers": _AS_JSON}
        return await self._ask(method.__api_method__, asked, seconds, repeatable=repeatable)

    async def _upload(self, method: methods.TelegramMethod[Any], *, repeatable: bool) -> Any:
        asked = {"data": self._session.build_form_data(self._bot, method)}
        return await self._ask(method.__api_method__, asked, UPLOAD_SECONDS, repeatable=repeatable)

    async def _ask(
        self, name: str, asked: Mapping[str, Any], seconds: float, *, repeatable: bool
    ) -> Any:
        session = await self._session.create_session()
        url = self._api.api_url(self._bot.token, name)
        try:
            async with session.post(
                url, **asked, timeout=wire.timeout(seconds), allow_redirects=False
            ) as response:
                self._told_at = response.headers.get("Date", "")
                answer = response.status, await response.text("utf-8", errors="replace")
        except wire.FAILURES as error:
            trouble = wire.failure(error, name, repeatable=repeatable, secrets=self._secrets)
        else:
            return telegram_errors.read(name, *answer, repeatable=repeatable)
        raise trouble
