"""A PostgreSQL server that goes away in the middle of a batch, and comes back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot import worker as worker_module
from bot.worker import Worker
from handlers import dispatch
from storage.database import Database, Tx, opened
from tests.bot.patience import until, until_nothing
from tests.bot.script import Script
from tests.school_template import MONDAY

pytestmark = pytest.mark.postgres


class Way:
    """The way to a server's socket; while it is shut the server cannot be reached."""

    def __init__(self, path: Path, server: str) -> None:
        self.path = path
        self._server = server
        self.open()

    def open(self) -> None:
        self.path.symlink_to(self._server)

    def shut(self) -> None:
        self.path.unlink()


@pytest.fixture
def way(postgres_url: str, tmp_path: Path) -> Way:
    return Way(tmp_path / "way", str(make_url(postgres_url).query["host"]))


@pytest.fixture
async def distant(postgres_url: str, way: Way) -> AsyncIterator[Database]:
    async with opened(f"{postgres_url.partition('?')[0]}?host={way.path}") as database:
        yield database


async def test_what_a_server_that_went_away_left_half_done_waits_for_it(
    distant: Database,
    way: Way,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(worker_module, "REST_SECONDS", 0.05)
    script = Script(distant)
    monkeypatch.setattr(dispatch, "answer", script.answer)

    async def goes_away(tx: Tx) -> None:
        way.shut()
        await tx.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    async def unanswered() -> list[str]:
        return [text for text in ("a", "b") if text not in await script.effects()]

    script.deeds["a"] = goes_away
    await script.says("a")
    await script.says("b", chat="boris")
    worker = Worker(distant, lambda: MONDAY)
    assert await worker.handle_ready() == 0
    assert caplog.text.count("worker.event_waits") == 2
    async with asyncio.TaskGroup() as group:
        running = group.create_task(worker.run())
        await until(lambda: "worker.failed" in caplog.text)
        script.deeds.clear()
        way.open()
        await until_nothing(unanswered)
        running.cancel()
    assert sorted(await script.effects()) == ["a", "b"]
    assert await script.answers() == ["got a"]
