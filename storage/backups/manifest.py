"""What stands in a backup's manifest, as a person and a program read it."""

from typing import Annotated

from pydantic import AwareDatetime, Field, NonNegativeInt, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from storage.backups.failures import BadArchive, Fault

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE, FILES, BOOKMARK = "database.db", "files.sha256", "vk.bookmark"
NEEDED = frozenset({DATABASE, FILES})
PARTS = NEEDED | {BOOKMARK}

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the archive; `size` in bytes."""

    size: NonNegativeInt
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup's own account of itself.

    `counts` are rows by table. `missing` are files that the database names and that the folder of
    files did not have, or not whole, when the backup was made.
    """

    format: int
    program: str
    made_at: AwareDatetime
    revision: str
    counts: dict[str, NonNegativeInt]
    parts: dict[str, Part]
    missing: tuple[Digest, ...] = ()


_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def written(manifest: Manifest) -> bytes:
    """Write a manifest down."""
    return _MANIFEST.dump_json(manifest, indent=1) + b"\n"


def read(text: bytes) -> Manifest:
    """Read a manifest; raises BadArchive for one that is none, or that nobody here understands."""
    try:
        manifest = _MANIFEST.validate_json(text)
    except ValidationError as error:
        said = error.errors()[0]["msg"]
        raise BadArchive(Fault.NO_MANIFEST, name=MANIFEST, error=said) from None
    if manifest.format != FORMAT:
        found, known = str(manifest.format), str(FORMAT)
        raise BadArchive(Fault.FORMAT, name=MANIFEST, found=found, known=known)
    if not NEEDED <= manifest.parts.keys() <= PARTS:
        raise BadArchive(Fault.PARTS, name=MANIFEST)
    return manifest
