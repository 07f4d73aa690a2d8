"""П1-1.5: albums, files that come late, and files that cannot be taken."""

import pytest

from handlers.messages import FileKind
from storage import drafts, works
from tests.assignments import release, set_task, works_of
from tests.chat import House, Sendable, moscow, photo, sticker
from tests.handlers.collecting import (
    begins,
    draft_of,
    kinds_of,
    part_of_album,
    texts_of,
)

pytestmark = pytest.mark.clause("П1-1.5")

MEGABYTE = 1024 * 1024


async def test_an_album_has_one_card_that_keeps_up_with_it(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    before = len(masha.messages)
    await masha.sends(*(photo() for _ in range(4)))
    assert len(masha.messages) == before + 1
    assert "Собрано: 4 фото." in masha.text
    await masha.presses("Отправить")
    masha.sees("Работа принята: геометрия, 4 фото")


async def test_what_comes_after_an_album_has_its_card_at_the_bottom(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo(), photo())
    before = len(masha.messages)
    await masha.says("вот")
    assert len(masha.messages) == before + 1
    await masha.sends(photo(), photo())
    assert len(masha.messages) == before + 2
    assert "Собрано: 4 фото, текст." in masha.text


@pytest.mark.parametrize("when", ["07:31:30", "09:00"])
async def test_a_file_of_the_same_album_is_offered_to_the_work_however_late(
    house: House, when: str
) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.happens(part_of_album(masha, "one"))
    await masha.presses("Отправить")
    house.clock.set(moscow(f"2026-11-23 {when}"))

    await masha.happens(part_of_album(masha, "two"))
    masha.sees("Пришло после отправки: 1 фото. Добавить к № 7Б-0001 (геометрия)?")
    await masha.presses("Да, добавить")

    masha.sees("Добавлено к № 7Б-0001. Теперь в работе: 2 фото.")
    [work] = await works_of(house, "S701")
    assert await kinds_of(house, work) == ["photo", "photo"]
    assert await draft_of(masha) is None


async def test_several_late_files_are_one_offer(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.presses("Отправить")
    await masha.sends(photo(), photo())
    masha.sees("Пришло после отправки: 2 фото.")
    await masha.presses("Да, добавить")
    masha.sees("Теперь в работе: 3 фото.")


async def test_a_late_file_may_be_for_another_task(house: House) -> None:
    await set_task(house, "2026-11-24 15:00", "Геометрия")
    await set_task(house, "2026-11-24 16:00", "Алгебра")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.presses("Отправить")
    await masha.sends(photo())
    await masha.presses("К другому заданию")
    await masha.presses("Алгебра")
    await masha.presses("Отправить")
    assert [work.task.subject for work in await works_of(house, "S701")] == [
        "Геометрия",
        "Алгебра",
    ]


async def test_later_than_two_minutes_or_after_the_review_nothing_is_added(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(photo())
    await masha.presses("Отправить")
    [work] = await works_of(house, "S701")
    await masha.sends(photo())
    await release(house, work, mark="5")
    await masha.presses("Да, добавить")
    masha.sees("№ 7Б-0001", "добавить нельзя")
    await masha.presses("Отмена")

    house.clock.set(moscow("2026-11-23 07:40"))
    await masha.sends(photo())
    masha.sees("К какому заданию?")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (Sendable(FileKind.DOCUMENT, b"", "видео.avi", 25 * MEGABYTE), "больше 20 МБ"),
        (Sendable(FileKind.DOCUMENT, b"MZ\0\0\0\x01\x02\0", "virus.exe"), "учитель не откроет"),
        (sticker(), "Стикер"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_said_and_the_rest_is_kept(
    house: House, file: Sendable, words: str
) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(file, text="решение в файле")
    masha.sees(words, "Собрано: текст.")
    await masha.sends(photo())
    await masha.presses("Отправить")
    [work] = await works_of(house, "S701")
    assert await kinds_of(house, work) == ["text", "photo"]


async def test_a_big_file_out_of_the_blue_is_told_where_to_go_instead(house: House) -> None:
    masha = await house.chat("S701")
    await masha.sends(Sendable(FileKind.DOCUMENT, b"", "видео.avi", 25 * MEGABYTE))
    masha.sees("«видео.avi»", "Сожми его", "https://sferum.example/school")
    assert await draft_of(masha) is None


async def test_a_file_that_did_not_arrive_is_asked_for_again(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    await masha.sends(Sendable(FileKind.DOCUMENT, b"", "работа.pdf", MEGABYTE), text="вот")
    masha.sees("«работа.pdf» до меня не дошёл", "ещё раз", "Собрано: текст.")


async def test_an_empty_message_is_answered(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await house.chat("S701")
    await masha.says("")
    masha.sees("Не получилось понять")
    await begins(house)
    await masha.says("")
    masha.sees("Это сообщение пришло пустым")


async def test_a_very_long_text_is_kept_whole(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    pieces = [letter * 4096 for letter in "абв"]
    for piece in pieces:
        await masha.says(piece)
    await masha.presses("Отправить")
    [work] = await works_of(house, "S701")
    assert await texts_of(house, work) == pieces


async def test_more_parts_than_a_work_holds_are_refused_and_the_draft_stays(house: House) -> None:
    await set_task(house, "2026-11-24 15:00")
    masha = await begins(house)
    draft = await draft_of(masha)
    assert draft is not None
    async with house.database.write() as tx:
        for number in range(60):
            await drafts.add_part(tx, draft.id, works.Part("text", f"{number}"))
    await masha.says("ещё")
    masha.sees("помещается 60 частей")
