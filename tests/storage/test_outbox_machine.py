"""The outbox against a model of it, through random lives with crashes in between."""

import asyncio
import shutil
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storage import outbox
from storage.database import Database
from storage.outbox import DEAD, PLANNED, SENDING, SENT, UNKNOWN, Message
from tests.school_template import MONDAY, sqlite_url
from tests.storage.rows import Rows

MINUTE = timedelta(minutes=1)
LIMIT = 3


@dataclass
class Told:
    """What the model knows of a message."""

    number: int
    chat: str
    is_reply: bool
    after: timedelta
    state: str = PLANNED
    attempts: int = 0


class OutboxMachine(RuleBasedStateMachine):
    """One lane with a few chats."""

    template: Path
    folder: Path
    lives = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).lives += 1
        self.path = self.folder / f"{self.lives}.db"
        shutil.copyfile(self.template, self.path)
        self.runner = asyncio.Runner()
        self.model: list[Told] = []
        self.passed = timedelta(0)
        self.sent: list[Told] = []

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @initialize()
    def open(self) -> None:
        self.database = Database(sqlite_url(self.path))
        self.rows = Rows(self.database, MONDAY)

    def teardown(self) -> None:
        self.do(self.database.close())
        self.runner.close()

    @rule(
        chat=st.sampled_from(["anya", "boris"]),
        is_reply=st.booleans(),
        minutes=st.sampled_from([0, 0, 0, 1, 2]),
    )
    def plan(self, chat: str, minutes: int, *, is_reply: bool) -> None:
        number = len(self.model)
        after = self.passed if is_reply else self.passed + minutes * MINUTE
        make = self.rows.reply if is_reply else self.rows.notice
        message = make(str(number), chat, send_after=MONDAY + after)
        assert self.do(self.rows.plan(message)) == 1
        self.model.append(Told(number, chat, is_reply, after))

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def plan_again(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.model))
        assert self.do(self.rows.plan(self.rows.notice(str(told.number), "vera"))) == 0

    @rule()
    def a_minute_passes(self) -> None:
        self.passed += MINUTE

    @rule()
    def send_off(self) -> None:
        """Mark a group as sending, in one commit, as a lane does."""
        for message in self.do(self._send_off()):
            told = self.model[int(message.key)]
            assert told.state == PLANNED
            told.state, told.attempts = SENDING, told.attempts + 1

    async def _send_off(self) -> list[Message]:
        async with self.database.write() as tx:
            due = await outbox.due(tx, "telegram", MONDAY + self.passed, LIMIT)
            for message in due:
                await outbox.sending(tx, message.id, message.rendered or "rendered")
        return due

    @precondition(lambda self: self._in(SENDING))
    @rule(data=st.data(), outcome=st.sampled_from([SENT, SENT, PLANNED, DEAD, UNKNOWN]))
    def come_back(self, data: st.DataObject, outcome: str) -> None:
        told = data.draw(st.sampled_from(self._in(SENDING)))
        self.do(self._come_back(told, outcome))
        told.state = outcome
        if outcome == SENT:
            self.sent.append(told)

    async def _come_back(self, told: Told, outcome: str) -> None:
        number = (await self.rows.message(str(told.number))).id
        async with self.database.write() as tx:
            if outcome == SENT:
                await outbox.sent(tx, number, "77", MONDAY + self.passed)
            elif outcome == PLANNED:
                await outbox.again(tx, number, "refused")
            else:
                await outbox.finish(tx, number, outcome, "because")

    @rule()
    def crash(self) -> None:
        """Lose the process, open the file again, and judge what was on its way."""
        self.do(self.database.close())
        self.open()
        self.do(self._recover())
        for told in self._in(SENDING):
            told.state = PLANNED if told.is_reply else UNKNOWN

    async def _recover(self) -> None:
        async with self.database.write() as tx:
            for message in await outbox.in_state(tx, "telegram", SENDING):
                if message.is_reply:
                    await outbox.again(tx, message.id, "interrupted")
                else:
                    await outbox.finish(tx, message.id, UNKNOWN, "interrupted")

    def _in(self, state: str) -> list[Told]:
        return [told for told in self.model if told.state == state]

    @invariant()
    def what_is_due_is_what_the_rules_say(self) -> None:
        due = self.do(self.rows.due(after=self.passed, limit=100))
        assert due == [str(told.number) for told in self._due()]
        chats = [self.model[int(key)].chat for key in due]
        assert len(set(chats)) == len(chats), "one at a time in a chat"

    def _due(self) -> list[Told]:
        ready = [told for told in self._in(PLANNED) if told.after <= self.passed]
        busy = {told.chat for told in self._in(SENDING)}
        first: dict[str, Told] = {}
        for told in sorted(ready, key=lambda one: (not one.is_reply, one.number)):
            if told.chat not in busy:
                first.setdefault(told.chat, told)
        return sorted(first.values(), key=lambda one: (not one.is_reply, one.number))

    @invariant()
    def nothing_is_lost_and_nothing_comes_back_from_the_dead(self) -> None:
        found = self.do(self._states())
        assert found == {
            str(told.number): (told.state, told.attempts, told.chat) for told in self.model
        }

    async def _states(self) -> dict[str, tuple[str, int, str]]:
        async with self.database.read() as tx:
            found = [
                message
                for state in (PLANNED, SENDING, SENT, DEAD, UNKNOWN)
                for message in await outbox.in_state(tx, "telegram", state)
            ]
        return {one.key: (one.state, one.attempts, one.address) for one in found}

    @invariant()
    def replies_reach_a_chat_in_the_order_of_asking(self) -> None:
        for chat in ("anya", "boris"):
            numbers = [one.number for one in self.sent if one.chat == chat and one.is_reply]
            assert numbers == sorted(set(numbers))


def test_the_outbox_keeps_its_rules_through_crashes(template: Path, tmp_path: Path) -> None:
    OutboxMachine.template, OutboxMachine.folder = template, tmp_path
    run_state_machine_as_test(
        OutboxMachine,
        settings=settings(
            max_examples=10,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
