"""The files of the planted school: each is as secret as a word of `planted.SECRETS`."""

import itertools

import sqlalchemy as sa

from handlers.messages import FileKind
from storage import files
from storage.database import Tx
from storage.files import Blob
from storage.tables import work
from storage.tasks import PartFile
from tests.handlers.planted import BEFORE

_TYPES = {FileKind.PHOTO: "image/jpeg", FileKind.VOICE: "audio/ogg"}
_numbers = itertools.count(1)


async def a_file(tx: Tx, kind: FileKind, secret: str) -> int:
    """Make a file known; nothing of it lies on the disk, and its hash says whose it is."""
    return await files.add(tx, Blob(f"{secret}|{next(_numbers)}", 1, _TYPES[kind]), BEFORE)


async def photo_and_voice(tx: Tx, secret: str) -> list[PartFile]:
    """Make a photo and a voice message known: neither has a name that could give it away."""
    return [PartFile(await a_file(tx, kind, secret), kind.value, "") for kind in _TYPES]


async def secrets_of_files(tx: Tx) -> dict[int, str]:
    """Return the secret of every file."""
    found = await tx.execute(sa.select(work.files.c.id, work.files.c.sha256))
    return {number: sha256.partition("|")[0] for number, sha256 in found.all()}
