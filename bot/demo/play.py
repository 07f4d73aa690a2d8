"""The play: a Monday of distance learning and the next morning, for four people."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from bot import logs
from bot.demo.backstage import StageFailed
from bot.demo.stage import set_up
from bot.demo.transcript import Transcript
from bot.demo.troupe import Actor, Troupe, photo, voice
from bot.sandbox.nouns import Messenger
from handlers.texts import Texts

MOSCOW = ZoneInfo("Europe/Moscow")
WIDTH = 100


def play() -> bool:
    """Play the scripted days in the terminal and tell whether every step happened."""
    logs.configure("WARNING")
    console = Console(width=None if Console().is_terminal else WIDTH, highlight=False)
    transcript = Transcript(console, Texts())
    try:
        return asyncio.run(_play(transcript))
    except StageFailed as failure:
        console.print(str(failure), markup=False, style="red")
        return False


async def _play(transcript: Transcript) -> bool:
    transcript.console.print(transcript.t("demo-setting-up"))
    async with set_up(_at(23, "07:05")) as stage:
        play_ = Play(Troupe(stage, transcript))
        await play_.enter()
        await play_.monday_morning()
        await play_.monday_hand_in()
        await play_.monday_review()
        await play_.monday_evening()
        await play_.tuesday_morning()
        return transcript.close()


class Play:
    """Two days, in the order in which they are lived."""

    student: Actor
    vk_student: Actor
    mother: Actor
    teacher: Actor
    deputy: Actor

    def __init__(self, troupe: Troupe) -> None:
        self.troupe = troupe
        self.t = troupe.transcript.t
        self.ty = Texts(informal=True)

    async def enter(self) -> None:
        """Let everybody in by the code on a slip; the students tell about the platform."""
        t, troupe = self.t, self.troupe
        troupe.transcript.chapter(t("demo-chapter-enter"))
        self.student = await troupe.enters("S701", t("demo-student"), Messenger.TELEGRAM)
        self.vk_student = await troupe.enters("S702", t("demo-vk-student"), Messenger.VK)
        self.mother = await troupe.enters("P001", t("demo-mother"), Messenger.VK)
        self.teacher = await troupe.enters("T01", t("demo-teacher"), Messenger.TELEGRAM)
        self.deputy = await troupe.enters("T14", t("demo-deputy"), Messenger.TELEGRAM)
        for actor in (self.student, self.vk_student, self.mother, self.teacher, self.deputy):
            await self._bind(actor)
        async with troupe.step("П1-1.1", "register") as note:
            await troupe.presses(self.student, t("registration-done"))
            await troupe.hears(self.student, t("day-button-cabinet"))
            note.append(t("registration-done"))
        async with troupe.step("П1-1.1", "trouble") as note:
            await troupe.presses(self.vk_student, t("registration-trouble"))
            await troupe.hears(self.teacher, t("demo-vk-student-surname"))
            note.append(t("demo-note-teacher-told"))

    async def _bind(self, actor: Actor) -> None:
        t, troupe = self.t, self.troupe
        code = troupe.stage.codes[actor.roster_id]
        by_link = actor in (self.student, self.mother)
        async with troupe.step("5.4", "link" if by_link else "code") as note:
            if by_link:
                await troupe.opens_link(actor, code)
            else:
                await troupe.says(actor, code)
            await troupe.hears(actor, t("enrol-yes"))
            await troupe.presses(actor, t("enrol-yes"))
            await troupe.hears(actor, t("demo-welcomed"))
            note.append(f"{actor.title}: {actor.messenger}")

    async def monday_morning(self) -> None:
        """Play the card at half past seven, the teacher's task, the letters, the ticks."""
        t, troupe = self.t, self.troupe
        troupe.transcript.chapter(t("demo-chapter-morning"))
        async with troupe.step("П1-1.2", "card") as note:
            await troupe.until(_at(23, "07:30"))
            await troupe.hears(self.student, t("demo-lesson"))
            await troupe.hears(self.vk_student, t("demo-lesson"))
            note.append("7:30")
        async with troupe.step("П1-1.2", "platform") as note:
            await troupe.presses(self.student, t("day-button-platform"))
            await troupe.hears(self.student, t("demo-platform-ticked"))
            note.append(t("demo-platform-ticked"))
        async with troupe.step("П1-1.2", "child") as note:
            await troupe.presses(self.mother, t("day-button-platform"))
            await troupe.hears(self.mother, t("demo-by-guardian"))
            note.append(t("demo-by-guardian"))
        await troupe.until(_at(23, "08:05"))
        async with troupe.step("П1-2.2", "set") as note:
            await self._set_task()
            await troupe.hears(self.student, t("demo-task"))
            await troupe.hears(self.vk_student, t("demo-task"))
            note.append(t("demo-given"))
        async with troupe.step("П1-1.3", "letters") as note:
            count = await troupe.letters()
            note.append(t("demo-letters-came", count=count))
        async with troupe.step("П1-1.3", "mail") as note:
            await troupe.presses(self.student, t("menu-day"))
            await troupe.hears(self.student, t("demo-own-address"))
            await troupe.presses(self.student, t("day-button-mail"))
            await troupe.hears(self.student, t("demo-mail-ticked"))
            note.append(t("demo-mail-ticked"))

    async def _set_task(self) -> None:
        t, troupe = self.t, self.troupe
        await troupe.presses(self.teacher, t("menu-set-task"))
        await troupe.presses(self.teacher, t("demo-course"))
        await troupe.says(self.teacher, t("demo-task"))
        await troupe.presses(self.teacher, t("set-task-next"))
        await troupe.presses(self.teacher, t("demo-next-lesson"))
        await troupe.presses(self.teacher, t("set-task-give"))
        await troupe.hears(self.teacher, t("demo-given"))

    async def monday_hand_in(self) -> None:
        """Hand works in: an album on Telegram, a photo and a voice note on VK."""
        t, troupe = self.t, self.troupe
        troupe.transcript.chapter(t("demo-chapter-work"))
        await troupe.until(_at(23, "13:30"))
        async with troupe.step("П1-1.5", "album") as note:
            await troupe.presses(self.student, t("menu-tasks"))
            await troupe.presses(self.student, t("demo-subject"))
            await troupe.presses(self.student, t("tasks-hand-in"))
            await troupe.hears(self.student, self.ty("hand-in-send-me"))
            await troupe.sends(self.student, [photo(number) for number in (1, 2, 3)])
            await troupe.hears(self.student, t("demo-three-photos"))
            await troupe.presses(self.student, t("hand-in-send"))
            await troupe.hears(self.student, t("demo-receipt"))
            note.append(t("demo-three-photos"))
        async with troupe.step("П1-1.5", "voice") as note:
            await troupe.sends(self.vk_student, [photo(4)])
            await troupe.hears(self.vk_student, t("hand-in-which-task"))
            await troupe.presses(self.vk_student, t("demo-subject"))
            await troupe.sends(self.vk_student, [voice(5)])
            await troupe.hears(self.vk_student, t("demo-photo-and-voice"))
            await troupe.presses(self.vk_student, t("hand-in-send"))
            await troupe.hears(self.vk_student, t("demo-receipt"))
            note.append(t("demo-photo-and-voice"))
        async with troupe.step("П1-1.3", "mail-reminder") as note:
            await troupe.until(_at(23, "15:00"))
            await troupe.hears(self.vk_student, self.ty("day-mail-reminder"))
            await troupe.hears(self.teacher, t("demo-two-wait"))
            note.append("15:00")
        self._also("П1-2.3", "nudge", "15:00")

    async def monday_review(self) -> None:
        """Give a mark with a spoken review for one, a return for rework for the other."""
        t, troupe = self.t, self.troupe
        troupe.transcript.chapter(t("demo-chapter-review"))
        await troupe.until(_at(23, "16:05"))
        async with troupe.step("П1-2.4", "spoken") as note:
            await troupe.presses(self.teacher, t("menu-queue"))
            await troupe.presses(self.teacher, t("demo-student-surname"))
            await troupe.hears(self.teacher, t("review-return", chosen="no"))
            await troupe.presses(self.teacher, "4")
            await troupe.sends(self.teacher, [voice(6)])
            await troupe.hears(self.teacher, t("review-audio"))
            await troupe.presses(self.teacher, t("review-release"))
            await troupe.hears(self.student, t("demo-answer-news"))
            note.append(t("demo-note-spoken"))
        async with troupe.step("П1-2.3", "rework") as note:
            await troupe.presses(self.teacher, t("demo-vk-student-surname"))
            await troupe.hears(self.teacher, t("review-return", chosen="no"))
            await troupe.presses(self.teacher, t("demo-rework"))
            await troupe.says(self.teacher, t("demo-comment"))
            await troupe.hears(self.teacher, t("review-comment", comment=t("demo-comment")))
            await troupe.presses(self.teacher, t("review-release"))
            await troupe.hears(self.vk_student, t("answers-returned-briefly"))
            note.append(t("answers-returned-briefly"))
        async with troupe.step("П1-1.5", "again") as note:
            await troupe.presses(self.vk_student, t("answers-open"))
            await troupe.hears(self.vk_student, t("demo-comment"))
            await troupe.presses(self.vk_student, t("answers-hand-in-again"))
            await troupe.says(self.vk_student, t("demo-second-try"))
            await troupe.presses(self.vk_student, t("hand-in-send"))
            await troupe.hears(self.vk_student, t("demo-second-attempt"))
            note.append(t("demo-second-attempt"))

    async def monday_evening(self) -> None:
        """Play the second nudge and the family's digest."""
        t, troupe = self.t, self.troupe
        troupe.transcript.chapter(t("demo-chapter-evening"))
        async with troupe.step("П1-2.3", "second-nudge") as note:
            await troupe.until(_at(23, "18:00"))
            await troupe.hears(self.teacher, t("demo-one-waits"))
            note.append("18:00")
        async with troupe.step("П1-1.6", "digest") as note:
            await troupe.until(_at(23, "18:30"))
            await troupe.hears(self.mother, t("demo-digest"))
            note.append("18:30")
        async with troupe.step("П1-1.4", "reminder") as note:
            await troupe.until(_at(23, "19:30"))
            troupe.heard_nothing(self.student)
            troupe.heard_nothing(self.vk_student)
            note.append(t("demo-note-no-reminder"))

    async def tuesday_morning(self) -> None:
        """Read the answers on the next working day; the deputy head hears what was left."""
        t, troupe = self.t, self.troupe
        troupe.transcript.chapter(t("demo-chapter-tuesday"))
        async with troupe.step("П1-1.6", "list") as note:
            await troupe.until(_at(24, "07:30"))
            await troupe.hears(self.student, t("demo-answers-wait"))
            note.append("7:30")
        async with troupe.step("П1-1.6", "read") as note:
            await troupe.presses(self.student, t("demo-answers-button"))
            await troupe.presses(self.student, t("demo-work-number"))
            await troupe.hears(self.student, t("answers-mark", mark="4"))
            note.append(t("answers-mark", mark="4"))
        async with troupe.step("П1-2.3", "summary") as note:
            await troupe.until(_at(24, "07:45"))
            await troupe.hears(self.deputy, t("demo-left"))
            note.append("7:45")
        async with troupe.step("П1-2.4", "voice-to-vk") as note:
            await troupe.presses(self.teacher, t("menu-queue"))
            await troupe.presses(self.teacher, t("demo-vk-student-surname"))
            await troupe.hears(self.teacher, t("review-return", chosen="no"))
            await troupe.presses(self.teacher, "5")
            await troupe.sends(self.teacher, [voice(7)])
            await troupe.hears(self.teacher, t("review-audio"))
            await troupe.presses(self.teacher, t("review-release"))
            await troupe.until(_at(24, "13:30"))
            await troupe.hears(self.vk_student, t("demo-answer-news"))
            await troupe.presses(self.vk_student, t("answers-open"))
            await troupe.hears(self.vk_student, t("answers-mark", mark="5"))
            note.append(t("demo-note-voice-vk"))

    def _also(self, clause: str, name: str, note: str) -> None:
        """Count a step that was seen together with the one before."""
        happened = self.troupe.transcript.outcomes[-1].happened
        title = self.t(f"demo-step-{name}")
        self.troupe.transcript.done(clause, title, note, happened=happened)


def _at(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day:02} {clock}").replace(tzinfo=MOSCOW)
