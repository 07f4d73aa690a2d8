"""The teacher's answers (П1-1.6): heard, listed with the unread first, opened in one message."""

from handlers import menu, phrases
from handlers.cards import is_in_place
from handlers.messages import (
    CAPTION_CHARS,
    Button,
    FileKind,
    Reply,
    Rows,
    StoredFile,
    laid_out,
    length,
    parts,
)
from handlers.objects import a_seen_student, an_answer
from handlers.pages import page_of
from handlers.phrases import in_text, label
from handlers.reader import Kind, Reader
from handlers.texts import Texts
from handlers.turn import Action, Answer, Handler, Turn
from school import answers, speakers
from storage import people, reviews, works
from storage.people import Student
from storage.reviews import RETURNED, Review
from storage.works import Work

PAGE = 4

Opened = tuple[Review, Work]


async def my_answers(turn: Turn) -> Answer:
    """Show the answers: one's own, or those of the first child that has something to read."""
    family = turn.speaker.family
    if not family:
        return Reply(turn.t("answers-nobody"), menu=menu.of(turn))
    for student in family:
        if await answers.unread_count(turn.tx, student.id):
            return await _list(turn, student, 0)
    return await _list(turn, family[0], 0)


async def open_list(turn: Turn, asked: tuple[Student, int]) -> Answer:
    """Show a page of a student's answers."""
    return await _list(turn, *asked)


async def _list(turn: Turn, student: Student, page: int) -> Reply:
    t, every = turn.t, await answers.of_student(turn.tx, student, turn.now)
    here = page_of(every, page, PAGE)
    waiting = sum(review.opened_at is None for review, _ in every)
    title = t("answers-unread", count=waiting) if waiting else t("answers-all-read")
    lines = [title if every else t("answers-none"), *(_line(t, one) for one in here.shown)]
    rows = [
        *([_to_answer(turn, one)] for one in here.shown),
        here.pager(f"answers.list:{student.id}", t),
        phrases.siblings(turn, student, "answers.list"),
    ]
    card = f"answers:{student.id}"
    return Reply(
        phrases.about("\n".join(lines), turn.speaker.id, student),
        buttons=laid_out(rows),
        card=card,
        edit=await is_in_place(turn, card),
    )


def _line(t: Texts, one: Opened) -> str:
    review, work = one
    key = "answers-line" if review.opened_at else "answers-line-new"
    return t(key, subject=work.task.subject, number=work.number, verdict=verdict(t, review))


def _to_answer(turn: Turn, one: Opened) -> Button:
    review, work = one
    said = turn.t("answers-open-one", subject=work.task.subject, number=work.number)
    return Button(label(said), f"answers.open:{review.id}")


def verdict(t: Texts, review: Review) -> str:
    """«отметка 4 и комментарий», «вернули на доработку», «аудиорецензия»."""
    found = [t("answers-returned-briefly")] if review.outcome == RETURNED else []
    if review.mark:
        found.append(t(_mark_key(review, "answers-mark-briefly"), mark=review.mark))
    if review.audio_file_id is not None:
        found.append(t("answers-audio-briefly"))
    if review.comment:
        found.append(t("answers-comment-briefly"))
    return ", ".join(found) or t("answers-accepted-briefly")


def _mark_key(review: Review, key: str) -> str:
    return key if review.mark.isdecimal() else f"answers-{review.mark}"


async def open_answer(turn: Turn, asked: Opened) -> Answer:
    """Show an answer whole: mark, comment, voice, attempt. The first opening is noted."""
    review, work = asked
    await answers.open_by(turn.tx, turn.speaker, review, work, turn.now)
    text = phrases.about(_text(turn, review, work), turn.speaker.id, work.student)
    buttons = await _ways(turn, review, work)
    if review.audio_file_id is None:
        pieces = parts(text)
        return [*map(Reply, pieces[:-1]), Reply(pieces[-1], buttons=buttons)]
    voice = (StoredFile(review.audio_file_id, FileKind.VOICE),)
    if length(text) <= CAPTION_CHARS:
        return Reply(text, files=voice, buttons=buttons)
    return [*map(Reply, parts(text)), Reply(files=voice, buttons=buttons)]


def _text(turn: Turn, review: Review, work: Work) -> str:
    t = turn.t
    lines = [
        t(
            "answers-head",
            subject=work.task.subject,
            number=work.number,
            attempt=work.attempt,
        )
    ]
    if review.mark:
        lines.append(t(_mark_key(review, "answers-mark"), mark=review.mark))
    if review.outcome == RETURNED:
        lines.append(t("answers-returned"))
    elif not review.mark:
        lines.append(t("answers-accepted"))
    if review.comment:
        lines += ["", review.comment]
    return "\n".join(lines)


async def _ways(turn: Turn, review: Review, work: Work) -> Rows:
    t, student, task = turn.t, work.student, work.task
    newest = (await works.latest_at(turn.tx, student.id, [task.id])).get(task.id)
    is_newest = newest is not None and newest.id == work.id
    acts = any(ward.id == student.id for ward in turn.speaker.wards)
    rows: list[tuple[Button, ...]] = []
    again = review.outcome == RETURNED and is_newest and task.withdrawn_at is None
    if acts and again and task.is_handed_in_here:
        ref = f"{student.id}:{task.id}"
        rows.append((Button(t("answers-hand-in-again"), f"hand_in.start:{ref}"),))
    ways = [Button(t("answers-back"), f"answers.list:{student.id}")]
    if task.withdrawn_at is None:
        ways.insert(0, Button(t("answers-task"), f"tasks.open:{student.id}:{task.id}"))
    return (*rows, tuple(ways))


async def _released(reader: Reader) -> Reply | None:
    """Tell that there is an answer, unless it was read meanwhile or the morning card lists it.

    A Friday evening's news is heard on Monday: whose child it was then is asked again.
    """
    review = await reviews.by_id(reader.tx, reader.object_id)
    student = await people.student(reader.tx, reader.params["student"])
    if review is None or student is None or review.opened_at is not None:
        return None
    if not await _may_see(reader, student):
        return None
    is_kept = answers.is_older_than_morning(reader.school, review, reader.today)
    if is_kept and await answers.was_in_morning_card(
        reader.tx, student.id, reader.person.id, reader.today
    ):
        return None
    newest = await reviews.released_for(reader.tx, review.work_id)
    work = await works.by_id(reader.tx, review.work_id)
    if work is None or newest is None or newest.id != review.id:
        return None
    t = reader.t
    is_corrected = await answers.is_correction(reader.tx, review, work)
    key = "answers-corrected" if is_corrected else "answers-news"
    text = t(key, subject=in_text(work.task.subject), verdict=verdict(t, review))
    button = Button(t("answers-open"), f"answers.open:{review.id}")
    return Reply(phrases.about(text, reader.person.id, student), buttons=((button,),))


async def _may_see(reader: Reader, student: Student) -> bool:
    speaker = await speakers.load(reader.tx, reader.person.id, reader.now)
    return speaker is not None and any(one.id == student.id for one in speaker.family)


ACTIONS: dict[str, Action] = {
    "answers.list": Action(open_list, a_seen_student),
    "answers.open": Action(open_answer, an_answer),
}
COMMANDS: dict[str, Handler] = {"answers": my_answers}
NOTICES: dict[str, Kind] = {answers.KIND: Kind(_released, repeats=True)}
