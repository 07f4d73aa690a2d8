"""The card of a student's day (П1-1.2): what it says."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from handlers.day_buttons import acts_for, under
from handlers.messages import Reply
from handlers.phrases import child_label, in_text
from handlers.texts import Texts
from school import day as days
from school.day import MAIL, PLATFORM, Day, Lesson, Shape
from school.post import shown_address
from school.rules.lessons import LessonFormat
from school.speakers import Speaker
from school.timetable import Change
from storage.database import Tx
from storage.people import Student
from storage.tasks import Task

MOST_NAMED = 4


async def show(
    tx: Tx,
    speaker: Speaker,
    t: Texts,
    student: Student,
    now: datetime,
    *,
    edit: bool = False,
    greeting: str = "",
) -> Reply:
    """Draw the card of today for somebody who may see the student's day.

    `edit` changes the newest version in the chat; without it the card comes anew at the bottom.
    """
    of_student = await days.of_student(tx, speaker.school, student, now)
    return draw(of_student, speaker, t, now, edit=edit, greeting=greeting)


def draw(
    day: Day, speaker: Speaker, t: Texts, now: datetime, *, edit: bool = False, greeting: str = ""
) -> Reply:
    """Draw a day that was read before."""
    is_remote = day.shape is Shape.REMOTE
    body = [
        *([greeting] if greeting else []),
        title(day, speaker, t),
        *(_lessons(day, t, now) if is_remote else _without_lessons(day, t)),
        "",
        *(_checklist(day, speaker, t) if is_remote else ()),
        *_works(day, t, now),
    ]
    return Reply(
        "\n".join(body).strip(),
        buttons=under(day, speaker, t, now),
        card=name_of(day),
        edit=edit,
        outdated=f"{title(day, speaker, t)}\n{t('card-below')}",
    )


def name_of(day: Day) -> str:
    """Name the card: one a student and a date."""
    return f"day:{day.student.id}:{day.on.isoformat()}"


def title(day: Day, speaker: Speaker, t: Texts) -> str:
    """Write the first line: the date, how many lessons, and whose day it is if not one's own."""
    if day.shape is Shape.REMOTE:
        held = [lesson for lesson in day.lessons if lesson.slot.takes_place]
        online = sum(one.is_remote and one.slot.format == LessonFormat.ONLINE for one in held)
        line = t("day-title", day=t.day(day.on), lessons=len(held), online=online)
    else:
        line = t.day(day.on)
    line = line[:1].upper() + line[1:]
    return line if day.student.id == speaker.id else f"{child_label(day.student, t)}. {line}"


def _lessons(day: Day, t: Texts, now: datetime) -> list[str]:
    """Lead with what is still to come; what is over shrinks to a line."""
    over = [one for one in day.lessons if one.slot.ends_at is not None and one.slot.ends_at <= now]
    ahead = [lesson for lesson in day.lessons if lesson not in over]
    lines = [_lesson(lesson, t) for lesson in ahead]
    held = [in_text(lesson.slot.subject) for lesson in over if lesson.slot.takes_place]
    if not ahead:
        return [t("day-lessons-over")]
    return [*lines, t("day-passed", subjects=", ".join(held))] if held else lines


def _lesson(lesson: Lesson, t: Texts) -> str:
    slot = lesson.slot
    time = t.clock(slot.starts_at) if slot.starts_at else t("day-number", number=slot.number)
    if not slot.takes_place:
        return t("day-lesson-cancelled", time=time, subject=slot.subject)
    place = "remote" if slot.format == LessonFormat.IN_PERSON else slot.format
    place = t(f"day-place-{place if lesson.is_remote else 'school'}")
    line = t("day-lesson", time=time, subject=slot.subject, place=place)
    if slot.instead_of:
        return line + t("day-lesson-instead", planned=in_text(slot.instead_of))
    return line + t("day-lesson-changed") if slot.change is Change.CHANGED else line


def _without_lessons(day: Day, t: Texts) -> list[str]:
    lines = [t(f"day-{day.shape}")]
    if day.shape in {Shape.FREE, Shape.NO_LESSONS}:
        lines.append(t("day-next", day=t.day(day.next_day)))
    return lines


def _checklist(day: Day, speaker: Speaker, t: Texts) -> list[str]:
    lines = (
        [] if day.is_registered or not acts_for(day, speaker) else _registration(day, speaker, t)
    )
    lines.append(_step(day, PLATFORM, t))
    if day.asks_mail:
        lines += [_step(day, MAIL, t), *mail_lines(day, speaker, t)]
    elif not day.post.has_mailbox:
        lines.append(t("day-mail-nowhere"))
    return lines


def mail_lines(day: Day, speaker: Speaker, t: Texts) -> list[str]:
    """Write what was mailed today, to which address, and what became of it (П1-1.3)."""
    lines = []
    for mailing in day.post.mailings:
        subjects = ", ".join(dict.fromkeys(map(in_text, filter(None, mailing.subjects))))
        line = t(
            "day-mail-line",
            count=len(mailing.subjects),
            address=shown_address(mailing.address, speaker.person),
            subjects=f" ({subjects})" if subjects else "",
            fate=t(f"day-mail-{mailing.fate}"),
        )
        lines.append(line)
    return lines or [t("day-mail-none")]


def _step(day: Day, step: str, t: Texts) -> str:
    done = day.steps.get(step)
    if done is None:
        return t(f"day-{step}-open")
    by = "self" if done.done_by == day.student.id else "guardian"
    return t(f"day-{step}-done", time=t.clock(done.done_at), by=by)


def _registration(day: Day, speaker: Speaker, t: Texts) -> list[str]:
    key = "registration-helped" if day.is_trouble_heard else "registration-unheard"
    lines = [t("registration-step") if day.registration is None else t(key, whose="student")]
    if not speaker.school.platform_url:
        lines.append(t("registration-no-address", whose="student"))
    return lines


def _works(day: Day, t: Texts, now: datetime) -> list[str]:
    lines = []
    due = day.due
    ahead = [task for task in due.today if task.due_at > now]
    if ahead:
        lines.append(t("day-due-today", count=len(ahead), works=_named("day-work", ahead, t)))
    if due.passed:
        lines.append(t("day-passed-today", works=_named("day-work-passed", due.passed, t)))
    if due.soon:
        is_tomorrow = (day.next_day - day.on).days == 1
        when = t("tomorrow") if is_tomorrow else t.day_in(day.next_day)
        works = _named("day-work", due.soon, t)
        lines.append(t("day-due-soon", count=len(due.soon), when=when, works=works))
    if due.earlier:
        subjects = [in_text(task.subject) for task in due.earlier]
        lines.append(t("day-earlier", count=len(subjects), works=_listed(subjects)))
    if day.answers:
        subjects = [in_text(work.task.subject) for _, work in day.answers]
        lines.append(t("day-answers", count=len(subjects), works=_listed(subjects)))
    return lines


def _named(key: str, tasks: Sequence[Task], t: Texts) -> str:
    return _listed(
        [t(key, subject=in_text(task.subject), time=t.clock(task.due_at)) for task in tasks]
    )


def _listed(names: Iterable[str]) -> str:
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:MOST_NAMED]) + ("…" if len(unique) > MOST_NAMED else "")
