"""A post office for tests: an outbox, lanes that deliver it, and kinds of notices to put in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers import notices
from handlers.messages import Reply
from handlers.reader import Kind, Reader
from scheduler.delivery import Lane
from scheduler.lanes import Pace
from scheduler.messenger import Courier as AnyCourier
from storage import accounts
from storage.accounts import Account
from storage.database import Database
from storage.files import FileStore
from storage.outbox import Message, NewMessage
from tests.scheduler.couriers import Courier, RealTime, Watched
from tests.school_template import MONDAY
from tests.storage.rows import Rows

MINUTE = timedelta(minutes=1)


class Post:
    """Lanes over one database. School time stands at `now`, real time at `time`."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.rows = Rows(database, MONDAY)
        self.now: datetime = MONDAY
        self.time = RealTime()
        self.store = FileStore(folder)
        self.telegram, self.vk, self.mail = (Courier(name) for name in ("telegram", "vk", "mail"))
        self.lanes: dict[str, Lane] = {}
        self.renders: list[str] = []
        self.gone: set[str] = set()
        self.restart()

    def restart(self) -> None:
        """Begin another life of the process: whatever was only in memory is gone."""
        self.backoffs = {name: Watched(self.time.now) for name in ("telegram", "vk", "mail")}
        self.lanes = {one.lane: self.lane(one) for one in (self.telegram, self.vk, self.mail)}

    def lane(self, courier: AnyCourier, per_second: float = 1000) -> Lane:
        """Make a lane of a courier."""
        return Lane(
            courier,
            self.database,
            self.store,
            lambda: self.now,
            Pace(per_second, self.time.now, sleep=self.time.sleep),
            backoff=self.backoffs[courier.lane],
            keeps_random_id=courier.lane == "vk",
        )

    async def crash(self) -> None:
        """Begin another life and judge what was on its way."""
        self.restart()
        for lane in self.lanes.values():
            await lane.recover()

    async def deliver(self, lane: str = "telegram", rounds: int = 1) -> int:
        """Send what is due now."""
        return sum([await self.lanes[lane].deliver_due() for _ in range(rounds)])

    async def deliver_for(self, seconds: float, lane: str = "telegram") -> None:
        """Send what is due and falls due within so many real seconds."""
        until = self.time.seconds + seconds
        while self.time.seconds < until:
            if not await self.lanes[lane].deliver_due():
                self.time.seconds = min(until, self.backoffs[lane].next_end() + 0.001)

    async def replies(self, *texts: str, chat: str = "anya", **values: object) -> None:
        """Plan a reply for each text; the text is its key too."""
        planned = [self.rows.reply(one, chat, payload={"text": one}) for one in texts]
        await self.plan(*(replace(one, **values) for one in planned))  # type: ignore[arg-type]

    async def notice(self, key: str, chat: str = "anya", **values: object) -> None:
        """Plan a notice to Мария Соколова; its words are its key and how often it was rendered."""
        person_id, school_id = await self.rows.person("S701"), await self.rows.school()
        fields = {"person_id": person_id, "school_id": school_id, "payload": {"key": key}}
        await self.plan(self.rows.notice(key, chat, **{**fields, **values}))

    async def plan(self, *messages: NewMessage) -> None:
        assert await self.rows.plan(*messages) == len(messages)

    async def message(self, key: str) -> Message:
        return await self.rows.message(key)

    async def state(self, key: str) -> str:
        return (await self.rows.message(key)).state

    async def bind(self, messenger: str, chat: str, seen: timedelta = MINUTE) -> None:
        """Bind a chat to Мария Соколова."""
        school_id, person_id = await self.rows.school(), await self.rows.person("S701")
        async with self.database.write() as tx:
            account = Account(0, school_id, person_id, messenger, chat, chat)
            await accounts.bind(tx, account, MONDAY + seen)

    async def _render(self, reader: Reader) -> Reply | None:
        key = str(reader.params["key"])
        if key in self.gone:
            return None
        self.renders.append(key)
        if key == "unrenderable":
            raise KeyError("no such message")
        return Reply(f"{key} {self.renders.count(key)}")

    def kinds(self) -> dict[str, Kind]:
        """Return the kinds of notices that may be planned here."""
        return {"nudge": Kind(self._render), "answer": Kind(self._render, repeats=True)}


@pytest.fixture
def post_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Database], Post]:
    """Makes the post office of a database."""

    def make(database: Database) -> Post:
        made = Post(database, tmp_path / "files")
        for name, kind in made.kinds().items():
            monkeypatch.setitem(notices.KINDS, name, kind)
        return made

    return make
