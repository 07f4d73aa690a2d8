import asyncio
import gc
import io
import json
import logging
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
import structlog
from pydantic import TypeAdapter, ValidationError

from bot import logs
from handlers.messages import Button, Incoming
from storage import outbox
from storage.database import Database
from storage.tables.people import persons

TELEGRAM = "7210345678:AAExampleTokenOfThirtyFiveCharacters_x"
VK = "vk1.a.Ex4mple_Token-Of.Many_Characters"
PASSWORD = "p@ss:w/rd!"
SECRETS = (TELEGRAM, TELEGRAM.partition(":")[2], VK, PASSWORD, "rd!", "hunter2")
PEOPLE = ("Соколова", "Мария", "соколова", "sokolova.m@example.org", "916 123", "9161234567")

SAYINGS = [
    f"https://api.telegram.org/bot{TELEGRAM}/getUpdates",
    f"http://127.0.0.1:8081/file/bot{TELEGRAM}/photos/1.jpg",
    f"https://api.telegram.org/bot{TELEGRAM.replace(':', '%3A')}/getMe",
    f"token is {TELEGRAM}.",
    f"https://api.vk.ru/method/messages.send?access_token={VK}&v=5.199",
    f"Bearer {VK}",
    "https://lp.vk.ru/wh1?act=a_check&key=hunter2&ts=3&wait=25",
    f"smtp://school:{PASSWORD}@mail.example.org:587",
    "socks5://:hunter2@10.0.0.1:1080",
    "postgresql+asyncpg://dezhurny:hunter2@db/school",
    "{'access_token': 'hunter2', \"password\": \"hunter2\", 'secret': 'hunter2'}",
    '{"token":"hunter2","v":1}',
    "DEZHURNY_VK_TOKEN=hunter2",
    "Authorization: hunter2",
    "AUTH PLAIN hunter2==",
    "Соколова Мария Андреевна прислала работу",
    "письмо для sokolova.m@example.org не принято",
    "call +7 (916) 123-45-67 or 89161234567",
]


@dataclass
class Sink:
    """What an operator reads."""

    stream: io.StringIO

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def is_clean(self) -> None:
        assert self.text.strip(), "nothing was said at all"
        decoded = self.text + self.text.encode().decode("unicode_escape", "replace")
        for hidden in (*SECRETS, *PEOPLE):
            assert hidden not in decoded, f"{hidden!r} in:\n{self.text}"


@pytest.fixture(params=["console", "json"])
def sink(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """Logs as the bot configures them, in each format, at the most talkative level."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.ROOMS}
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    logs.configure("DEBUG", request.param)
    yield Sink(stream)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)
    structlog.configure(**before)


def fail(text: str) -> None:
    raise ConnectionError(text)


def by_value(text: str) -> None:
    structlog.get_logger("bot.test").warning("said", cause=text, nested={"a": [text, (text,)]})


def by_format(text: str) -> None:
    structlog.get_logger("bot.test").info("said %s", text)
    structlog.get_logger("bot.test").info(f"said {text}")


def by_object(text: str) -> None:
    structlog.get_logger("bot.test").info("said", error=ValueError(text), raw=text.encode())


def by_exception(text: str) -> None:
    try:
        fail(text)
    except ConnectionError:
        structlog.get_logger("bot.test").exception("failed")


def by_chained_exceptions(text: str) -> None:
    try:
        try:
            fail(text)
        except ConnectionError as error:
            raise ExceptionGroup(text, [ValueError(text), error]) from error
    except ExceptionGroup:
        structlog.get_logger("bot.test").exception("failed")


def by_the_standard_library(text: str) -> None:
    logging.getLogger("aiogram.dispatcher").error("request to %s failed", text)
    logging.getLogger("bot").info("%s", {"url": text})


def by_a_librarys_exception(text: str) -> None:
    try:
        fail(text)
    except ConnectionError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved: %s", text)


def by_a_warning(text: str) -> None:
    warnings.warn(text, stacklevel=1)


def by_nobody(text: str) -> None:
    try:
        fail(text)
    except ConnectionError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def by_a_thread(text: str) -> None:
    thread = threading.Thread(target=fail, args=(text,))
    thread.start()
    thread.join()


class Leaving:
    """Fails when it goes."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text

    def __del__(self) -> None:
        fail(self._text)


def by_a_finaliser(text: str) -> None:
    Leaving(text)
    gc.collect()


def by_a_generator_that_nobody_ends(text: str) -> None:
    def half_done() -> Iterator[int]:
        try:
            yield 1
        finally:
            fail(text)

    next(half_done())
    gc.collect()


def by_a_line_that_cannot_be_written(text: str) -> None:
    """Without pytest's own handlers, which fail over such a line."""
    root = logging.getLogger()
    every = root.handlers[:]
    root.handlers[:] = [
        one for one in every if isinstance(one.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    try:
        logging.getLogger("aiogram.dispatcher").error("%d updates of %s", text, text)
        logging.getLogger("bot").warning("%d", text)
    finally:
        root.handlers[:] = every


WAYS = [
    by_value,
    by_format,
    by_object,
    by_exception,
    by_chained_exceptions,
    by_the_standard_library,
    by_a_librarys_exception,
    by_a_warning,
    by_nobody,
    by_a_thread,
    by_a_finaliser,
    by_a_generator_that_nobody_ends,
    by_a_line_that_cannot_be_written,
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.filterwarnings("always")
def test_no_secret_and_no_name_is_in_a_log_line_however_it_gets_there(
    sink: Sink, way: Callable[[str], None]
) -> None:
    for saying in SAYINGS:
        way(saying)
    sink.is_clean()


async def test_nor_when_a_task_fails_that_nobody_awaits(sink: Sink) -> None:
    loop = asyncio.get_running_loop()
    for saying in SAYINGS:
        loop.call_exception_handler({"message": saying, "exception": ConnectionError(saying)})
    sink.is_clean()


async def test_nor_when_the_database_refuses_a_row(sink: Sink, either_database: Database) -> None:
    row = {"school_id": 1, "surname": "Соколова", "given_name": "Мария"}
    try:
        async with either_database.write() as tx:
            await tx.execute(sa.insert(persons).values(row))
    except sa.exc.IntegrityError:
        structlog.get_logger("bot.test").exception("failed")
    assert "IntegrityError" in sink.text
    sink.is_clean()


async def test_nor_when_a_unique_key_is_taken(sink: Sink, either_database: Database) -> None:
    async def add() -> None:
        async with either_database.write() as tx:
            key = sa.text("INSERT INTO cards VALUES ('vk', 'sokolova.m@example.org', 'Мария', '1')")
            await tx.execute(key)

    await add()
    try:
        await add()
    except sa.exc.IntegrityError:
        structlog.get_logger("bot.test").exception("failed")
    assert "IntegrityError" in sink.text
    sink.is_clean()


def test_nor_when_something_cannot_be_read(sink: Sink) -> None:
    event = '{"address": {"messenger": "vk", "chat": "ivanova"}, "text": "my name is Ivanova"}'
    try:
        TypeAdapter(Incoming).validate_json(event)
    except ValidationError:
        structlog.get_logger("bot.test").exception("failed")
    assert "ValidationError" in sink.text
    assert "vanova" not in sink.text
    sink.stream.write("said")
    sink.is_clean()


def test_nor_when_a_button_is_too_long(sink: Sink) -> None:
    try:
        Button("Соколова Мария Андреевна, 7Б, алгебра: № 12, № 14", "act")
    except ValueError:
        structlog.get_logger("bot.test").exception("failed")
    assert "a label has 1 to 40 characters" in sink.text
    sink.is_clean()


async def test_what_libraries_say_of_rows_at_a_talkative_level_is_not_said(
    sink: Sink, either_database: Database
) -> None:
    async with either_database.read() as tx:
        await outbox.exists(tx, "Соколова")
        assert (await tx.execute(sa.select(persons.c.surname))).all()
    structlog.get_logger("bot.test").debug("said")
    assert "SELECT" not in sink.text
    sink.is_clean()


def test_what_an_operator_needs_is_still_there(sink: Sink) -> None:
    log = structlog.get_logger("bot.test")
    log.info("running", lanes=["telegram", "vk"], number=412, share=0.5, nothing=None)
    try:
        fail("[Errno 111] Connect call failed ('127.0.0.1', 8081)")
    except ConnectionError:
        log.exception("poll.failed", attempts=3)
    for expected in ("running", "telegram", "412", "0.5", "poll.failed", "attempts", "3"):
        assert expected in sink.text
    for expected in ("Traceback", "in fail", "test_logs.py", "ConnectionError", "8081"):
        assert expected in sink.text


def test_what_fails_in_a_finaliser_is_told_with_its_place(sink: Sink) -> None:
    by_a_finaliser("said")
    for expected in ("unraisable", "ConnectionError", "in __del__", "test_logs.py"):
        assert expected in sink.text


def test_a_line_that_cannot_be_written_is_told_with_its_place(sink: Sink) -> None:
    by_a_line_that_cannot_be_written("said")
    lines = sink.text.splitlines()
    assert len(lines) == 2
    assert all("is lost (TypeError)" in line and "test_logs:" in line for line in lines)


def test_ctrl_c_needs_no_words(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its own nor those of what it broke into."""
    monkeypatch.setattr(sys, "stderr", sink.stream)
    stop = KeyboardInterrupt()
    stop.__context__ = ConnectionError("Соколова")
    sys.excepthook(type(stop), stop, None)
    assert not sink.text


def test_a_line_of_json_is_an_object_with_its_time_level_and_room(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", sink.stream)
    logs.configure("INFO", "json")
    structlog.get_logger("bot.test").warning("said", n=1)
    logging.getLogger("aiohttp").warning("theirs")
    ours, theirs = map(json.loads, sink.text.splitlines())
    assert ours.pop("timestamp").endswith("Z")
    assert ours == {"event": "said", "level": "warning", "logger": "bot.test", "n": 1}
    assert (theirs["event"], theirs["logger"]) == ("theirs", "aiohttp")


def test_a_level_that_is_not_talkative_is_kept(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", sink.stream)
    logs.configure("WARNING", "json")
    structlog.get_logger("bot.test").info("quiet")
    structlog.get_logger("bot.test").warning("loud")
    assert "quiet" not in sink.text
    assert "loud" in sink.text


def test_a_long_line_without_an_address_is_read_once_and_not_from_each_letter() -> None:
    line = "x" * 1_000_000
    assert logs.redacted(line) == line
    assert "mother" not in logs.redacted(f"{line} {line}.mother@example.org")


@pytest.mark.parametrize("told", ['"\\', "'\\", "'", 'a"'])
def test_nor_is_a_quote_that_never_ends(told: str) -> None:
    began = time.process_time()
    logs.unquoted(told * 50_000)
    assert time.process_time() - began < 5, "each quote was read to the end of the line"
