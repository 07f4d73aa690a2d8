"""Long lists and many files: cut into pages and albums, nothing lost and nothing twice."""

import pytest

from handlers.albums import albums
from handlers.messages import FileKind, StoredFile
from handlers.pages import page_of
from handlers.texts import Texts
from handlers.turn import joined


@pytest.mark.parametrize("many", [0, 1, 4, 5, 11])
def test_the_pages_of_a_list_are_the_list(many: int) -> None:
    every = list(range(many))
    first = page_of(every, 0, 4)
    pages = [page_of(every, number, 4) for number in range(first.count)]
    assert [one for page in pages for one in page.shown] == every
    assert first.count >= 1


def test_a_page_beyond_the_last_is_the_last() -> None:
    assert page_of([1, 2, 3], 9, 2) == page_of([1, 2, 3], 1, 2)


def test_a_pager_leads_to_the_pages_that_there_are() -> None:
    actions = [
        [button.action for button in page_of([1, 2, 3], number, 1).pager("x", Texts())]
        for number in range(3)
    ]
    assert actions == [["x:1"], ["x:0", "x:2"], ["x:1"]]
    assert not page_of([1], 0, 1).pager("x", Texts())


def test_photos_are_albums_of_ten_and_each_other_file_stands_alone() -> None:
    photos = [StoredFile(number, FileKind.PHOTO) for number in range(12)]
    paper = StoredFile(90, FileKind.DOCUMENT)
    shown = albums([*photos, paper, paper, photos[0]])
    assert [len(one.files) for one in shown] == [10, 2, 1, 1, 1]
    assert [file for one in shown for file in one.files] == [*photos, paper, paper, photos[0]]


def test_two_topics_cannot_claim_one_name() -> None:
    assert joined({"a": 1}, {"b": 2}) == {"a": 1, "b": 2}
    with pytest.raises(ValueError, match="claim"):
        joined({"a": 1}, {"a": 2})
