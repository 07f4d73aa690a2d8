"""File names, archives and pictures made to harm (ASVS 5.2.1–5.2.6, 5.3.2, 5.3.3).

A file is named by its content, shown under a name that hides nothing, counted while it streams,
and opened by nobody: no archive is unpacked and no picture decoded by the bot
(`test_process.py` sees that nothing is loaded that could).
"""

import hashlib
import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import file_names
from bot.ingress import FILE_BYTES
from bot.messengers.text import file_name
from handlers.messages import FileKind, FileState, RemoteFile
from storage.tables import messages
from tests.chat import Chat, House, Sendable, pdf

NAMES = [
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\config",
    "/etc/shadow",
    "C:\\boot.ini",
    "\\\\server\\share\\x.pdf",
    "file:///etc/passwd",
    "a\x00.pdf",
    "a\r\nContent-Type: text/html\r\n\r\n<script>.pdf",
    "CON",
    "con.pdf",
    "NUL",
    "LPT1.txt",
    "COM¹",
    "x" * 10_000 + ".pdf",
    "я" * 10_000,
    "работа\u202efdp.exe",
    "\u2066работа\u2069\u200b.pdf",
    "\ufeff\u200f.pdf",
    "....",
    ".",
    "..",
    " ",
    "\t",
    "-rf",
    "~/.ssh/id_rsa",
    "$(reboot).pdf",
    "`reboot`.pdf",
    "a;reboot.pdf",
    "a|b>c<d?e*f:g.pdf",
    '"; DROP TABLE files; --.pdf',
    "<img src=x onerror=alert(1)>.pdf",
    "{ $name }.pdf",
    "%s%n%x.pdf",
    "\ud83d.pdf",
    "👩‍👩‍👧.pdf",
    "",
]
HIDING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def looks_harmless(name: str) -> bool:
    """Say whether a name is one name, no path and no device, and shows what it is."""
    return (
        len(name) <= 256
        and not any(unicodedata.category(letter) in HIDING for letter in name)
        and not set("/\\") & set(name)
        and name.partition(".")[0].upper() not in {"CON", "NUL", "LPT1", "COM¹"}
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_what_it_is(name: str) -> None:
    storable = name.encode("utf-8", "replace").decode()
    shown = file_names.shown(storable)
    assert looks_harmless(shown), shown
    assert file_names.shown(shown) == shown
    sent = file_name(shown, FileKind.DOCUMENT, "application/pdf")
    assert looks_harmless(sent), sent
    assert not set('<>:"|?*') & set(sent)
    assert sent.strip(" .")


def test_a_plain_name_is_left_alone() -> None:
    for name in ("работа.pdf", "Алгебра 7Б, № 12 (1).docx", "конспект.tar.gz", "CONTENT.pdf"):
        assert file_names.shown(name) == name


def test_a_name_cannot_hide_its_end() -> None:
    assert file_names.shown("работа\u202efdp.exe") == "работаfdp.exe"


def outside(files: Path, folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if files not in path.parents}


async def test_no_name_leads_out_of_the_folder_or_to_a_failure(
    house: House, tmp_path: Path
) -> None:
    anya, files = await house.chat("S701"), house.store.folder
    before = outside(files, tmp_path)
    for number, name in enumerate(NAMES):
        content = b"%PDF-1.4\n" + str(number).encode()
        await anya.sends(Sendable(FileKind.DOCUMENT, content, name))
        anya.sees("Получено")
        path = house.store.path(hashlib.sha256(content).hexdigest())
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o111 == 0
    assert outside(files, tmp_path) - before <= {files}
    assert all(len(path.name) == 64 for path in files.glob("*/*"))
    async with house.database.read() as tx:
        kept = list(await tx.scalars(sa.text("select name from draft_parts")))
        assert not await tx.scalar(
            sa.select(sa.func.count()).where(messages.inbox.c.state == "quarantined")
        )
    assert len(kept) == len(NAMES)
    assert all(map(looks_harmless, kept))


async def states_of(house: House, chat: Chat, *remote: RemoteFile) -> list[str]:
    await chat.happens(chat.event(remote=remote))
    async with house.database.read() as tx:
        return list(await tx.scalars(sa.select(messages.inbox_files.c.state)))


async def test_a_size_that_was_declared_is_not_believed(house: House) -> None:
    """It says ten bytes and streams a byte more than the limit."""
    anya = await house.chat("S701")
    anya.messenger.blobs["big"] = b"%PDF-" + bytes(FILE_BYTES)
    assert await states_of(house, anya, RemoteFile(FileKind.DOCUMENT, "big", "a.pdf", size=10)) == [
        FileState.TOO_BIG
    ]
    assert [path for path in house.store.folder.rglob("*") if path.is_file()] == []


async def test_what_never_ends_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    anya, read = await house.chat("S701"), 0

    async def endless(_: RemoteFile) -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 2**20
            yield bytes(2**20)

    monkeypatch.setattr(anya.messenger, "download", endless)
    remote = RemoteFile(FileKind.VIDEO, "x", "a.mp4")
    assert await states_of(house, anya, remote) == [FileState.TOO_BIG]
    assert read == FILE_BYTES + 2**20
    assert [path for path in house.store.folder.rglob("*") if path.is_file()] == []


async def test_what_declares_itself_too_big_is_not_even_asked_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    anya = await house.chat("S701")
    monkeypatch.setattr(anya.messenger, "download", None)
    remote = RemoteFile(FileKind.DOCUMENT, "x", "a.pdf", size=FILE_BYTES + 1)
    assert await states_of(house, anya, remote) == [FileState.TOO_BIG]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(side: int) -> bytes:
    """A picture of so many pixels a side, all white, which packs into next to nothing."""
    rows = zlib.compress(bytes((side // 8 + 1) * 200), 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    )


def jpeg(side: int) -> bytes:
    sof = struct.pack(">BHBHHB", 0xC0, 17, 8, side, side, 3) + bytes(9)
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff" + sof


def gif(side: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", side, side) + bytes(20) + b";"


def webp(side: int) -> bytes:
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + struct.pack("<I", side)[:3] * 2
    return b"RIFF" + struct.pack("<I", len(body)) + body


def zip_of_zips(depth: int = 6) -> bytes:
    """Ten in each of ten in each of ten …, a megabyte of zeros in the last."""
    data, name = bytes(2**20), "0"
    for _ in range(depth):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}/{name}", data)
        data, name = packed.getvalue(), "1.zip"
    return data


@pytest.mark.parametrize(
    ("kind", "content", "name"),
    [
        (FileKind.PHOTO, png(65_000), "flood.png"),
        (FileKind.PHOTO, jpeg(65_000), "flood.jpg"),
        (FileKind.PHOTO, gif(65_000), "flood.gif"),
        (FileKind.PHOTO, webp(2**24 - 1), "flood.webp"),
        (FileKind.DOCUMENT, zip_of_zips(), "42.zip"),
        (FileKind.DOCUMENT, b"\x1f\x8b\x08" + zlib.compress(bytes(2**22), 9), "zeros.gz"),
        (FileKind.DOCUMENT, b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 99, "a.svg"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
async def test_a_bomb_lies_on_the_disk_as_it_came(
    house: House, kind: FileKind, content: bytes, name: str
) -> None:
    anya = await house.chat("S701")
    await anya.sends(Sendable(kind, content, name))
    stored = [path for path in house.store.folder.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in stored] == [content]
    assert sum(path.stat().st_size for path in stored) < 2**21


async def test_programs_are_turned_away_by_what_is_in_them(house: House) -> None:
    anya = await house.chat("S701")
    for content in (b"MZ" + bytes(100), b"\x7fELF" + bytes(100), b"\x00\x01" * 50):
        await anya.sends(Sendable(FileKind.DOCUMENT, content, "работа.pdf"))
        anya.sees("учитель не откроет")
        anya.sees_not("Получено")


async def test_a_file_is_what_it_holds_and_not_what_it_is_called(house: House) -> None:
    anya = await house.chat("S701")
    await anya.sends(pdf("фото.exe"))
    async with house.database.read() as tx:
        kept = list(await tx.scalars(sa.text("select content_type from files")))
    assert kept == ["application/pdf"]
