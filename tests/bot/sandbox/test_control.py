import asyncio

import pytest
from aiohttp import ClientSession

from bot.sandbox.client import SandboxClient, SandboxRefusedError
from bot.sandbox.nouns import FileKind, Messenger, NewFile
from bot.sandbox.server import NotLoopbackError, Sandbox

from .phone import MONDAY, PHOTO, PNG, Api

TELEGRAM = Messenger.TELEGRAM


async def test_a_whole_conversation_through_the_control_api(
    client: SandboxClient, api: Api
) -> None:
    anya = await client.add_user(TELEGRAM, "Аня", "Соколова", "anya")
    assert anya in await client.users(TELEGRAM)
    await client.open_link(TELEGRAM, anya.id, "code-1")
    inline = {"inline_keyboard": [[{"text": "Это я", "callback_data": "yes"}]]}
    await api("sendMessage", chat_id=anya.id, text="Вы — Аня?", reply_markup=inline)
    chat = await client.shows(TELEGRAM, anya.id, lambda seen: seen.messages[-1].text == "Вы — Аня?")
    assert (chat.unread, chat.total, chat.started) == (1, 2, True)
    button = chat.messages[-1].button("Это я")
    assert button is not None
    assert button.data == "yes"
    pressed = await client.press(TELEGRAM, anya.id, "Это я")
    assert pressed.press is not None
    await api("answerCallbackQuery", callback_query_id=pressed.press.id, text="Здравствуйте")
    assert (await client.press_answered(pressed.press.id)).answer == "Здравствуйте"
    kept = await client.send_files(TELEGRAM, anya.id, [PHOTO, PHOTO], "задание")
    assert kept[0].album == kept[1].album is not None
    assert await client.file(kept[0].files[0].id) == PNG
    own = (await client.say(TELEGRAM, anya.id, "раз"))[0]
    assert (await client.edit(TELEGRAM, anya.id, own.id, "два")).text == "два"
    await client.block(TELEGRAM, anya.id)
    assert (await client.chat(TELEGRAM, anya.id, last=1)).blocked
    await client.unblock(TELEGRAM, anya.id)
    assert len(await api.updates()) == 8
    assert [chat.id for chat in await client.chats()] == [anya.id]


async def test_a_button_of_the_keyboard_is_sent_as_its_text(
    client: SandboxClient, api: Api
) -> None:
    anya = await client.add_user(TELEGRAM, "Аня")
    await client.say(TELEGRAM, anya.id, "/start")
    markup = {"keyboard": [["Мой день"]]}
    await api("sendMessage", chat_id=anya.id, text="меню", reply_markup=markup)
    pressed = await client.press(TELEGRAM, anya.id, "Мой день")
    assert pressed.message is not None
    assert pressed.message.text == "Мой день"
    await api("sendMessage", chat_id=anya.id, text="вот")
    await client.seen(TELEGRAM, anya.id)
    assert (await client.chat(TELEGRAM, anya.id)).unread == 0


async def test_a_chat_is_waited_for_until_there_is_news(client: SandboxClient, api: Api) -> None:
    anya = await client.add_user(TELEGRAM, "Аня")
    await client.say(TELEGRAM, anya.id, "/start")
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(
            client.shows(TELEGRAM, anya.id, lambda chat: chat.messages[-1].direction == "out")
        )
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await api("sendMessage", chat_id=anya.id, text="здравствуйте")
    assert waiting.result().messages[-1].text == "здравствуйте"
    with pytest.raises(TimeoutError, match="здравствуйте"):
        await client.shows(TELEGRAM, anya.id, lambda chat: chat.total > 9, within=0.05)


async def test_a_large_file_is_only_declared(client: SandboxClient) -> None:
    anya = await client.add_user(TELEGRAM, "Аня")
    large = NewFile(FileKind.DOCUMENT, "фильм.mp4", size=25 * 1024 * 1024)
    sent = await client.send_files(TELEGRAM, anya.id, [large])
    assert sent[0].files[0].size == 25 * 1024 * 1024


async def test_what_cannot_be_done_is_refused(
    client: SandboxClient, sandbox: Sandbox, session: ClientSession
) -> None:
    anya = await client.add_user(TELEGRAM, "Аня")
    for refused, status in (
        (client.say(TELEGRAM, 1, "кто?"), 404),
        (client.say(TELEGRAM, anya.id, "   "), 400),
        (client.press(TELEGRAM, anya.id, "Нет"), 404),
        (client.press(TELEGRAM, anya.id), 400),
        (client.edit(TELEGRAM, anya.id, 99, "?"), 404),
        (client.chat(TELEGRAM, 5), 404),
        (client.add_user(TELEGRAM, "Аня", user_id=anya.id), 400),
        (client.file("nothing"), 404),
    ):
        with pytest.raises(SandboxRefusedError) as error:
            await refused
        assert error.value.status == status
    async with session.post(f"{sandbox.control_url}/say", json={"user": 1}) as response:
        assert response.status == 400
    async with session.post(f"{sandbox.control_url}/reset", data="{}") as response:
        assert response.status == 415


async def test_reset_keeps_bots_and_clock_only(client: SandboxClient, api: Api) -> None:
    anya = await client.add_user(TELEGRAM, "Аня")
    await client.say(TELEGRAM, anya.id, "/start")
    now = (await client.clock()).now
    await client.reset()
    assert await client.users() == []
    assert await api.updates() == []
    assert (await client.calls()).calls == []
    assert (await client.clock()).now >= now
    assert (await api("getMe"))["is_bot"]


async def test_it_listens_on_loopback_only(sandbox: Sandbox, session: ClientSession) -> None:
    with pytest.raises(NotLoopbackError, match="loopback"):
        Sandbox(MONDAY, host="0.0.0.0")
    foreign = {"Host": "school.test"}
    async with session.get(f"{sandbox.control_url}/users", headers=foreign) as response:
        assert response.status == 403


async def test_vk_is_reached_by_the_same_verbs(client: SandboxClient) -> None:
    boris = await client.add_user(Messenger.VK, "Борис")
    sent = await client.say(Messenger.VK, boris.id, "Начать")
    assert (await client.chat(Messenger.VK, boris.id)).messages == sent


@pytest.mark.parametrize(
    "told",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/control/clock?seen=1", "/telegram/bot7000000001:sandbox/getMe", "/vk/method/x"]
)
async def test_another_page_gets_nothing(
    sandbox: Sandbox, session: ClientSession, path: str, told: dict[str, str]
) -> None:
    """Its tokens are in the repository, so a page from anywhere could speak for the bot."""
    async with session.get(f"{sandbox.url}{path}", headers=told) as refused:
        assert refused.status == 403
    assert not sandbox.world.clock.followed()
    own = {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"}
    async with session.get(f"{sandbox.url}/control/clock", headers=own) as answered:
        assert answered.status == 200


async def test_any_loopback_address_serves_its_own_name() -> None:
    async with (
        Sandbox(MONDAY, host="127.0.0.2") as other,
        ClientSession() as visiting,
        visiting.get(f"{other.control_url}/clock") as answered,
    ):
        assert answered.status == 200
