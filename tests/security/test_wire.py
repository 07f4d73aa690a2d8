"""What leaves for the messengers and what is logged of it (ASVS 1.2.1, 16.2.5): the real adapters.

Nothing asks Telegram or VK to parse a text; and when they answer with what they were asked, token
and all, no line of the log repeats it.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot.ingress import Ingress
from bot.messengers.vk_mentions import unlinked
from bot.sandbox.nouns import Messenger
from handlers.messages import Button, FileKind, RemoteFile, Reply
from scheduler.delivery import Lane
from scheduler.messenger import Update
from storage import outbox
from storage.outbox import NewMessage
from tests.bot.messengers.bench import SECRETS, answering, telegram, vk
from tests.bot.test_logs import Sink, sink
from tests.chat import House
from tests.security.hostile import MARKUP
from tests.security.test_log_lines import WRITTEN, never_in, noted, printed

__all__ = ["printed", "sink"]

pytestmark = pytest.mark.frameworks


@asynccontextmanager
async def overheard() -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """A messenger's server that takes everything, and what it was sent."""
    heard: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        is_json = request.content_type == "application/json"
        asked = await (request.json() if is_json else request.post())
        heard.append(dict(asked))
        told: Any = {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}}
        if "telegram" not in request.path and "peer_ids" in heard[-1]:
            return web.json_response({"response": [{"conversation_message_id": 5}]})
        return web.json_response({"ok": True, "result": told, "response": 1})

    async with answering(take) as url:
        yield url, heard


@pytest.mark.parametrize("name", list(Messenger))
async def test_no_messenger_is_asked_to_parse(name: Messenger) -> None:
    written = "\n".join(MARKUP).replace("\r", "")
    button = Button("<b>Да</b>", "a:1")
    make = telegram if name is Messenger.TELEGRAM else vk
    async with overheard() as (url, heard), make(url) as adapter:
        await adapter.send("7", Reply(written, buttons=((button,),)), [], 1)
        await adapter.edit("7", "5", Reply(written, buttons=((button,),), card="c", edit=True))
    sent = [one for one in heard if "text" in one or "message" in one]
    assert len(sent) == 2
    for one in sent:
        assert not {"parse_mode", "entities", "caption_entities", "format_data"} & set(one)
        text = one.get("text") or one["message"]
        assert text.replace("\r", "") == (
            written if name is Messenger.TELEGRAM else unlinked(written)
        )
        if name is Messenger.VK:
            assert one["disable_mentions"] == "1"
        keyboard = one.get("reply_markup") or json.loads(one["keyboard"])
        assert "<b>Да</b>" in json.dumps(keyboard, ensure_ascii=False)


async def repeated(request: web.Request) -> web.Response:
    """Refuse, and repeat all that was asked with the token in it."""
    asked = f"{request.path_qs} {(await request.text())[:500]}"
    body = {"ok": False, "description": asked, "error": {"error_code": 10, "error_msg": asked}}
    return web.json_response(body, status=500)


async def nothing(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.mark.parametrize("answer", [repeated, nothing])
@pytest.mark.parametrize("name", list(Messenger))
async def test_a_bot_whose_messenger_is_broken(
    sink: Sink,
    printed: Callable[[], str],
    house: House,
    name: Messenger,
    answer: Callable[[web.Request], Awaitable[web.Response]],
) -> None:
    """The real adapters under the real loops; what they log is what an operator would read."""
    logging.getLogger("aiogram").setLevel("DEBUG")
    logging.getLogger("vkbottle").setLevel("DEBUG")
    lane_name = "telegram" if name is Messenger.TELEGRAM else "vk"
    chat = await house.chat("S701", lane_name)
    async with house.database.write() as tx:
        said = NewMessage("1", "reply", lane_name, "7", {"text": WRITTEN}, house.clock.now())
        await outbox.plan(tx, [replace(said, is_reply=True)], house.clock.now())
    make = telegram if name is Messenger.TELEGRAM else vk
    async with answering(answer) as url, make(url) as adapter:
        ingress = Ingress(adapter, house.database, house.store, house.clock.now)
        lane = Lane(adapter, house.database, house.store, house.clock.now)
        file = RemoteFile(FileKind.DOCUMENT, f"{url}/file/{SECRETS[1]}", f"{WRITTEN}.pdf")
        await house.database.close()
        await ingress.take([Update("9", "{}", chat.event(remote=(file,)), press="1:7:7")])
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ingress.run()), group.create_task(lane.run())]
            for _ in range(3000):
                await asyncio.sleep(0.02)
                if "poll.failed" in sink.text and "press.unacknowledged" in sink.text:
                    break
            for task in tasks:
                task.cancel()
    assert "poll.failed" in sink.text
    never_in(sink.text + printed() + noted(house), *SECRETS, "Соколова")
