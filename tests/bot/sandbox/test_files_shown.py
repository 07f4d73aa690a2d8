"""Files as a page asks for them: in parts, once, and without believing their names."""

import pytest
from aiohttp import ClientSession

from bot.sandbox.nouns import FileKind, NewFile
from bot.sandbox.server import Sandbox

SOUND = bytes(range(256)) * 1000


def kept(sandbox: Sandbox, **given: object) -> str:
    new: dict[str, object] = {"kind": FileKind.VOICE, "mime": "audio/ogg", "content": SOUND}
    file = sandbox.world.store(NewFile(**(new | given)))  # type: ignore[arg-type]
    return f"{sandbox.control_url}/files/{file.id}"


async def test_a_file_is_kept_by_the_browser_and_never_run(
    sandbox: Sandbox, session: ClientSession
) -> None:
    async with session.get(kept(sandbox)) as response:
        assert (response.status, await response.read()) == (200, SOUND)
        assert response.content_type == "audio/ogg"
        told = response.headers
    assert told["Cache-Control"] == "private, max-age=31536000, immutable"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Content-Security-Policy"] == "sandbox"
    assert told["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-70000", 100, 70001),
        ("bytes=255999-", 255_999, 256_000),
        ("bytes=200000-999999", 200_000, 256_000),
        ("bytes=-5", 255_995, 256_000),
        ("bytes=-999999", 0, 256_000),
    ],
)
async def test_a_part_of_it_can_be_asked_for(
    sandbox: Sandbox, session: ClientSession, asked: str, start: int, stop: int
) -> None:
    async with session.get(kept(sandbox), headers={"Range": asked}) as response:
        assert response.status == 206
        assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/256000"
        assert response.content_length == stop - start
        assert await response.read() == SOUND[start:stop]


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=300000-300001"])
async def test_a_part_beyond_its_end_is_refused(
    sandbox: Sandbox, session: ClientSession, asked: str
) -> None:
    async with session.get(kept(sandbox), headers={"Range": asked}) as response:
        assert response.status == 416
        assert response.headers["Content-Range"] == "bytes */256000"


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "-"])
async def test_a_range_that_nobody_understands_asks_for_everything(
    sandbox: Sandbox, session: ClientSession, asked: str
) -> None:
    async with session.get(kept(sandbox), headers={"Range": asked}) as response:
        assert (response.status, await response.read()) == (200, SOUND)


async def test_a_part_of_a_file_that_was_only_declared_is_zeros(
    sandbox: Sandbox, session: ClientSession
) -> None:
    url = kept(sandbox, content=None, size=25 * 1024 * 1024)
    async with session.get(url, headers={"Range": "bytes=26000000-"}) as response:
        assert await response.read() == bytes(25 * 1024 * 1024 - 26_000_000)


@pytest.mark.parametrize(
    ("mime", "told", "how"),
    [
        ("audio/webm;codecs=opus", "audio/webm", "inline"),
        ("IMAGE/PNG", "image/png", "inline"),
        ("image/svg+xml", "image/svg+xml", "attachment"),
        ("text/html", "text/html", "attachment"),
        ("text/html\r\nSet-Cookie: a=b", "application/octet-stream", "attachment"),
        ("", "application/octet-stream", "attachment"),
        ("картинка", "application/octet-stream", "attachment"),
    ],
)
async def test_a_type_is_told_but_only_harmless_ones_are_shown(
    sandbox: Sandbox, session: ClientSession, mime: str, told: str, how: str
) -> None:
    async with session.get(kept(sandbox, mime=mime)) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, told)
        assert response.headers["Content-Disposition"].startswith(how)
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename=evil.exe; x="',
        "../../etc/passwd",
        "a\r\nX-Evil: 1\r\n\r\n<script>",
        "Работа \u202egnp.exe",
        "\ud800",
        "x" * 5000,
        "",
    ],
)
async def test_a_hostile_name_does_nothing(
    sandbox: Sandbox, session: ClientSession, name: str
) -> None:
    async with session.get(kept(sandbox, name=name)) as response:
        told = response.headers["Content-Disposition"]
        assert (response.status, await response.read()) == (200, SOUND)
    assert "X-Evil" not in response.headers
    assert told.startswith("inline; filename*=UTF-8''")
    assert not set(told.partition("''")[2]) & set('"\\/;\r\n <>')
