"""5.4: where others read along the bot shows nothing of anybody, whoever presses what there.

A card may be forwarded, and a bot may be added to the chat of a class: its buttons come back from
there with everything they name, pressed by one who may.
"""

import pytest

from handlers import dispatch
from handlers.messages import FileKind, Happening, RemoteFile
from handlers.texts import Texts
from tests.chat import House, photo, voice
from tests.handlers.crowd import Said, answers_to, changed, failures, in_group, pressed, rows_of
from tests.handlers.planted import Planted
from tests.handlers.wishes import Wishes

pytestmark = [pytest.mark.clause("5.4"), pytest.mark.asyncio(loop_scope="module")]

IN_PRIVATE = Said((Texts()("write-in-private"),))
SILENCE = Said(())
FILES = {FileKind.PHOTO: photo, FileKind.VOICE: voice}


@pytest.mark.parametrize("action", sorted(dispatch.ACTIONS))
async def test_a_press_in_a_group_is_sent_to_the_private_chat(
    action: str, crowded: House, school: Planted, wishes: Wishes
) -> None:
    tried = [
        (school.actors[name], ask.payload)
        for ask in wishes.of(action)
        for name in sorted((ask.by & (ask.among or ask.by)) or {"student", "group teacher"})
    ]
    before = rows_of(crowded)
    said = await answers_to(
        crowded,
        [in_group(one, action=payload, happening=Happening.PRESS) for one, payload in tried],
    )
    assert set(said) == {IN_PRIVATE}
    assert not changed(before, rows_of(crowded))
    assert not failures(crowded)


@pytest.mark.parametrize("caption", ["", "Мой день", "/start"])
@pytest.mark.parametrize("kind", FILES)
async def test_a_file_in_a_group_becomes_part_of_nothing(
    kind: FileKind, caption: str, crowded: House, school: Planted
) -> None:
    """Neither of a student's work, nor of a task or an answer that a teacher has begun."""
    student, teacher = school.actors["student"], school.actors["group teacher"]
    side = school.older
    opened = [
        pressed(student, f"hand_in.show:{side.draft}"),
        pressed(teacher, f"review.comment:{side.begun}"),
    ]
    await answers_to(crowded, opened)
    crowded.messengers["telegram"].blobs["sent"] = FILES[kind]().content
    before = rows_of(crowded)
    events = [
        in_group(actor, text=caption, remote=(RemoteFile(kind, "sent"),))
        for actor in (student, teacher, school.actors["stranger"])
    ]
    said = await answers_to(crowded, events)
    assert set(said) == {IN_PRIVATE if caption == "/start" else SILENCE}
    assert not changed(before, rows_of(crowded))
    assert not failures(crowded)


async def test_a_file_in_a_group_is_not_fetched_at_all(crowded: House, school: Planted) -> None:
    """What a class sends to each other there is not ours to keep."""
    crowded.messengers["telegram"].blobs["sent"] = photo().content
    before = rows_of(crowded)
    student = school.actors["student"]
    await answers_to(crowded, [in_group(student, remote=(RemoteFile(FileKind.PHOTO, "sent"),))])
    assert rows_of(crowded)["files"] == before["files"]
