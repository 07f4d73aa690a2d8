"""What a kill cannot show: it is on the disk before anybody is told, as the kernel sees it."""

import re
from pathlib import Path

import pytest

from bot.sandbox.nouns import Messenger
from tests.chat import photo
from tests.torture.field import field_of
from tests.torture.syscalls import Trace, traced

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

WAL = "school.db-wal"


async def test_everything_is_synced_before_a_word_is_said(template: Path, tmp_path: Path) -> None:
    async with field_of(template, tmp_path, rate=1000, seed=1, most=1) as ground:
        ground.begin()
        await ground.settle()
        assert ground.bot.process is not None
        async with traced(ground.bot.process.pid or 0, tmp_path / "calls") as trace:
            on_telegram, on_vk = (ground.crowd.of(messenger)[0] for messenger in Messenger)
            await on_telegram.sends([photo("сама работа")], "К какому заданию")
            ((update,),) = ground.rows(
                "SELECT max(CAST(update_ref AS INTEGER)) FROM inbox WHERE messenger = 'telegram'"
            )
            await on_vk.says("Задания", "Осталось сдать")
            for person in (on_telegram, on_vk):  # who is heard again has been confirmed before
                await person.says("Помощь", "Я показываю")
        telegram(trace, update)
        vk(trace)
        await ground.stop()


def telegram(trace: Trace, update: int) -> None:
    """Batch on disk, then confirmed; file on disk, then recorded; handled on disk, then said."""
    heard = trace.after(0, "heard", f'\\"update_id\\": {update}')
    confirmed = trace.after(heard, "said", f"{update + 1}")
    assert trace.syncs(heard, confirmed, WAL) >= 1, "confirmed before it was on disk"
    fetched = trace.after(heard, "sync", ".incoming-")
    answered = trace.after(heard, "said", "/sendMessage")
    assert heard < fetched < answered
    assert trace.syncs(fetched, answered, WAL) >= 3, "the file, what was done, what is sent"


def vk(trace: Trace) -> None:
    """Batch on disk, then the bookmark, then the next question; handled on disk, then said."""
    heard = trace.after(0, "heard", "message_new")
    ts = re.search(r'\\"ts\\": \\"(\d+)\\"', trace.calls[heard].text)
    assert ts is not None, trace.calls[heard].text
    bookmark = trace.after(heard, "sync", "vk.bookmark")
    confirmed = trace.after(heard, "said", f"ts={ts[1]}&")
    assert heard < bookmark < confirmed
    assert trace.syncs(heard, bookmark, WAL) >= 1, "confirmed before it was on disk"
    answered = trace.after(heard, "said", "/messages.send")
    assert trace.syncs(heard, answered, WAL) >= 3, "the batch, what was done, what is sent"
