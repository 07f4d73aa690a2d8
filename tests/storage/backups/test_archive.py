"""An archive that is not exactly what it should be is refused before anything of it is used."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.backups import archive
from storage.backups.failures import BadArchive
from storage.backups.shelf import Shelf
from tests.storage.backups.home import Home

Member = tuple[tarfile.TarInfo, bytes]


@pytest.fixture(scope="module")
def good(template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Member]:
    """The members of a backup."""
    folder = tmp_path_factory.mktemp("good")
    made = Home(folder / "data", template).backed_up(Shelf(folder / "backups"))
    with tarfile.open(made.path) as tar:
        return [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]


def renamed(name: str) -> Member:
    content = b"root::0:0::/:/bin/sh\n"
    member = tarfile.TarInfo(name)
    member.size = len(content)
    return member, content


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> Member:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


def spoilt(members: list[Member], name: str) -> list[Member]:
    return [
        (one, content[:-1] + bytes([content[-1] ^ 1]) if one.name == name else content)
        for one, content in members
    ]


def without(members: list[Member], name: str) -> list[Member]:
    return [one for one in members if one[0].name != name]


BAD: dict[str, Callable[[list[Member]], list[Member]]] = {
    "a way out": lambda good: [*good, renamed("../../etc/passwd")],
    "a way out by its root": lambda good: [*good, renamed("/etc/passwd")],
    "another member": lambda good: [*good, renamed("notes.txt")],
    "a symbolic link": lambda good: [
        *without(good, "vk.bookmark"),
        link("vk.bookmark", "/etc/passwd"),
    ],
    "a hard link": lambda good: [
        *without(good, "vk.bookmark"),
        link("vk.bookmark", "database.db", tarfile.LNKTYPE),
    ],
    "a device": lambda good: [
        *without(good, "vk.bookmark"),
        link("vk.bookmark", "", tarfile.CHRTYPE),
    ],
    "a member twice": lambda good: [*good, good[-1]],
    "a part missing": lambda good: without(good, "database.db"),
    "the manifest not first": lambda good: [*good[1:], good[0]],
    "no manifest": lambda good: good[1:],
    "a spoilt manifest": lambda good: spoilt(good, "manifest.json"),
    "a spoilt database": lambda good: spoilt(good, "database.db"),
    "a spoilt bookmark": lambda good: spoilt(good, "vk.bookmark"),
    "nothing at all": lambda _: [],
}


@pytest.mark.parametrize("how", BAD)
def test_it_is_refused(good: list[Member], tmp_path: Path, how: str) -> None:
    path, folder = tmp_path / "bad.tar", tmp_path / "unpacked"
    with tarfile.open(path, "w") as tar:
        for member, content in BAD[how](good):
            tar.addfile(member, io.BytesIO(content))
    folder.mkdir()
    with pytest.raises(BadArchive) as refused:
        archive.unpack(path, folder, lambda: None)
    assert refused.value.fault, "a sentence needs its name"
    assert {one.name for one in tmp_path.iterdir()} == {"bad.tar", "unpacked"}
    assert {one.name for one in folder.iterdir()} <= {"database.db", "files.sha256", "vk.bookmark"}


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.99])
def test_one_that_was_cut_off_is_refused(template: Path, tmp_path: Path, share: float) -> None:
    made = Home(tmp_path / "data", template).backed_up(Shelf(tmp_path / "backups"))
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: int(len(whole.rstrip(b"\0")) * share)])
    (tmp_path / "unpacked").mkdir()
    with pytest.raises(BadArchive) as refused:
        archive.unpack(made.path, tmp_path / "unpacked", lambda: None)
    assert refused.value.fault


def test_a_later_format_is_refused(good: list[Member], tmp_path: Path) -> None:
    (first, said), *rest = good
    said = said.replace(b'"format": 1', b'"format": 2')
    with tarfile.open(tmp_path / "later.tar", "w") as tar:
        for member, content in [(first, said), *rest]:
            tar.addfile(member, io.BytesIO(content))
    with pytest.raises(BadArchive, match="format 2"):
        archive.read(tmp_path / "later.tar")


@pytest.mark.parametrize("text", [b"../../etc/passwd\n", b"abc\n", b"\xff\n", b"A" * 64 + b"\n"])
def test_a_list_that_names_no_files_is_refused(text: bytes) -> None:
    with pytest.raises(BadArchive):
        archive.listed(text)
