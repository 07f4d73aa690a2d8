"""The buttons under the card of a day: its ticks, its lessons, and the ways on from it."""

from collections.abc import Sequence
from datetime import datetime

from handlers.messages import (
    INLINE_BUTTONS,
    INLINE_ROWS,
    ROW_BUTTONS,
    Button,
    Rows,
    laid_out,
)
from handlers.phrases import child_label, label
from handlers.texts import Texts
from school.day import MAIL, PLATFORM, Day, Shape
from school.speakers import Speaker


def under(day: Day, speaker: Speaker, t: Texts, now: datetime) -> Rows:
    """Lay the buttons out: the steps of the day first of all, then what has room beside them."""
    acts = acts_for(day, speaker)
    ref = f"{day.student.id}:{day.on.isoformat()}"
    rows: list[list[Button]] = []
    if acts and day.shape is Shape.REMOTE:
        rows.append(_platform_buttons(day, speaker, t))
    ticks = []
    if acts and PLATFORM in day.open_steps:
        ticks.append(Button(t("day-button-platform"), f"day.platform:{ref}"))
    if MAIL in day.open_steps and may_tick_mail(day, speaker):
        ticks.append(Button(t("day-button-mail"), f"day.mail:{ref}"))
    rows.append(ticks)
    answers = t("day-button-answers", count=len(day.answers))
    rows.append(
        [
            Button(t("day-button-tasks"), f"tasks.list:{day.student.id}"),
            Button(answers, f"answers.list:{day.student.id}"),
        ]
    )
    rows = [row for row in rows if row]
    links = _links(day, t, now) if acts and day.shape is Shape.REMOTE else []
    rows = [[link] for link in links[: _room(rows)[0]]] + rows
    spare_rows, spare_buttons = _room(rows)
    if acts and spare_rows and spare_buttons:
        rows.append(_siblings(day, speaker, t)[: min(spare_buttons, ROW_BUTTONS)])
    return laid_out(rows)


def _room(rows: Sequence[Sequence[Button]]) -> tuple[int, int]:
    """Say how many rows and how many buttons still fit; every row holds at least one."""
    buttons = INLINE_BUTTONS - sum(map(len, rows))
    return min(INLINE_ROWS - len(rows), buttons), buttons


def _platform_buttons(day: Day, speaker: Speaker, t: Texts) -> list[Button]:
    url = speaker.school.platform_url
    if day.is_registered:
        return [Button(t("day-button-cabinet"), url=url)] if url else []
    return registration_buttons(
        day.student.id, url, t, told=day.registration.state if day.registration else ""
    )


def registration_buttons(person_id: int, url: str, t: Texts, told: str = "") -> list[Button]:
    """Ask about registration: the platform's address, done, and trouble unless it was told."""
    buttons = [Button(t("registration-open"), url=url)] if url else []
    buttons.append(Button(t("registration-done"), f"registration.done:{person_id}"))
    if told != "trouble":
        buttons.append(Button(t("registration-trouble"), f"registration.trouble:{person_id}"))
    return buttons


def _siblings(day: Day, speaker: Speaker, t: Texts) -> list[Button]:
    others = [ward for ward in speaker.wards if ward.id != day.student.id]
    return [Button(child_label(other, t), f"day.show:{other.id}") for other in others]


def _links(day: Day, t: Texts, now: datetime) -> list[Button]:
    """Give the links of the online lessons that are not over, the next one first."""
    return [
        Button(
            label(
                f"{t.clock(lesson.slot.starts_at)} {lesson.slot.subject}"
                if lesson.slot.starts_at
                else lesson.slot.subject
            ),
            url=lesson.slot.link,
        )
        for lesson in day.lessons
        if lesson.slot.link
        and lesson.is_remote
        and lesson.slot.takes_place
        and (lesson.slot.ends_at is None or lesson.slot.ends_at > now)
    ]


def acts_for(day: Day, speaker: Speaker) -> bool:
    """Say whether the speaker walks this day: one's own, or that of a child in grades 1–4."""
    return any(ward.id == day.student.id for ward in speaker.wards)


def may_tick_mail(day: Day, speaker: Speaker) -> bool:
    """Say whether the speaker may tick the mail: walks this day, or the mail is the speaker's."""
    return acts_for(day, speaker) or day.post.went_to(speaker.person.email)
