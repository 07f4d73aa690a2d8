import asyncio

from bot.messengers.throttle import Throttle


async def test_calls_wait_their_turn() -> None:
    loop = asyncio.get_running_loop()
    throttle, began, passed = Throttle(3, 0.1), loop.time(), []

    async def call() -> None:
        await throttle.wait()
        passed.append(loop.time() - began)

    async with asyncio.TaskGroup() as group:
        for _ in range(7):
            group.create_task(call())
    assert max(passed[:3]) < 0.1
    assert min(passed[3:6]) >= 0.099
    assert passed[6] >= 0.199
