from pathlib import Path

import pytest

from bot.messengers.bookmark import FileBookmark
from bot.messengers.vk_history import Mark


async def test_a_bookmark_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "new" / "vk"
    assert await FileBookmark(path).read() == ""
    await FileBookmark(path).write("17 1764000000")
    await FileBookmark(path).write("18 1764000001")
    assert await FileBookmark(path).read() == "18 1764000001"
    assert [one.name for one in path.parent.iterdir()] == ["vk"]


async def test_a_bookmark_of_other_bytes_is_none(tmp_path: Path) -> None:
    path = tmp_path / "vk"
    path.write_bytes(b"\xff\xfe\x00")
    assert await FileBookmark(path).read() == ""


async def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "vk.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        await FileBookmark(tmp_path / "vk").write("1 2")


@pytest.mark.parametrize("text", ["", "17", "17 x", "x 17", "1 2 3"])
def test_a_mark_that_cannot_be_read_is_none(text: str) -> None:
    assert Mark.parse(text) == Mark()


def test_a_mark_is_read_as_it_was_written() -> None:
    mark = Mark("17", 1764000000)
    assert Mark.parse(str(mark)) == mark
    assert mark.moved("18", [{"date": 5}, {}]) == Mark("18", 5)
    assert mark.moved("18", []) == Mark("18", 1764000000)
