"""Files both ways: what a community uploads, and what it loads from people's messages."""

import hashlib

import pytest
from aiohttp import ClientConnectionError

from bot.sandbox.faults import FaultKind
from bot.sandbox.nouns import FileKind, Messenger, NewFile
from tests.bot.sandbox.vk.conftest import GROUP, Bot

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 300
OGG = b"OggS\x00\x04" + (48_000 * 7).to_bytes(8, "little") + b"OpusHead" + bytes(500)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def upload_url(bot: Bot, kind: str) -> str:
    server = await bot.call("docs.getMessagesUploadServer", type=kind, peer_id=bot.anya)
    url: str = server["upload_url"]
    assert url.startswith(bot.url)
    return url


async def test_a_document_goes_up_is_sent_and_comes_down_the_same(bot: Bot) -> None:
    taken = await bot.upload(await upload_url(bot, "doc"), "задание.pdf", PDF)
    saved = await bot.call("docs.save", file=taken["file"], title="Задание 3.pdf")
    doc = saved["doc"]
    assert saved["type"] == "doc"
    assert (doc["title"], doc["ext"], doc["size"], doc["type"]) == (
        "Задание 3.pdf",
        "pdf",
        len(PDF),
        1,
    )
    assert digest(await bot.download(doc["url"])) == digest(PDF)
    await bot.send("", attachment=f"doc{doc['owner_id']}_{doc['id']}")
    [file] = bot.chat.messages[-1].files
    assert (file.kind, file.digest) == (FileKind.DOCUMENT, digest(PDF))
    told = [call.params for call in bot.world.calls.after(0) if call.method == "upload"]
    assert told == [{"kind": "doc", "file": "задание.pdf", "size": len(PDF), "sha256": digest(PDF)}]


async def test_a_title_without_the_files_extension_gets_it(bot: Bot) -> None:
    taken = await bot.upload(await upload_url(bot, "doc"), "a.pdf", PDF)
    for title, name in (("Алгебра", "Алгебра.pdf"), ("§ 3.1", "§ 3.1.pdf"), ("", "a.pdf")):
        doc = (await bot.call("docs.save", file=taken["file"], title=title))["doc"]
        assert (doc["title"], doc["ext"]) == (name, "pdf")


async def test_a_voice_message_goes_up_with_its_length(bot: Bot) -> None:
    taken = await bot.upload(await upload_url(bot, "audio_message"), "voice.ogg", OGG)
    saved = await bot.call("docs.save", file=taken["file"])
    voice = saved["audio_message"]
    assert (saved["type"], voice["duration"]) == ("audio_message", 7)
    assert digest(await bot.download(voice["link_ogg"])) == digest(OGG)
    name = f"{voice['owner_id']}_{voice['id']}"
    for kind in ("audio_message", "doc"):
        await bot.send("", attachment=f"{kind}{name}_{voice['access_key']}")
        assert bot.chat.messages[-1].files[0].kind is FileKind.VOICE


async def test_a_picture_goes_up_and_is_sent(bot: Bot) -> None:
    server = await bot.call("photos.getMessagesUploadServer", peer_id=bot.anya)
    taken = await bot.upload(server["upload_url"], "page.jpg", JPEG, field="photo")
    [photo] = await bot.call("photos.saveMessagesPhoto", **taken)
    assert digest(await bot.download(photo["sizes"][-1]["url"])) == digest(JPEG)
    await bot.send("", attachment=f"photo{photo['owner_id']}_{photo['id']}_{photo['access_key']}")
    assert bot.chat.messages[-1].files[0].kind is FileKind.PHOTO
    assert await bot.refused("photos.saveMessagesPhoto", **taken | {"hash": "0"}) == 121


async def test_what_is_no_picture_becomes_an_empty_list_that_cannot_be_saved(bot: Bot) -> None:
    server = await bot.call("photos.getMessagesUploadServer")
    taken = await bot.upload(server["upload_url"], "page.jpg", PDF, field="photo")
    assert taken["photo"] == "[]"
    assert await bot.refused("photos.saveMessagesPhoto", **taken) == 100
    assert await bot.refused("photos.saveMessagesPhoto") == 100
    assert await bot.refused("photos.saveMessagesPhoto", photo="чепуха") == 100


async def test_uploads_are_refused_for_their_type_size_field_or_address(bot: Bot) -> None:
    voice = await upload_url(bot, "audio_message")
    assert "error" in await bot.upload(voice, "voice.mp3", b"ID3" + bytes(100))
    doc = await upload_url(bot, "doc")
    assert "error" in await bot.upload(doc, "virus.exe", b"MZ")
    assert "error" in await bot.upload(doc, "empty.pdf", b"")
    assert "error" in await bot.upload(doc, "задание.pdf", PDF, field="document")
    assert "error" in await bot.upload(f"{bot.url}/vk/upload/doc/unknown", "a.pdf", PDF)
    bot.rules.doc_bytes = len(PDF) - 1
    assert (await bot.upload(doc, "задание.pdf", PDF))["error"] == "no_file"
    async with bot.session.post(doc, data={"file": "text"}) as response:
        assert "error" in await response.json()


async def test_an_upload_address_needs_a_known_type_and_a_peer_who_allows(bot: Bot) -> None:
    method = "docs.getMessagesUploadServer"
    assert await bot.refused(method) == 100
    assert await bot.refused(method, peer_id=bot.anya, type="graffiti") == 100
    stranger = bot.side.add_user("Вера")
    assert await bot.refused(method, peer_id=stranger.id) == 901
    assert await bot.refused("photos.getMessagesUploadServer", peer_id=stranger.id) == 901
    assert await bot.refused("docs.save") == 100
    assert await bot.refused("docs.save", file="unknown") == 100


async def test_an_album_is_one_message_with_its_files_in_order(bot: Bot) -> None:
    photos = [NewFile(FileKind.PHOTO, content=JPEG + bytes([n])) for n in range(10)]
    [sent] = bot.side.send_files(bot.anya, photos, "Моя работа")
    message = await bot.message()
    assert (message["id"], message["text"]) == (sent.id, "Моя работа")
    urls = [one["photo"]["sizes"][-1]["url"] for one in message["attachments"]]
    got = [digest(await bot.download(url)) for url in urls]
    assert got == [digest(JPEG + bytes([n])) for n in range(10)]
    two = bot.side.send_files(bot.anya, [*photos, photos[0]])
    assert [len(m.files) for m in two] == [10, 1]


async def test_documents_voice_and_stickers_arrive_in_their_shapes(bot: Bot) -> None:
    files = [
        NewFile(FileKind.DOCUMENT, "работа.docx", content=PDF),
        NewFile(FileKind.VOICE, content=OGG, duration=7),
        NewFile(FileKind.STICKER),
        NewFile(FileKind.VIDEO, "опыт.mp4", content=PDF),
    ]
    sent = bot.side.send_files(bot.anya, files, "Вот")
    assert [(m.text, len(m.files)) for m in sent] == [("Вот", 1), ("", 1), ("", 1), ("", 1)]
    messages = [event["object"]["message"] for event in await bot.events()]
    doc, voice, sticker, video = (message["attachments"][0] for message in messages)
    told = (doc["doc"]["title"], doc["doc"]["ext"], doc["doc"]["size"])
    assert told == ("работа.docx", "docx", len(PDF))
    assert digest(await bot.download(doc["doc"]["url"])) == digest(PDF)
    assert voice["audio_message"]["duration"] == 7
    assert digest(await bot.download(voice["audio_message"]["link_ogg"])) == digest(OGG)
    assert sticker["type"] == "sticker"
    assert "url" not in video["video"]


async def test_a_caption_before_a_voice_is_a_message_of_its_own(bot: Bot) -> None:
    voice = NewFile(FileKind.VOICE, content=OGG)
    assert [m.text for m in bot.side.send_files(bot.anya, [voice], "Слушайте")] == ["Слушайте", ""]


async def test_a_declared_file_costs_nothing_and_downloads_as_zeros(bot: Bot) -> None:
    size = 25 * 1024 * 1024
    bot.side.send_files(bot.anya, [NewFile(FileKind.DOCUMENT, "big.zip", size=size)])
    doc = (await bot.message())["attachments"][0]["doc"]
    assert doc["size"] == size
    async with bot.session.get(doc["url"]) as response:
        assert response.content_length == size
        assert await response.content.readexactly(1000) == bytes(1000)


async def test_what_a_person_sent_is_sent_on_only_with_its_key(bot: Bot) -> None:
    bot.side.send_files(bot.anya, [NewFile(FileKind.PHOTO, content=JPEG)])
    photo = (await bot.message())["attachments"][0]["photo"]
    assert photo["owner_id"] == bot.anya
    name = f"photo{photo['owner_id']}_{photo['id']}"
    asked = {"peer_id": bot.anya, "random_id": 88}
    assert await bot.refused("messages.send", attachment=name, **asked) == 100
    assert await bot.refused("messages.send", attachment=f"{name}_wrong", **asked) == 100
    sent = await bot.call("messages.send", attachment=f"{name}_{photo['access_key']}", **asked)
    assert bot.chat.messages[-1].id == sent
    assert bot.chat.messages[-1].files[0].digest == digest(JPEG)


async def test_downloads_fail_as_the_faults_say(bot: Bot) -> None:
    bot.side.send_files(bot.anya, [NewFile(FileKind.DOCUMENT, "a.pdf", content=PDF)])
    url = (await bot.message())["attachments"][0]["doc"]["url"]
    only = frozenset({"download"})
    # The client asks once more by itself when a GET is cut on a connection it had kept.
    bot.world.faults.set(FaultKind.DOWN, messenger=Messenger.VK, methods=only, count=2)
    with pytest.raises(ClientConnectionError):
        await bot.download(url)
    bot.world.faults.set(FaultKind.FLOOD, messenger=Messenger.VK, methods=only, count=1)
    async with bot.session.get(url) as response:
        assert response.status == 429
    assert await bot.download(url) == PDF
    async with bot.session.get(f"{bot.url}/vk/files/unknown/doc") as response:
        assert response.status == 404
    assert GROUP.id == -(await own_doc(bot))["owner_id"]


async def own_doc(bot: Bot) -> dict[str, int]:
    taken = await bot.upload(await upload_url(bot, "doc"), "a.pdf", PDF)
    doc: dict[str, int] = (await bot.call("docs.save", file=taken["file"]))["doc"]
    return doc
