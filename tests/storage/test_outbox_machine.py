"""The outbox against a model of it, through random lives with crashes, on either database.

Every example has lanes, chats and people of its own, so that all of them share one database.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
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

from storage import outbox, queue
from storage.database import Database, Tx
from storage.outbox import (
    CUT_OFF,
    DEAD,
    DROPPED,
    NOT_BOUND,
    PLANNED,
    SENDING,
    SENT,
    UNKNOWN,
    Message,
)
from storage.tables import messages
from tests.school_template import MONDAY
from tests.storage.rows import Rows

MINUTE = timedelta(minutes=1)
LIMIT = 3
LANES = ("telegram", "vk")
PEOPLE = ("anya", "boris")
NOBODY = ""


@dataclass
class Told:
    """What the model knows of a message. `lane` "" is nobody's."""

    number: int
    lane: str
    chat: str
    is_reply: bool
    after: timedelta
    state: str = PLANNED
    attempts: int = 0
    is_unbound: bool = False
    """It was given up because its person had no chat."""
    rests: bool = False
    """Its pause after a refusal, which only the lane knows, is not over."""


class OutboxMachine(RuleBasedStateMachine):
    """Two lanes with a few chats; who is bound nowhere may be bound later."""

    url = ""
    lives = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).lives += 1
        self.runner = asyncio.Runner()
        self.model: list[Told] = []
        self.passed = timedelta(0)
        self.sent: list[Told] = []

    @initialize()
    def open(self) -> None:
        self.database = Database(self.url)
        self.rows = Rows(self.database, MONDAY)

    def teardown(self) -> None:
        self.do(self.database.close())
        self.runner.close()

    @rule(
        lane=st.sampled_from(LANES),
        chat=st.sampled_from(PEOPLE),
        is_reply=st.booleans(),
        minutes=st.sampled_from([0, 0, 0, 1, 2]),
    )
    def plan(self, lane: str, chat: str, minutes: int, *, is_reply: bool) -> None:
        after = self.passed if is_reply else self.passed + minutes * MINUTE
        told = Told(len(self.model), lane, chat, is_reply, after)
        assert self.do(self._plan(told)) == 1
        self.model.append(told)

    @rule(chat=st.sampled_from(PEOPLE), minutes=st.sampled_from([0, 1, 3]))
    def plan_for_somebody_bound_nowhere(self, chat: str, minutes: int) -> None:
        after = self.passed + minutes * MINUTE
        told = Told(len(self.model), NOBODY, chat, is_reply=False, after=after, state=DEAD)
        told.is_unbound = True
        assert self.do(self._plan(told)) == 1
        self.model.append(told)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def plan_again(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.model))
        assert self.do(self._plan(told)) == 0

    @rule()
    def a_minute_passes(self) -> None:
        self.passed += MINUTE

    @rule()
    def the_clock_is_set_back(self) -> None:
        """A reply that was planned by the wrong clock does not wait for its hour."""
        self.passed -= MINUTE

    @rule()
    def pauses_are_over(self) -> None:
        for told in self.model:
            told.rests = False

    @rule(lane=st.sampled_from(LANES))
    def claim(self, lane: str) -> None:
        """Mark a group as sending, in one commit, as a lane does."""
        for message in self.do(self._claim(lane)):
            told = self._told(message)
            assert told.state == PLANNED
            told.state, told.attempts = SENDING, told.attempts + 1

    @precondition(lambda self: self._in(*self._every_state_but(PLANNED)))
    @rule(data=st.data())
    def claim_too_late(self, data: st.DataObject) -> None:
        """What is no longer planned was settled by somebody else meanwhile: it stays as it is."""
        told = data.draw(st.sampled_from(self._in(*self._every_state_but(PLANNED))))
        assert not self.do(self._claim_one(told))
        assert not self.do(self._settle_as_planned(told))

    @precondition(lambda self: self._in(PLANNED))
    @rule(data=st.data())
    def commit_unheard(self, data: st.DataObject) -> None:
        """Mark as sending in a commit of which nobody hears: it is taken back, and is as before."""
        told = data.draw(st.sampled_from(self._in(PLANNED)))
        assert self.do(self._claim_and_take_back(told))

    @precondition(lambda self: self._in(*self._every_state_but(SENDING)))
    @rule(data=st.data(), lane=st.sampled_from(LANES))
    def come_back_too_late(self, data: st.DataObject, lane: str) -> None:
        """A lane settles only what it has on its way."""
        told = data.draw(st.sampled_from(self._in(*self._every_state_but(SENDING))))
        assert not self.do(self._settle_as_sent_off(told, lane))

    @precondition(lambda self: self._in(SENDING))
    @rule(data=st.data(), outcome=st.sampled_from([SENT, SENT, PLANNED, DEAD, UNKNOWN]))
    def come_back(self, data: st.DataObject, outcome: str) -> None:
        """Sent; refused, to be tried again after a pause; refused for good; or nobody knows."""
        told = data.draw(st.sampled_from(self._in(SENDING)))
        self.do(self._come_back(told, outcome))
        told.state, told.rests = outcome, outcome == PLANNED
        if outcome == SENT:
            self.sent.append(told)

    @precondition(lambda self: self._in(SENDING))
    @rule(data=st.data())
    def be_blocked(self, data: st.DataObject) -> None:
        """The chat is closed: a reply ends there, a notice goes another way, rendered anew."""
        told = data.draw(st.sampled_from(self._in(SENDING)))
        if told.is_reply:
            self.do(self._come_back(told, DEAD))
            told.state = DEAD
            return
        other = next(lane for lane in LANES if lane != told.lane)
        self.do(self._reroute(told, other))
        told.state, told.lane, told.attempts, told.rests = PLANNED, other, 0, False

    @rule(lane=st.sampled_from(LANES), chat=st.sampled_from(PEOPLE))
    def be_bound(self, lane: str, chat: str) -> None:
        """What is still ahead of somebody who was bound nowhere goes to the new chat, anew."""
        revived = [
            one
            for one in self._in(DEAD)
            if one.is_unbound and one.chat == chat and one.after > self.passed
        ]
        assert self.do(self._revive(lane, chat)) == len(revived)
        for told in revived:
            assert not self.do(self._row(told)).rendered
            told.state, told.lane, told.attempts = PLANNED, lane, 0
            told.is_unbound = told.rests = False

    @precondition(lambda self: self._in(PLANNED))
    @rule(data=st.data())
    def lose_the_phone(self, data: st.DataObject) -> None:
        """The only chat is cut off: its replies end, its notices wait for another."""
        lost = data.draw(st.sampled_from(self._in(PLANNED)))
        for told in self._in(PLANNED):
            if (told.lane, told.chat) == (lost.lane, lost.chat):
                self.do(self._cut_off(told))
                told.state = DROPPED if told.is_reply else DEAD
                told.is_unbound = not told.is_reply

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def lose_its_reason(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.model))
        was_planned = told.state == PLANNED
        assert self.do(self._drop(told)) == was_planned
        if was_planned:
            told.state = DROPPED

    @rule()
    def crash(self) -> None:
        """Lose the process, open the database again, and judge what was on its way."""
        self.do(self.database.close())
        self.open()
        self.do(self._recover())
        for told in self._in(SENDING):
            told.state = PLANNED if told.is_reply else UNKNOWN
        self.pauses_are_over()

    @invariant()
    def what_is_due_is_what_the_rules_say(self) -> None:
        for lane in LANES:
            due = self.do(self._due(lane, 100))
            assert [self._told(one).number for one in due] == [
                one.number for one in self._expected(lane)
            ]
            chats = [one.address for one in due]
            assert len(set(chats)) == len(chats), "one at a time in a chat"

    @invariant()
    def nothing_is_lost_and_nothing_comes_back_from_the_dead(self) -> None:
        found = {
            self._told(one).number: (one.state, one.attempts, one.lane, one.address)
            for one in self.do(self._every())
        }
        assert found == {
            told.number: (told.state, told.attempts, self._lane(told.lane), self._chat(told))
            for told in self.model
        }

    @invariant()
    def replies_reach_a_chat_in_the_order_of_asking(self) -> None:
        for lane in LANES:
            for chat in PEOPLE:
                replies = [one for one in self.sent if one.is_reply and one.lane == lane]
                numbers = [one.number for one in replies if one.chat == chat]
                assert numbers == sorted(set(numbers))

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def _expected(self, lane: str) -> Sequence[Told]:
        """Say by the rules what a lane may send: replies first, one a chat, first come first."""
        here = [told for told in self.model if told.lane == lane]
        busy = {told.chat for told in here if told.state == SENDING}
        planned = [told for told in here if told.state == PLANNED]
        ready = [told for told in planned if told.is_reply or told.after <= self.passed]
        first: dict[str, Told] = {}
        for told in sorted(ready, key=lambda one: (not one.is_reply, one.number)):
            first.setdefault(told.chat, told)
        due = [one for one in first.values() if one.chat not in busy and not one.rests]
        return sorted(due, key=lambda one: (not one.is_reply, one.after, one.number))

    def _in(self, *states: str) -> list[Told]:
        return [told for told in self.model if told.state in states]

    @staticmethod
    def _every_state_but(state: str) -> list[str]:
        return [one for one in (PLANNED, SENDING, SENT, DEAD, UNKNOWN, DROPPED) if one != state]

    def _lane(self, lane: str) -> str:
        return f"{lane}-{self.lives}" if lane else NOBODY

    def _chat(self, told: Told) -> str:
        return told.chat if told.lane else NOBODY

    def _person(self, chat: str) -> int:
        return 10 * self.lives + PEOPLE.index(chat)

    def _key(self, told: Told) -> str:
        return f"{self.lives}|{told.number}"

    def _told(self, message: Message) -> Told:
        return self.model[int(message.key.partition("|")[2])]

    @property
    def _now(self) -> datetime:
        return MONDAY + self.passed

    async def _plan(self, told: Told) -> int:
        make = self.rows.reply if told.is_reply else self.rows.notice
        message = make(
            self._key(told),
            self._chat(told),
            lane=self._lane(told.lane),
            send_after=MONDAY + told.after,
            person_id=self._person(told.chat),
            object=self._key(told),
        )
        return await self.rows.plan(message)

    async def _due(self, lane: str, limit: int) -> list[Message]:
        async with self.database.read() as tx:
            every = {self._told(one).number: one.id for one in await self._all(tx)}
            resting = [every[told.number] for told in self.model if told.rests]
            return await queue.due(tx, self._lane(lane), self._now, limit, resting)

    async def _claim(self, lane: str) -> list[Message]:
        due = await self._due(lane, LIMIT)
        async with self.database.write() as tx:
            for message in due:
                assert await outbox.sending(tx, message, message.rendered or "rendered")
        return due

    async def _claim_one(self, told: Told) -> bool:
        async with self.database.write() as tx:
            return await outbox.sending(tx, await self._row(told), "rendered")

    async def _claim_and_take_back(self, told: Told) -> bool:
        before = await self._row(told)
        assert await self._claim_one(told)
        async with self.database.write() as tx:
            return await queue.take_back(tx, before)

    async def _settle_as_planned(self, told: Told) -> bool:
        number = (await self._row(told)).id
        async with self.database.write() as tx:
            is_moved = await outbox.reroute(tx, number, "mail", "x")
            return is_moved or await outbox.finish(tx, number, DROPPED, "because")

    async def _settle_as_sent_off(self, told: Told, lane: str) -> bool:
        number, by = (await self._row(told)).id, self._lane(lane)
        async with self.database.write() as tx:
            is_planned = await outbox.again(tx, number, "refused", by=by)
            is_moved = await outbox.reroute(tx, number, "mail", "x", by=by)
            return is_planned or is_moved or await outbox.finish(tx, number, DEAD, "why", by=by)

    async def _come_back(self, told: Told, outcome: str) -> None:
        number = (await self._row(told)).id
        async with self.database.write() as tx:
            if outcome == SENT:
                await outbox.sent(tx, number, "77", self._now)
            elif outcome == PLANNED:
                assert await outbox.again(tx, number, "refused", by=self._lane(told.lane))
            else:
                lane = self._lane(told.lane)
                assert await outbox.finish(tx, number, outcome, "because", by=lane)

    async def _reroute(self, told: Told, lane: str) -> None:
        number = (await self._row(told)).id
        async with self.database.write() as tx:
            by = self._lane(told.lane)
            assert await outbox.reroute(tx, number, self._lane(lane), told.chat, by=by)
        assert not (await self._row(told)).rendered

    async def _revive(self, lane: str, chat: str) -> int:
        async with self.database.write() as tx:
            person = self._person(chat)
            return await outbox.revive(tx, person, self._lane(lane), chat, self._now)

    async def _cut_off(self, told: Told) -> None:
        number = (await self._row(told)).id
        end = (DROPPED, CUT_OFF) if told.is_reply else (DEAD, NOT_BOUND)
        async with self.database.write() as tx:
            assert await outbox.finish(tx, number, *end)

    async def _drop(self, told: Told) -> int:
        kind = "reply" if told.is_reply else "nudge"
        async with self.database.write() as tx:
            return await outbox.drop_planned(tx, kind, self._key(told), "its reason is gone")

    async def _recover(self) -> None:
        async with self.database.write() as tx:
            for lane in LANES:
                for message in await outbox.in_state(tx, self._lane(lane), SENDING):
                    if message.is_reply:
                        await outbox.again(tx, message.id, "interrupted", by=message.lane)
                    else:
                        why = "interrupted"
                        await outbox.finish(tx, message.id, UNKNOWN, why, by=message.lane)

    async def _row(self, told: Told) -> Message:
        return await self.rows.message(self._key(told))

    async def _every(self) -> list[Message]:
        async with self.database.read() as tx:
            return await self._all(tx)

    async def _all(self, tx: Tx) -> list[Message]:
        """Read every message of this example."""
        mine = messages.outbox.c.key.startswith(f"{self.lives}|")
        rows = await tx.execute(sa.select(*outbox.MESSAGE).where(mine))
        return [Message(*row) for row in rows]


def test_the_outbox_keeps_its_rules_through_crashes(either_url: str) -> None:
    OutboxMachine.url = either_url
    run_state_machine_as_test(
        OutboxMachine,
        settings=settings(
            max_examples=12,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
