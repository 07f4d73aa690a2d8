"""Gathers calls that wait for their turn into one `execute`, as one of the platform's rate.

Each gets its own answer, and a message keeps its own random_id, so that nothing else is known of a
call that went with others than of one that went alone.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.messengers import vk_errors
from scheduler.messenger import DeliveryFailed, NotSent, OutcomeUnknown, Rejected

SEND = "messages.send"
MOST_CALLS = 25
MOST_CHARACTERS = 30_000
"""How long the code may be: VK tells no limit, and long texts gain nothing from company."""

FREE, SECOND, APART = 6, 1.0, 1 / 12
"""So many leave in a second as they come; then they leave so many seconds apart, and whatever
comes meanwhile goes along. Both together are 18 a second, and a call carries up to 25."""

Ask = Callable[[str, dict[str, Any]], Awaitable[tuple[int, str]]]


@dataclass(slots=True, eq=False)
class _Waiting:
    """A call on its way into a batch; a repeatable one does no harm when it is done twice."""

    method: str
    asked: dict[str, Any]
    is_repeatable: bool
    code: str
    is_taken: bool = False
    answer: asyncio.Future[Any] = field(default_factory=asyncio.Future)


class Batch:
    """Calls what is asked, together with whatever else waits by then.

    `turn` waits until one more call is allowed; `ask` makes it: a method, its parameters, and
    back come the status and the body.
    """

    def __init__(self, turn: Callable[[], Awaitable[None]], ask: Ask) -> None:
        self._turn = turn
        self._ask = ask
        self._waiting: list[_Waiting] = []
        self._leads = asyncio.Lock()
        self._left: deque[float] = deque(maxlen=FREE)

    async def send(self, asked: dict[str, Any]) -> str:
        """Send to the one peer of `peer_ids` and give the message's number in the chat."""
        sent = await self.call(SEND, asked, repeatable=False)
        result = sent[0] if isinstance(sent, list) and sent else {}
        if "error" in result:
            raise vk_errors.refusal(SEND, result["error"])
        return str(result.get("conversation_message_id", ""))

    async def call(self, method: str, asked: dict[str, Any], *, repeatable: bool) -> Any:
        """Call a method and give its response, or raise what its refusal means."""
        mine = _Waiting(method, asked, repeatable, _code(method, asked))
        self._waiting.append(mine)
        batch: list[_Waiting] = []
        try:
            async with self._leads:
                if not mine.is_taken:
                    await self._gather()
                    await self._turn()
                    await asyncio.sleep(0)  # whoever is as ready comes along
                    batch = self._take()
        except BaseException:
            if not mine.is_taken:
                self._waiting.remove(mine)
            raise
        if batch:
            await self._carry(batch)
        return await mine.answer

    async def _gather(self) -> None:
        """Let others come along where calls leave in quick succession."""
        now = asyncio.get_running_loop().time()
        if len(self._left) == FREE and now - self._left[0] < SECOND:
            await asyncio.sleep(self._left[-1] + APART - now)

    def _take(self) -> list[_Waiting]:
        """Take as many as go at once, the oldest first: whoever takes is among them."""
        length = 0
        batch: list[_Waiting] = []
        for one in self._waiting[:MOST_CALLS]:
            length += len(one.code)
            if batch and length > MOST_CHARACTERS:
                break
            one.is_taken = True
            batch.append(one)
        del self._waiting[: len(batch)]
        self._left.append(asyncio.get_running_loop().time())
        return batch

    async def _carry(self, batch: Sequence[_Waiting]) -> None:
        answers: Sequence[Any] = [OutcomeUnknown("execute: given up on the way")] * len(batch)
        try:
            answers = await self._answers(batch)
        except DeliveryFailed as failure:
            answers = [failure] * len(batch)
        finally:
            for one, answer in zip(batch, answers, strict=True):
                if one.answer.done():
                    continue
                if isinstance(answer, DeliveryFailed):
                    one.answer.set_exception(_meant(one, answer))
                    one.answer.exception()  # whoever was to hear it may have been cancelled
                else:
                    one.answer.set_result(answer)

    async def _answers(self, batch: Sequence[_Waiting]) -> Sequence[Any]:
        if len(batch) == 1:
            return [await self._by_itself(batch[0])]
        code = f"return [{','.join(one.code for one in batch)}];"
        try:
            answer = await self._ask("execute", {"code": code})
            return vk_errors.read_executed([one.method for one in batch], *answer)
        except Rejected:
            # One of them may be what VK does not understand: alone it spoils nothing.
            return [await self._alone(one) for one in batch]

    async def _alone(self, one: _Waiting) -> Any:
        await self._turn()
        try:
            return await self._by_itself(one)
        except DeliveryFailed as failure:
            return failure

    async def _by_itself(self, one: _Waiting) -> Any:
        answer = await self._ask(one.method, one.asked)
        return vk_errors.read(one.method, *answer, repeatable=one.is_repeatable)


def _meant(one: _Waiting, failure: DeliveryFailed) -> DeliveryFailed:
    """Say what a failure means for a call: what does no harm done twice was simply not done."""
    if one.is_repeatable and isinstance(failure, OutcomeUnknown):
        return NotSent(str(failure))
    return failure


def _code(method: str, asked: dict[str, Any]) -> str:
    said = {name: value for name, value in asked.items() if value is not None}
    return f"API.{method}({json.dumps(said, ensure_ascii=False, separators=(',', ':'))})"
