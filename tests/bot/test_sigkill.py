"""The process is killed with SIGKILL, again and again, while students hand in."""

import asyncio
import hashlib
import json
import os
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import Messenger
from bot.sandbox.server import BOTS, Rules, Sandbox
from bot.sandbox.telegram.side import TelegramSide
from school import setting, speakers
from school.setting import Order
from school.speakers import Speaker
from storage import accounts, tasks, timetable
from storage.accounts import Account
from storage.database import Tx, opened
from storage.files import FileStore
from storage.tables.people import persons
from storage.tasks import Channel, NewTask
from tests.bot import lives, moments
from tests.bot.lives import Lives
from tests.bot.phones import SandboxPhone
from tests.bot.pupils import Pupil, Sent
from tests.school_template import MOSCOW, sqlite_url

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

KILLS = int(os.environ.get("KILLS", "20"))
SEED = int(os.environ.get("KILLS_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
AFTERNOON = datetime(2026, 11, 23, 16, 0, tzinfo=MOSCOW)
TELEGRAM_PUPILS = ("S701", "S703", "S705", "S707", "S709")
VK_PUPILS = ("S702", "S704", "S706", "S708", "S710")
TASKS = 60
ANNOUNCED = 2
ROUND_TRIP = 0.03
"""Seconds between this school and the messengers' servers."""
REST_CHECKS = 75
MOMENTS = (
    moments.any_instant,
    moments.updates_handed_over,
    moments.file_fetched,
    moments.said("Работа принята"),
    moments.said("Собрано"),
)
REPEAT = "(повтор) "

PLAIN_KILLS = 6
BACKLOG = 60


@dataclass
class Evidence:
    """What the deaths left behind: messages on their way, by lane."""

    in_flight: Counter[str] = field(default_factory=Counter)
    interrupted: Counter[str] = field(default_factory=Counter)


@pytest.mark.clause("П1-1.5")
async def test_a_work_with_a_receipt_survives_any_death(template: Path, tmp_path: Path) -> None:
    """Every receipt has its work, once, with its files; every pupil hears every answer."""
    chance = random.Random(SEED)
    path = tmp_path / "school.db"
    shutil.copyfile(template, path)
    async with (
        Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox,
        lives.lives_of(lives.live, tmp_path / "log") as bot,
    ):
        sandbox.world.faults.set(FaultKind.SLOW, seconds=ROUND_TRIP)
        pupils = await class_of(sandbox, path, chance)
        evidence = await lived_through(sandbox, bot, pupils, path, chance)
        doubled = doubled_messages(sandbox, path, pupils)
    report(pupils, evidence, doubled, bot)
    check_works(path, tmp_path / "files", [work for pupil in pupils for work in pupil.works])
    assert not rows(path, "SELECT state, error FROM inbox WHERE state != 'done'")
    assert all(pupil.phone.chat.shown()[-1].direction == "out" for pupil in pupils)
    assert not [lost for pupil in pupils for lost in pupil.tries_again], "an answer was lost"
    assert "[error" not in bot.said(), bot.said()[-3000:]
    assert not doubled["vk"]
    for lane in ("telegram", "mail"):
        assert doubled[lane] <= evidence.in_flight[lane]


async def class_of(sandbox: Sandbox, path: Path, chance: random.Random) -> list[Pupil]:
    """Bind a handful of pupils on each messenger, and give the class tasks enough for all."""
    pupils = []
    async with opened(sqlite_url(path)) as database, database.write() as tx:
        for messenger, names in ((Messenger.TELEGRAM, TELEGRAM_PUPILS), (Messenger.VK, VK_PUPILS)):
            for name in names:
                phone = SandboxPhone(sandbox, messenger, name)
                phone.chat.started = True
                pupils.append(Pupil(name, phone, random.Random(chance.random())))
                person = await speaker(tx, f"students:{name}")
                chat = str(phone.id)
                account = Account(0, person.school.id, person.id, messenger, chat, chat)
                await accounts.bind(tx, account, AFTERNOON)
        teacher = await speaker(tx, "teachers:T01")
        courses = await timetable.teachings_of(tx, teacher.id)
        geometry = next(one for one in courses if one.subject == "Геометрия")
        for number in range(TASKS):
            due_at = AFTERNOON + timedelta(days=1, minutes=number)
            order = Order(geometry, f"Задача {number}", (), due_at, Channel.HERE)
            if number < ANNOUNCED:
                await setting.give(tx, teacher.school, teacher, order, AFTERNOON)
            else:
                await tasks.add(tx, unannounced(order, teacher), [])
    return pupils


async def speaker(tx: Tx, key: str) -> Speaker:
    """Give somebody of the roster."""
    found = sa.select(persons.c.id).where(persons.c.roster_key == key)
    loaded = await speakers.load(tx, int(await tx.scalar(found) or 0), AFTERNOON)
    assert loaded is not None
    return loaded


def unannounced(order: Order, teacher: Speaker) -> NewTask:
    return NewTask(
        school_id=teacher.school.id,
        teacher_id=teacher.id,
        class_id=order.teaching.school_class.id,
        group_id=None,
        subject_id=order.teaching.subject_id,
        text=order.text,
        set_at=AFTERNOON,
        due_at=order.due_at,
    )


async def lived_through(
    sandbox: Sandbox, bot: Lives, pupils: Sequence[Pupil], path: Path, chance: random.Random
) -> Evidence:
    """Kill the bot time and again while the pupils hand in; give what the deaths left."""
    evidence, enough = Evidence(), asyncio.Event()
    settings = lives.settings_for(sandbox, sqlite_url(path), path.parent)

    def begin() -> None:
        bot.begin(settings, sandbox.world.now(), "")

    begin()
    async with asyncio.TaskGroup() as group:
        for pupil in pupils:
            group.create_task(pupil.hand_in_until(enough))
        for number in range(KILLS):
            await MOMENTS[number % len(MOMENTS)](sandbox.world, chance)
            assert bot.is_running, bot.said()[-3000:]
            bot.kill()
            look_at_the_dead(path, evidence)
            await asyncio.sleep(chance.uniform(0.0, 0.4))
            begin()
        enough.set()
    await at_rest(sandbox, path)
    assert await bot.stop() == 0
    return evidence


def look_at_the_dead(path: Path, evidence: Evidence) -> None:
    for lane, count in rows(
        path, "SELECT lane, count(*) FROM outbox WHERE state = 'sending' GROUP BY lane"
    ):
        evidence.in_flight[lane] += count
    for state, count in rows(
        path, "SELECT state, count(*) FROM inbox WHERE state IN ('fetching','ready') GROUP BY state"
    ):
        evidence.interrupted[state] += count


async def at_rest(sandbox: Sandbox, path: Path) -> None:
    """Wait until nothing is under way any more; fails where something stays."""
    waiting = (
        "SELECT 'inbox', id, messenger, state FROM inbox WHERE state IN ('fetching', 'ready')"
        " UNION ALL SELECT 'outbox', id, lane || ' ' || kind, state FROM outbox"
        " WHERE state = 'sending' OR state = 'planned' AND send_after <= ?"
    )
    left = rows(path, waiting, in_utc(sandbox.world.now()))
    for _ in range(REST_CHECKS):
        if not left:
            return
        await asyncio.sleep(0.2)
        left = rows(path, waiting, in_utc(sandbox.world.now()))
    raise AssertionError(f"not at rest: {left}")


def in_utc(moment: datetime) -> str:
    """Write an instant as the database does."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def doubled_messages(sandbox: Sandbox, path: Path, pupils: Sequence[Pupil]) -> Counter[str]:
    """Count what reached a chat more often than the outbox has it, by messenger."""
    sent: Counter[tuple[str, str, str]] = Counter()
    known = set()
    for call in sandbox.world.calls.after(0):
        if call.method == "messages.send" and "response" in (call.answer or {}):
            key = (str(call.params["peer_ids"]), str(call.params["random_id"]))
            if key not in known:
                known.add(key)
                sent["vk", key[0], call.params.get("message", "")] += 1
        elif call.method == "sendMessage" and call.answer.get("ok"):
            text = str(call.params["text"]).removeprefix(REPEAT)
            sent["telegram", str(call.params["chat_id"]), text] += 1
    for lane, address, rendered in rows(
        path, "SELECT lane, address, rendered FROM outbox WHERE attempts > 0"
    ):
        text = json.loads(rendered).get("text", "").removeprefix(REPEAT)
        sent[lane, address, text] -= 1
    assert {chat for _, chat, _ in sent} >= {str(pupil.phone.id) for pupil in pupils}
    letters = [letter.message_id for letter in sandbox.mailbox.after()]
    doubled = Counter(mail=len(letters) - len(set(letters)))
    for (lane, _, _), excess in sent.items():
        doubled[lane] += max(0, excess) if lane != "mail" else 0
    return doubled


def check_works(path: Path, folder: Path, handed_in: Sequence[Sent]) -> None:
    """Check that the database holds exactly these works, with these parts in this order."""
    store = FileStore(folder)
    kept: dict[str, list[str]] = {}
    for number, text, sha256 in rows(
        path,
        "SELECT w.number, p.text, f.sha256 FROM works w JOIN work_parts p ON p.work_id = w.id"
        " LEFT JOIN files f ON f.id = p.file_id ORDER BY w.id, p.position",
    ):
        kept.setdefault(number, []).append(sha256 or text)
        if sha256:
            content = store.path(sha256).read_bytes()
            assert hashlib.sha256(content).hexdigest() == sha256
    assert {work.number: work.parts for work in handed_in} == kept
    assert len(kept) == len(handed_in) == rows(path, "SELECT count(*) FROM works")[0][0]


def report(pupils: Sequence[Pupil], evidence: Evidence, doubled: Counter[str], bot: Lives) -> None:
    works = [work for pupil in pupils for work in pupil.works]
    hung = Counter(
        pupil.phone.messenger.value
        for pupil in pupils
        for press in pupil.spinners
        if press.answered_at is None
    )
    tell(
        f"seed {SEED}: {KILLS} kills, {len(works)} works with"
        f" {sum(len(work.parts) for work in works)} parts,"
        f" {sum(pupil.acts for pupil in pupils)} acts;"
        f" tried again {sum(len(pupil.tries_again) for pupil in pupils)};"
        f" at the deaths: in flight {dict(evidence.in_flight)}, inbox {dict(evidence.interrupted)};"
        f" doubled {dict(doubled)}; spinners that hung {dict(hung)};"
        f" errors in the log: {bot.said().count('[error')}"
    )
    for lost in (lost for pupil in pupils for lost in pupil.tries_again):
        tell(lost)


def tell(line: str) -> None:
    """Say what was found; `pytest -s` or a failure shows it."""
    sys.stdout.write(f"\n{line}\n")


def rows(path: Path, question: str, *values: object) -> list[tuple[Any, ...]]:
    """Ask the database without touching it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(question, values).fetchall()


async def test_a_plain_aiogram_bot_loses_updates(tmp_path: Path) -> None:
    """The same sandbox, the same kills: so the test above is known to bite."""
    database = tmp_path / "plain.db"
    async with (
        Sandbox(AFTERNOON, rules=Rules.unhurried()) as sandbox,
        lives.lives_of(lives.live_plainly, tmp_path / "log") as plain,
    ):
        side = sandbox.world.sides[Messenger.TELEGRAM]
        assert isinstance(side, TelegramSide)
        pupil = side.add_user("Аня").id
        said: list[int] = []
        for _ in range(PLAIN_KILLS):
            said += [side.say(pupil, f"Задача {n}")[0].id for n in range(BACKLOG)]
            plain.begin(BOTS[0].token, sandbox.telegram_api_url, database)
            await moments.updates_confirmed(side.pending)
            plain.kill()
        plain.begin(BOTS[0].token, sandbox.telegram_api_url, database)
        said.append(side.say(pupil, "Последняя")[0].id)
        await sandbox.world.news.until(lambda: moments.count(sandbox.world, "Последняя") > 0, 20)
        await asyncio.sleep(1)
    kept = {row[0] for row in rows(database, "SELECT message FROM works")}
    lost = set(said) - kept
    tell(f"plain aiogram: {len(said)} updates, {PLAIN_KILLS} kills, {len(lost)} lost")
    assert lost
