"""Tokens and people in the logs (ASVS 16.2.5, 16.4.1, 14.2.4): no line has them, however it fails.

What `tests/bot/test_logs.py` shows of single lines is tried here with people who write in English,
with one-time codes, and on a whole house in which everything breaks.
"""

import asyncio
import json
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa
import structlog
from pydantic import TypeAdapter

from bot.ingress import Ingress
from handlers import menu
from handlers.messages import Button, FileKind, FileState, RemoteFile, Reply
from handlers.turn import Turn
from scheduler import plan
from scheduler.delivery import Lane
from scheduler.messenger import Update
from storage import accounts, outbox, sessions
from storage.database import Tx
from storage.outbox import NewMessage
from storage.tables.messages import cards
from tests.bot.test_logs import TELEGRAM, Sink, sink
from tests.chat import Chat, House, photo

__all__ = ["sink"]

CODE = "K7MPR-2W9XZ"
STAFF_CODE = "K7MP-R2W9-XZ34-ABCD"
WRITTEN = "O'Brien Maeve of 7B: my essay about grandmother's house"
LATIN = ("Brien", "Maeve", "essay", "grandmother", "house")
NEVER = (*LATIN, "K7MPR", "k7mpr", "2W9XZ", "XZ34", TELEGRAM, TELEGRAM.partition(":")[2])


class Mood(Enum):
    GOOD = "good"


def never_in(text: str, *more: str) -> None:
    for hidden in (*NEVER, *more):
        assert hidden not in text, f"{hidden!r} in:\n{text}"


MISTAKES: dict[str, Callable[[str], object]] = {
    "a number": int,
    "a date": date.fromisoformat,
    "an instant": datetime.fromisoformat,
    "a choice": Mood,
    "another choice": FileState,
    "a key": lambda text: dict[str, str]()[text],
    "a label": lambda text: Button(text * 2, "go"),
    "an action": lambda text: Button("go", text * 2),
    "a button": lambda text: Button("go", text, text),
    "JSON": lambda text: json.loads(f'{{"{text}": '),
    "a row": TypeAdapter(list[int]).validate_python,
    "bytes": lambda text: f"{text} é".encode("ascii"),
    "a pattern": lambda text: re.compile(f"({text}"),
    "a list": lambda text: [text].index("x" + text),
    "an address": lambda text: sa.engine.make_url(f"{text}"),
    "a type": lambda text: _raise(TypeError(f"{text!r} is not a number, but {[text]}")),
    "an argument": lambda text: Button("go", "to", **{text: text}),
    "an attribute": lambda text: getattr(object(), text),
    "a missing attribute": lambda text: _raise(AttributeError(f"nothing is called {text!r}")),
    "a module": lambda text: _raise(ImportError(f"cannot import {text!r}", name=text)),
    "a file": lambda text: Path("/nowhere", text).read_bytes(),
    "a photo": lambda text: Path("/nowhere", f"{text.partition(' ')[2]}.jpg").read_bytes(),
    "two files": lambda text: Path(text).replace(f"{text}.new"),
    "a sentence about a disk": lambda text: _raise(OSError(5, f"no {text!r}", f"/x/{text}")),
    "a host": lambda text: _raise(ConnectionError(f"no such chat: {text!r}")),
}


def _raise(error: Exception) -> NoReturn:
    raise error


def make_the_mistake(mistake: str, text: str) -> None:
    MISTAKES[mistake](text)


@pytest.mark.parametrize(
    ("mistake", "written"),
    [
        *((mistake, WRITTEN) for mistake in MISTAKES),
        *(("a key", code) for code in (CODE, CODE.lower(), STAFF_CODE, f"start:{CODE}")),
    ],
)
def test_what_a_person_wrote_is_in_no_failure(sink: Sink, mistake: str, written: str) -> None:
    log = structlog.get_logger("bot.test")
    try:
        make_the_mistake(mistake, written)
    except Exception as error:
        log.exception("failed", cause=repr(error), reason=str(error))
        log.warning("failed", error=error, errors=[repr(error), (str(error),)])
        logging.getLogger("asyncio").warning("future: <Task exception=%r>", error)
        logging.getLogger("aiohttp.server").exception("request failed")
        group = ExceptionGroup("several", [error, ValueError(f"inside: {written!r}")])
        group.__cause__ = KeyError(written)
        log.exception("failed", exc_info=group)
    assert sink.text.count("failed") >= 3
    never_in(sink.text)


@pytest.mark.parametrize("code", [CODE, CODE.replace("-", ""), CODE.lower(), STAFF_CODE])
def test_a_one_time_code_is_in_no_line_though_nobody_quotes_it(sink: Sink, code: str) -> None:
    log = structlog.get_logger("bot.test")
    log.info("typed", text=code, action=f"start:{code}", link=f"https://t.me/bot?start={code}")
    log.info("typed %s.", code)
    never_in(sink.text)


def test_words_that_are_no_codes_stay(sink: Sink) -> None:
    structlog.get_logger("bot.test").info("worker.batch_failed", state="connection parameters")
    assert "worker.batch_failed" in sink.text
    assert "connection parameters" in sink.text


@dataclass
class Broken:
    """A messenger that fails at everything, and quotes what it was given."""

    lane: str
    was_polled: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll(self) -> Sequence[Update]:
        self.was_polled.set()
        raise ValueError(f"https://api.telegram.org/bot{TELEGRAM}/getUpdates gave {WRITTEN!r}")

    async def confirm(self) -> None:
        raise ConnectionError(f"confirm bot{TELEGRAM}")

    async def acknowledge(self, update: Update) -> None:
        raise KeyError(f"{TELEGRAM} {update.raw}")

    async def working(self, chat: str) -> None:
        raise ValueError(f"{TELEGRAM} {chat}: {WRITTEN!r}")

    async def download(self, file: RemoteFile) -> AsyncIterator[bytes]:
        yield b"%PDF"
        raise ValueError(f"GET https://api.telegram.org/file/bot{TELEGRAM}/{file.name!r}")

    async def send(self, chat: str, message: Reply, *_: object) -> str:
        raise LookupError(f"bot{TELEGRAM}: no chat {chat!r} for {message!r}")

    async def edit(self, chat: str, message_ref: str, message: Reply) -> None:
        raise LookupError(f"bot{TELEGRAM}: no {message_ref!r} in {chat!r} for {message!r}")


@pytest.fixture
def printed(capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Give what went to stdout and stderr besides the log."""
    return lambda: "".join(capfd.readouterr())


def noted(house: House) -> str:
    """Return what the database keeps as the cause of a failure."""
    with closing(sqlite3.connect(house.database.path)) as db:
        rows = [
            *db.execute("select error from inbox"),
            *db.execute("select error from outbox"),
        ]
    return "\n".join(row[0] for row in rows)


async def maeve(house: House) -> Chat:
    return await house.chat("S701")


async def test_a_handler_that_fails_over_a_name(
    sink: Sink, printed: Callable[[], str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await maeve(house)

    async def fail(turn: Turn) -> None:
        pupil, said, token = turn.speaker.person, turn.incoming.text, TELEGRAM
        raise ValueError(f"{pupil!r} said {said!r} by {token}")

    monkeypatch.setattr(menu, "fallback", fail)
    for said in (WRITTEN, f"{CODE} {WRITTEN}"):
        await chat.says(said)
    assert "handler.failed" in sink.text
    assert "event.quarantined" in sink.text
    never_in(sink.text + printed() + noted(house), "Соколова")


async def test_a_database_that_refuses_a_name(
    sink: Sink, printed: Callable[[], str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await maeve(house)

    async def fail(turn: Turn) -> None:
        row = {"messenger": "vk", "chat_ref": WRITTEN, "card": CODE, "message_ref": TELEGRAM}
        await turn.tx.execute(sa.insert(cards), [row, row])

    monkeypatch.setattr(menu, "fallback", fail)
    await chat.says(WRITTEN)
    assert "IntegrityError" in sink.text
    never_in(sink.text + printed() + noted(house), "Соколова")


async def test_a_commit_that_fails(
    sink: Sink, printed: Callable[[], str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await maeve(house)

    async def fail(tx: Tx, *_: object) -> None:
        await tx.execute(sa.text("select * from nowhere where name = :name"), {"name": WRITTEN})

    await chat.says("Мой день")
    monkeypatch.setattr(sessions, "load", fail)
    await chat.says(WRITTEN)
    assert "nowhere" in sink.text
    never_in(sink.text + printed() + noted(house), "Соколова")


async def test_a_messenger_that_fails_at_everything(
    sink: Sink, printed: Callable[[], str], house: House
) -> None:
    chat, broken = await maeve(house), Broken("telegram")
    ingress = Ingress(broken, house.database, house.store, house.clock.now)
    lane = Lane(broken, house.database, house.store, house.clock.now)
    file = RemoteFile(FileKind.DOCUMENT, "ref", f"{WRITTEN}.pdf")
    update = Update("1", f'{{"text": "{WRITTEN}"}}', chat.event(remote=(file,)), press="spinner")
    garbled = Update("2", WRITTEN, error=f"KeyError: {WRITTEN!r}")
    with pytest.raises(ConnectionError):
        await ingress.take([update, garbled])
    await ingress.fetch_waiting()
    await house.worker.handle_ready()
    async with house.database.write() as tx:
        card = NewMessage("1", "reply", "telegram", chat.user, {"text": WRITTEN}, house.clock.now())
        await outbox.plan(tx, [replace(card, is_reply=True)], house.clock.now())
    while await lane.deliver_due():
        pass
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(ingress.run())
        await broken.was_polled.wait()
        running.cancel()
    for expected in ("press.unacknowledged", "file.missing", "courier.broken", "ingress.failed"):
        assert expected in sink.text, expected
    assert "update.quarantined" in sink.text
    never_in(sink.text + printed() + noted(house), "Соколова")


async def test_a_notice_that_cannot_be_written_and_a_moment_that_fails(
    sink: Sink, printed: Callable[[], str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await maeve(house)

    async def fail(*_: object) -> None:
        raise KeyError(f"{WRITTEN} {TELEGRAM}")

    async with house.database.write() as tx:
        account = await accounts.bound(tx, "telegram", chat.user)
        assert account is not None
        strange = NewMessage(
            "strange",
            "no such kind",
            "telegram",
            chat.user,
            {"whose": WRITTEN},
            house.clock.now(),
            school_id=account.school_id,
            person_id=chat.person_id,
        )
        await outbox.plan(tx, [strange], house.clock.now())
    await house.settle()
    monkeypatch.setattr(plan, "CONTINUAL", (fail,))
    await plan.tick(house.database, house.clock.now())
    assert "notice.unrenderable" in sink.text
    assert "moment.failed" in sink.text
    never_in(sink.text + printed() + noted(house), "Соколова")


async def test_a_disk_that_fails_while_a_file_is_stored(
    sink: Sink, printed: Callable[[], str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await maeve(house)

    async def fail(*_: object) -> None:
        raise ValueError(f"cannot keep {WRITTEN!r} of {TELEGRAM}")

    monkeypatch.setattr(house.store, "save", fail)
    await chat.sends(replace(photo(), name=f"{WRITTEN}.jpg"))
    assert "file.missing" in sink.text
    never_in(sink.text + printed() + noted(house), "Соколова")


async def test_a_stranger_who_tries_codes_is_not_quoted(
    sink: Sink, printed: Callable[[], str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_tx: Tx, found: list[str]) -> None:
        raise LookupError(f"{CODE} is none of {found!r}")

    monkeypatch.setattr(accounts, "code", fail)
    await house.stranger().says(CODE)
    await house.stranger("vk").opens(CODE)
    assert sink.text.count("handler.failed") == 6
    never_in(sink.text + printed() + noted(house))
