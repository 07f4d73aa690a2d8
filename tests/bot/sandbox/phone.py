"""Short hands for the tests: the Bot API as a bot calls it, and a person on Telegram."""

import json
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from aiohttp import ClientSession, FormData

from bot.sandbox.nouns import FileKind, Messenger, NewFile
from bot.sandbox.server import Sandbox
from bot.sandbox.world import MessengerSide

Json = dict[str, Any]

MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+03:00")
TOKEN = "7000000001:sandbox"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(40)
OGG = b"OggS" + bytes(60)
PHOTO = NewFile(FileKind.PHOTO, "photo.png", "image/png", PNG)


@dataclass(frozen=True)
class Refused:
    """The Bot API said no."""

    status: int
    description: str


class Api:
    """Calls the Bot API by HTTP, as JSON unless files go with it."""

    def __init__(self, session: ClientSession, url: str, token: str = TOKEN) -> None:
        self.session = session
        self.url = f"{url}/bot{token}"
        self.files_url = f"{url}/file/bot{token}"

    async def __call__(self, method: str, **params: Any) -> Any:
        async with self.session.post(f"{self.url}/{method}", json=params) as response:
            return self._read(response.status, await response.json())

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], **params: Any) -> Any:
        form = FormData(quote_fields=False)
        for name, value in params.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, (filename, content) in files.items():
            form.add_field(name, BytesIO(content), filename=filename)
        async with self.session.post(f"{self.url}/{method}", data=form) as response:
            return self._read(response.status, await response.json())

    async def updates(self, offset: int = 0, **params: Any) -> list[Json]:
        found: list[Json] = await self("getUpdates", offset=offset, **params)
        return found

    async def download(self, file_id: str) -> bytes:
        path = (await self("getFile", file_id=file_id))["file_path"]
        async with self.session.get(f"{self.files_url}/{path}") as response:
            assert response.status == 200
            return await response.read()

    @staticmethod
    def _read(status: int, body: Json) -> Any:
        if body["ok"]:
            assert status == 200
            return body["result"]
        assert status == body["error_code"]
        return Refused(status, body["description"])


class Person:
    """Somebody on Telegram, in the same process as the sandbox."""

    def __init__(self, sandbox: Sandbox, first_name: str) -> None:
        self.world = sandbox.world
        self.side: MessengerSide = sandbox.world.sides[Messenger.TELEGRAM]
        self.id = self.side.add_user(first_name, "Соколова").id
        self.bot = sandbox.world.bot(Messenger.TELEGRAM)
        self.chat = sandbox.world.chat(self.bot, self.id)

    def says(self, text: str) -> None:
        self.side.say(self.id, text)
