"""The card of a draft (П1-1.5): what is collected, for which task, and what can be done with it."""

from collections.abc import Sequence

from handlers import phrases
from handlers.cards import is_in_place
from handlers.messages import Button, FileKind, Reply, Rows
from handlers.pages import page_of
from handlers.phrases import in_text
from handlers.texts import Texts
from handlers.turn import Turn
from school import handing_in, homework
from storage import drafts
from storage.drafts import Draft
from storage.people import Student
from storage.tasks import Task
from storage.works import Part, Work

CARD = "draft"
PAGE = 5
KINDS = (*(kind.value for kind in FileKind), handing_in.TEXT)


def collected(t: Texts, parts: Sequence[Part]) -> str:
    """«3 фото, 1 голосовое, текст»."""
    counts = handing_in.counted(parts)
    return ", ".join(
        t(f"hand-in-count-{kind}", count=counts[kind]) for kind in KINDS if counts[kind]
    )


async def draw(turn: Turn, draft: Draft, *, late_for: Work | None = None) -> Reply:
    """Draw the card: of a draft with its task, of one without, or of what came after sending."""
    if late_for is not None:
        return await _late(turn, draft, late_for)
    target = await handing_in.target_of(turn.tx, turn.speaker, draft)
    if target is None:
        return await choose(turn, draft, 0)
    return await _aimed(turn, draft, *target)


async def _aimed(turn: Turn, draft: Draft, student: Student, task: Task) -> Reply:
    t = turn.t
    parts = await drafts.parts_of(turn.tx, draft.id)
    head = t(
        "hand-in-for",
        subject=task.subject,
        due=phrases.due(t, task.due_at, turn.now),
    )
    ref = f"{draft.id}:{draft.version}"
    cancel = Button(t("hand-in-cancel"), f"hand_in.cancel:{ref}")
    if not parts:
        lines, outdated = [head, t("hand-in-send-me")], [head, t("card-below")]
        return await _card(turn, student, lines, ((cancel,),), outdated)
    buttons = (
        (Button(t("hand-in-send"), f"hand_in.send:{ref}"),),
        (Button(t("hand-in-drop"), f"hand_in.drop:{ref}"), cancel),
        (Button(t("hand-in-other-task"), f"hand_in.choose:{draft.id}:0"),),
    )
    what = collected(t, parts)
    lines = [head, t("hand-in-collected", what=what)]
    return await _card(turn, student, lines, buttons, [head, _superseded(t, what)])


async def _late(turn: Turn, draft: Draft, work: Work) -> Reply:
    """Offer what came after «Отправить» to the work just sent."""
    t = turn.t
    what = collected(t, await drafts.parts_of(turn.tx, draft.id))
    text = t(
        "hand-in-came-late",
        what=what,
        number=work.number,
        subject=in_text(work.task.subject),
    )
    ref = f"{draft.id}:{draft.version}"
    buttons = (
        (Button(t("hand-in-add"), f"hand_in.append:{ref}:{work.id}"),),
        (Button(t("hand-in-other-task"), f"hand_in.choose:{draft.id}:0"),),
        (Button(t("hand-in-cancel"), f"hand_in.cancel:{ref}"),),
    )
    return await _card(turn, work.student, [text], buttons, [_superseded(t, what)])


async def choose(turn: Turn, draft: Draft, page: int) -> Reply:
    """Ask for which task it is: a button each, the likeliest first."""
    t, wards = turn.t, turn.speaker.wards
    parts = await drafts.parts_of(turn.tx, draft.id)
    every = await homework.may_be_meant(turn.tx, turn.school, wards, turn.now)
    here = page_of(every, page, PAGE)
    rows = [
        (
            Button(
                phrases.task_label(
                    t,
                    one.task,
                    turn.now,
                    phrases.whose(turn.speaker.id, one.student) if len(wards) > 1 else "",
                ),
                f"hand_in.aim:{draft.id}:{one.student.id}:{one.task.id}",
            ),
        )
        for one in here.shown
    ]
    ref = f"{draft.id}:{draft.version}"
    last = [
        Button(t("hand-in-drop"), f"hand_in.drop:{ref}"),
        Button(t("hand-in-cancel"), f"hand_in.cancel:{ref}"),
        *here.pager(f"hand_in.choose:{draft.id}", t),
    ]
    what = collected(t, parts)
    lines = [
        t("hand-in-collected-so-far", what=what) if parts else "",
        t("hand-in-which-task" if every else "hand-in-no-tasks"),
        t("hand-in-kept") if parts and not every else "",
    ]
    return Reply(
        "\n".join(filter(None, lines)),
        buttons=(*rows, tuple(last)),
        card=CARD,
        edit=await is_in_place(turn, CARD),
        outdated=_superseded(t, what) if parts else t("card-below"),
    )


def _superseded(t: Texts, what: str) -> str:
    """Say what was collected so far, and that the card with the buttons stands below."""
    return f"{t('hand-in-collected-so-far', what=what)} {t('card-below')}"


async def _card(
    turn: Turn, student: Student, lines: Sequence[str], buttons: Rows, outdated: Sequence[str]
) -> Reply:
    return Reply(
        phrases.about("\n".join(lines), turn.speaker.id, student),
        buttons=buttons,
        card=CARD,
        edit=await is_in_place(turn, CARD),
        outdated=phrases.about("\n".join(outdated), turn.speaker.id, student),
    )
