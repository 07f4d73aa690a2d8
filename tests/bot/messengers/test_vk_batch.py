"""Messages that go together: one call, and what is known of each is its own."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot.messengers.vk_batch import APART, FREE, MOST_CALLS, Batch
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    EditRejected,
    FloodWait,
    NotSent,
    OutcomeUnknown,
    Rejected,
)


class Platform:
    """VK as far as a batch sees it; `turns` lets calls pass, `refuses` those to a peer."""

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(0)
        self.calls: list[tuple[str, list[dict[str, Any]]]] = []
        self.refuses: dict[str, dict[str, Any]] = {}
        self.answers: list[str | Exception] = []
        self.batch = Batch(self._turn, self._ask)

    async def _turn(self) -> None:
        await self.turns.acquire()

    async def _ask(self, method: str, asked: dict[str, Any]) -> tuple[int, str]:
        calls = _read(asked["code"]) if method == "execute" else [asked]
        self.calls.append((method, calls))
        await asyncio.sleep(0)
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return 200, answer
        results: list[Any] = [
            False if _peer(one) in self.refuses else [{"conversation_message_id": number}]
            for number, one in enumerate(calls, 1)
        ]
        refused = [self.refuses[_peer(one)] for one in calls if _peer(one) in self.refuses]
        if method != "execute":
            told = {"error": refused[0]} if refused else {"response": results[0]}
        else:
            told = {"response": results, "execute_errors": refused}
        return 200, json.dumps(told)

    async def send(self, peers: Sequence[str], turns: int = 1) -> list[Any]:
        """Send to all at once; the platform lets calls pass once everybody waits."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._one(peer)) for peer in peers]
            for _ in range(5):
                await asyncio.sleep(0)
            for _ in range(turns):
                self.turns.release()
        return [task.result() for task in tasks]

    async def _one(self, peer: str) -> Any:
        try:
            said = {"peer_ids": peer, "random_id": 7, "message": f"«{peer}»", "keyboard": None}
            return await self.batch.send(said)
        except DeliveryFailed as failure:
            return failure

    async def edit(self, peer: str) -> Any:
        """Change a message in the chat with a peer."""
        try:
            return await self.batch.call("messages.edit", {"peer_id": peer}, repeatable=True)
        except DeliveryFailed as failure:
            return failure


def _read(code: str) -> list[dict[str, Any]]:
    inner = code.removeprefix("return [").removesuffix("];")
    return [
        json.loads(one[one.index("(") + 1 : -1])
        for one in inner.split("\n")[0].replace("),API", ")\0API").split("\0")
    ]


def _peer(asked: dict[str, Any]) -> str:
    return str(asked.get("peer_ids", asked.get("peer_id")))


@pytest.fixture
def platform() -> Platform:
    return Platform()


async def test_one_that_waits_alone_goes_alone(platform: Platform) -> None:
    assert await platform.send(["1"]) == ["1"]
    assert [method for method, _ in platform.calls] == ["messages.send"]


async def test_what_waits_goes_together_and_each_has_its_own_answer(platform: Platform) -> None:
    assert await platform.send(["10", "20", "30"]) == ["1", "2", "3"]
    ((method, calls),) = platform.calls
    assert method == "execute"
    assert calls[1] == {"peer_ids": "20", "random_id": 7, "message": "«20»"}


async def test_no_more_go_together_than_the_platform_allows(platform: Platform) -> None:
    peers = [str(number) for number in range(2 * MOST_CALLS + 1)]
    assert len(await platform.send(peers, turns=3)) == len(peers)
    assert [len(calls) for _, calls in platform.calls] == [MOST_CALLS, MOST_CALLS, 1]
    assert [one["peer_ids"] for _, calls in platform.calls for one in calls] == peers


async def test_calls_in_quick_succession_leave_apart_and_take_others_along(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(100):
        platform.turns.release()
    with monkeypatch.context() as patience:
        patience.setattr("bot.messengers.vk_batch.APART", 60.0)
        async with asyncio.timeout(30):
            for number in range(FREE):
                assert await platform.batch.send({"peer_ids": str(number)}) == "1"
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(platform.batch.send({"peer_ids": f"1{number}"}))
            await asyncio.sleep(APART / 20)
    sizes = [len(calls) for _, calls in platform.calls[FREE:]]
    assert sum(sizes) == 30
    assert len(sizes) <= (loop.time() - began) / APART + 2


async def test_a_change_goes_along_and_is_refused_in_its_own_words(platform: Platform) -> None:
    platform.refuses = {"2": {"error_code": 909}, "3": {"error_code": 901}}
    async with asyncio.TaskGroup() as group:
        edits = [group.create_task(platform.edit(peer)) for peer in ("1", "2")]
        sends = group.create_task(platform.send(["3", "4"]))
    ((method, _),) = platform.calls
    assert method == "execute"
    assert isinstance(edits[0].result(), list)
    assert isinstance(edits[1].result(), EditRejected)
    stranger, other = sends.result()
    assert isinstance(stranger, ChatClosed)
    assert other == "4"


async def test_a_change_of_which_nothing_is_known_was_not_made_and_a_message_may_have_been(
    platform: Platform,
) -> None:
    platform.answers = ["<html>502</html>"]
    async with asyncio.TaskGroup() as group:
        edit = group.create_task(platform.edit("1"))
        sends = group.create_task(platform.send(["2"]))
    assert isinstance(edit.result(), NotSent)
    assert [type(one) for one in sends.result()] == [OutcomeUnknown]


async def test_long_texts_go_by_fewer(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.messengers.vk_batch.MOST_CHARACTERS", 200)
    await platform.send([str(number) for number in range(9)], turns=9)
    sizes = [len(calls) for _, calls in platform.calls]
    assert sum(sizes) == 9
    assert max(sizes) < 4


async def test_a_refusal_is_told_to_whom_it_concerns(platform: Platform) -> None:
    platform.refuses = {"2": {"error_code": 901}, "4": {"error_code": 9}}
    first, second, third, fourth = await platform.send(["1", "2", "3", "4"])
    assert (first, third) == ("1", "3")
    assert isinstance(second, ChatClosed)
    assert isinstance(fourth, FloodWait)


@pytest.mark.parametrize(
    "failure", [OutcomeUnknown("timeout"), NotSent("no route"), FloodWait(3)], ids=repr
)
async def test_a_call_that_fails_fails_for_all_of_them(
    platform: Platform, failure: DeliveryFailed
) -> None:
    platform.answers = [failure]
    assert await platform.send(["1", "2", "3"]) == [failure] * 3


@pytest.mark.parametrize("body", ['{"response":[false]}', '{"response":1}', "<html>502</html>"])
async def test_an_answer_that_fits_nothing_says_nothing(platform: Platform, body: str) -> None:
    platform.answers = [body]
    found = await platform.send(["1", "2"])
    assert [type(one) for one in found] == [OutcomeUnknown] * 2


async def test_what_cannot_go_together_goes_one_by_one(platform: Platform) -> None:
    platform.answers = ['{"error":{"error_code":12,"error_msg":"Unable to compile code"}}']
    platform.refuses = {"2": {"error_code": 914}}
    first, second, third = await platform.send(["1", "2", "3"], turns=4)
    assert (first, third) == ("1", "1")
    assert isinstance(second, Rejected)
    assert [method for method, _ in platform.calls] == ["execute"] + ["messages.send"] * 3


async def test_who_gives_up_waiting_is_not_sent_and_leaves_the_others_alone(
    platform: Platform,
) -> None:
    async with asyncio.TaskGroup() as group:
        gone = group.create_task(platform.batch.send({"peer_ids": "1"}))
        stays = group.create_task(platform.batch.send({"peer_ids": "2"}))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        platform.turns.release()
    assert stays.result() == "1"
    assert [one["peer_ids"] for _, calls in platform.calls for one in calls] == ["2"]


async def test_whom_the_carrier_leaves_alone_nobody_knows_of(platform: Platform) -> None:
    hangs = asyncio.Event()

    async def ask(_method: str, _asked: dict[str, Any]) -> tuple[int, str]:
        await hangs.wait()
        raise AssertionError

    batch = Batch(platform._turn, ask)  # noqa: SLF001 the platform's own pace
    async with asyncio.TaskGroup() as group:
        carrier = group.create_task(batch.send({"peer_ids": "1"}))
        other = group.create_task(_failure(batch, "2"))
        await asyncio.sleep(0)
        platform.turns.release()
        for _ in range(5):
            await asyncio.sleep(0)
        carrier.cancel()
    assert isinstance(other.result(), OutcomeUnknown)


async def _failure(batch: Batch, peer: str) -> DeliveryFailed | None:
    try:
        await batch.send({"peer_ids": peer})
    except DeliveryFailed as failure:
        return failure
    return None
