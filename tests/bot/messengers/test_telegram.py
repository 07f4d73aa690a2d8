"""What is Telegram's own: offsets, update ids, pollers, webhooks, proxies, sizes."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.nouns import FileKind, Messenger, NewFile
from bot.sandbox.server import Sandbox
from handlers import messages
from handlers.messages import RemoteFile, Reply
from scheduler.messenger import DeliveryFailed, FileRefused, NotSent, PolledElsewhere

from .bench import PNG, TELEGRAM_TOKEN, Bench, answering, events, local, telegram, texts, with_files

pytestmark = pytest.mark.frameworks

MEGABYTE = 1024 * 1024


@pytest.fixture
def bench(sandbox: Sandbox) -> Bench:
    return Bench(sandbox, Messenger.TELEGRAM)


def asked(bench: Bench, method: str) -> list[Any]:
    return [call.params for call in bench.sandbox.world.calls.after(0) if call.method == method]


async def test_a_confirmed_offset_is_told_by_the_next_poll_and_once(bench: Bench) -> None:
    async with bench.adapter() as source:
        bench.says("раз")
        (update,) = await source.poll()
        await source.confirm()
        await source.poll()
        await source.poll()
    told = [call.get("offset") for call in asked(bench, "getUpdates")]
    assert told == [None, str(int(update.ref) + 1), None]


async def test_a_clean_goodbye_confirms_what_is_stored_and_only_that(bench: Bench) -> None:
    async with bench.adapter() as source:
        bench.says("раз")
        await source.poll()
        await source.confirm()
        bench.says("два")
    async with bench.adapter() as source:
        assert texts(await source.poll()) == ["два"]


async def test_a_poll_that_failed_confirms_nothing_by_the_back_door(bench: Bench) -> None:
    bench.says("раз")
    async with bench.adapter() as source:
        await source.poll()
        bench.sandbox.world.reset()  # the updates are gone, and nothing was stored
        assert list(await source.poll()) == []
        await source.confirm()
        await source.poll()
    assert [call.get("offset") for call in asked(bench, "getUpdates")] == [None, None]


async def test_the_random_ids_after_a_silent_week_are_found_and_confirmed(bench: Bench) -> None:
    async with bench.adapter() as source:
        for text in ("до каникул", "после каникул", "ещё"):
            bench.says(text)
            assert texts(await source.poll()) == [text]
            await source.confirm()
            assert list(await source.poll()) == []
            bench.pass_time(days=8)


async def test_two_pollers_are_told_apart_from_a_bad_network(sandbox: Sandbox) -> None:
    url = sandbox.telegram_api_url
    async with telegram(url, wait=20) as one, telegram(url, wait=1) as two:
        for poller in (one, two):
            await poller.poll()  # the first waits for nothing
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            known = sandbox.world.news.count
            first = group.create_task(refused(one.poll()))
            assert await sandbox.world.news.after(known, 30), "the first waits"
            await two.poll()
        assert await first is PolledElsewhere


async def refused(call: Awaitable[object]) -> type[Exception] | None:
    try:
        await call
    except DeliveryFailed as error:
        return type(error)
    return None


def ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


async def test_one_update_that_cannot_be_understood_does_not_stop_the_others() -> None:
    chat = {"id": 7, "type": "private"}
    sender = {"id": 7, "is_bot": False, "first_name": "Аня"}

    def message(number: int, **fields: Any) -> dict[str, Any]:
        body = {"message_id": number, "date": 1, "chat": chat, "from": sender} | fields
        return {"update_id": number, "message": body}

    batch = [message(1, text="раз"), message(2, text="x", date=None), None, message(3, text="три")]
    offsets: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        asked = await request.json()
        offsets.append(asked.get("offset"))
        return ok([] if asked.get("offset") == 4 else batch)

    async with answering(answer) as url, telegram(url) as source:
        updates = await source.poll()
        assert [bool(one.error) for one in updates] == [False, True, True, False]
        assert [one.event.text for one in updates if one.event] == ["раз", "три"]
        assert len({one.ref for one in updates}) == 4
        await source.confirm()
        assert list(await source.poll()) == []
        assert offsets == [None, 4]


async def test_a_webhook_that_stands_in_the_way_is_removed_without_losing_updates() -> None:
    called: list[tuple[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        method = request.path.rpartition("/")[2]
        called.append((method, (await request.json()).get("drop_pending_updates")))
        if method == "deleteWebhook":
            return ok(result=True)
        told = "Conflict: can't use getUpdates method while webhook is active"
        refusal = {"ok": False, "error_code": 409, "description": told}
        return ok([]) if len(called) > 2 else web.json_response(refusal, status=409)

    async with answering(answer) as url, telegram(url) as source:
        assert list(await source.poll()) == []
        assert list(await source.poll()) == []
    assert called[:2] == [("getUpdates", None), ("deleteWebhook", False)]


@pytest.mark.parametrize("result", [True, {}, "x", None])
async def test_an_answer_of_another_form_is_no_batch(result: object) -> None:
    async def answer(_: web.Request) -> web.Response:
        return ok(result)

    async with answering(answer) as url, telegram(url) as source:
        with pytest.raises(NotSent):
            await source.poll()
        with pytest.raises(NotSent):
            await source.identify()
        sent = await source.send("7", Reply("Привет"), [], 1)
        assert sent == ""


async def test_a_file_over_20_megabytes_is_refused_for_its_size(bench: Bench) -> None:
    big = NewFile(FileKind.DOCUMENT, "видео.mp4", "video/mp4", size=25 * MEGABYTE)
    async with bench.adapter() as source:
        bench.side.send_files(bench.person, [big])
        (file,) = [file for one in events(await source.poll()) for file in one.remote]
        assert file.size == 25 * MEGABYTE
        with pytest.raises(FileRefused) as caught:
            async for _ in source.download(file):
                pass
        assert caught.value.too_big


async def test_a_picture_over_10_megabytes_goes_as_a_document(bench: Bench, tmp_path: Path) -> None:
    bench.says("привет")
    big = local(tmp_path, FileKind.PHOTO, PNG + bytes(10 * MEGABYTE), "1.png", "image/png")
    small = local(tmp_path, FileKind.PHOTO, PNG, "2.png", "image/png")
    async with bench.adapter() as courier:
        await courier.send(bench.chat_id, with_files(big.kind), [big], 1)
        await courier.send(bench.chat_id, with_files(big.kind, small.kind), [big, small], 2)
    kinds = [one.files[0].kind for one in bench.chat.shown() if one.direction == "out"]
    assert kinds == [FileKind.DOCUMENT] * 3
    assert not asked(bench, "sendPhoto")


async def test_an_album_that_is_refused_as_pictures_goes_as_documents(
    bench: Bench, tmp_path: Path
) -> None:
    bench.says("привет")
    files = [local(tmp_path, FileKind.PHOTO, b"no picture", "1.png", "image/png")] * 2
    async with bench.adapter() as courier:
        ref = await courier.send(bench.chat_id, with_files(*[f.kind for f in files]), files, 1)
    sent = [one for one in bench.chat.shown() if one.direction == "out"]
    assert [one.files[0].kind for one in sent] == [FileKind.DOCUMENT] * 2
    assert str(sent[0].id) == ref


async def test_previews_are_off_and_words_are_not_parsed(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        await courier.send(bench.chat_id, Reply("https://school.example *звёзды*"), [], 1)
    (call,) = asked(bench, "sendMessage")
    assert call["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in call


async def test_a_menu_stays_and_fits(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as courier:
        await courier.send(bench.chat_id, Reply("Меню", menu=(("Мой день",),)), [], 1)
    markup = asked(bench, "sendMessage")[0]["reply_markup"]
    assert markup["resize_keyboard"] is True
    assert markup["is_persistent"] is True


async def test_it_introduces_itself(bench: Bench) -> None:
    async with bench.adapter() as source:
        await source.introduce({"day": "Мой день", "help": "Помощь"}, "Дежурный", "Коротко")
        assert source.link("ABC") == "https://t.me/dezhurny_bot?start=ABC"
    (commands,) = asked(bench, "setMyCommands")
    told = [(one["command"], one["description"]) for one in commands["commands"]]
    assert told == [("day", "Мой день"), ("help", "Помощь")]
    assert asked(bench, "setMyDescription") == [{"description": "Дежурный"}]
    assert asked(bench, "setMyShortDescription") == [{"short_description": "Коротко"}]


@pytest.mark.parametrize("payload", ["", "a b", "я", "x" * 65, "a&b"])
async def test_a_link_that_telegram_would_not_carry_is_refused(bench: Bench, payload: str) -> None:
    async with bench.adapter() as source:
        await source.identify()
        with pytest.raises(ValueError, match="64"):
            source.link(payload)


@pytest.mark.parametrize("token", ["", "s3cr3t", "x:s3cr3t", "7 :s3cr3t"])
def test_what_is_no_token_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(ValueError, match="not a Telegram token") as caught:
        telegram("http://127.0.0.1:1", token=token)
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.__cause__ is None


@asynccontextmanager
async def socks(passed: list[bytes]) -> AsyncIterator[str]:
    """Run a SOCKS5 proxy with a password; it notes the addresses that it connects to."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting = await reader.readexactly(2)
        await reader.readexactly(greeting[1])
        writer.write(b"\x05\x02")
        user = await reader.readexactly((await reader.readexactly(2))[1])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x01\x00")
        kind = (await reader.readexactly(4))[3]
        length = 4 if kind == 1 else (await reader.readexactly(1))[0]
        host = await reader.readexactly(length)
        port = int.from_bytes(await reader.readexactly(2), "big")
        passed.append(b"%b:%b@%b" % (user, password, host))
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        ahead, back = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.TaskGroup() as group:
            group.create_task(pump(reader, back))
            group.create_task(pump(ahead, writer))

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while chunk := await source.read(4096):
            sink.write(chunk)
        sink.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"socks5://anya:pr0xy-s3cr3t@127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_everything_goes_through_the_proxy(bench: Bench) -> None:
    passed: list[bytes] = []
    bench.says("привет")
    url = bench.sandbox.telegram_api_url
    async with socks(passed) as proxy:
        async with telegram(url, proxy=proxy) as source:
            assert texts(await source.poll()) == ["привет"]
        await asyncio.sleep(0.1)
    assert passed == [b"anya:pr0xy-s3cr3t@\x7f\x00\x00\x01"]


async def test_a_proxy_that_is_down_means_not_sent_and_keeps_its_password() -> None:
    proxy = "socks5://anya:pr0xy-s3cr3t@127.0.0.1:1"
    async with telegram("http://127.0.0.1:2", proxy=proxy) as courier:
        with pytest.raises(NotSent) as caught:
            await courier.send("7", Reply("Привет"), [], 1)
    assert "s3cr3t" not in str(caught.value)


async def test_the_token_goes_to_no_other_address() -> None:
    led: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        led.append(request.path)
        raise web.HTTPFound(f"/elsewhere/{TELEGRAM_TOKEN}")

    async with answering(answer) as url, telegram(url) as source:
        with pytest.raises(NotSent):
            await source.poll()
    assert len(led) == 1


async def test_raw_updates_are_kept_as_they_came(bench: Bench) -> None:
    bench.says("привет")
    async with bench.adapter() as source:
        (update,) = await source.poll()
    assert json.loads(update.raw)["message"]["text"] == "привет"
    assert json.loads(update.raw)["update_id"] == int(update.ref)


async def test_a_download_needs_a_path() -> None:
    async def answer(_: web.Request) -> web.Response:
        return ok({"file_id": "x"})

    async with answering(answer) as url, telegram(url) as source:
        with pytest.raises(NotSent):
            async for _ in source.download(RemoteFile(messages.FileKind.PHOTO, "x")):
                pass
