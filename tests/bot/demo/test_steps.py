"""The steps of a day by clause, against what the people of the tests really do."""

import pytest

from bot.demo import person
from bot.demo.person import PersonDay
from bot.demo.roster import Everybody
from bot.demo.steps import Asking, State, Step
from handlers.texts import Texts
from storage.window import Window
from tests.assignments import release, set_task, works_of
from tests.chat import House, voice
from tests.handlers.teaching import hands_in, sets_task

T = Texts(of_page=True)


class Days:
    """Anybody's day, as it stands."""

    def __init__(self, house: House, window: Window, people: Everybody) -> None:
        self.house, self.window, self.people = house, window, people

    async def of(self, who: str) -> PersonDay:
        async with self.window.read() as tx:
            ask = Asking(tx, self.people.school, self.house.clock.now(), T)
            return await person.day_of(ask, self.people.by_id[who])

    async def step(self, who: str, clause: str) -> Step:
        found = [step for step in (await self.of(who)).steps if step.clause == clause]
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def days(house: House, window: Window, people: Everybody) -> Days:
    return Days(house, window, people)


@pytest.mark.clause("5.4")
async def test_who_is_bound_has_entered(house: House, days: Days) -> None:
    before = await days.of("S701")
    assert (before.enrolled, before.steps[0].state) == (False, State.OPEN)
    await house.chat("S701")
    after = await days.of("S701")
    assert (after.enrolled, after.steps[0].state) == (True, State.DONE)
    assert after.steps[0].at is not None
    assert f"{after.steps[0].at:%H:%M}" == "07:29"


@pytest.mark.clause("П1-1.2")
@pytest.mark.clause("П1-1.3")
async def test_a_students_ticks(house: House, days: Days) -> None:
    masha = await house.chat("S701")
    assert (await days.step("S701", "П1-1.2")).state is State.LATER
    await house.until("2026-11-23 07:31")
    assert (await days.step("S701", "П1-1.2")).state is State.OPEN
    await masha.presses("Кабинет открыт")
    await masha.presses("Почта проверена")
    for clause in ("П1-1.2", "П1-1.3"):
        step = await days.step("S701", clause)
        assert (step.state, step.by) == (State.DONE, "лично")
        assert step.at is not None
        assert f"{step.at:%H:%M}" == "07:31"


async def test_a_guardians_tick_for_a_first_grader(house: House, days: Days) -> None:
    mother = await house.chat("P001")
    await house.until("2026-11-23 07:31")
    await mother.presses("Кабинет открыт")
    step = await days.step("S101", "П1-1.2")
    assert (step.state, step.by) == (State.DONE, "родитель")
    titles = [step.title for step in (await days.of("P001")).steps]
    assert "Михаил, 1А: Открыть кабинет на платформе" in titles
    assert (await days.of("P001")).about == "Сегодня на расстоянии учатся дети: 3 из 3."


@pytest.mark.clause("П1-1.1")
async def test_registration_and_trouble_with_it(house: House, days: Days) -> None:
    masha = await house.chat("S701")
    assert (await days.step("S701", "П1-1.1")).state is State.OPEN
    await masha.acts(f"registration.trouble:{masha.person_id}")
    trouble = await days.step("S701", "П1-1.1")
    assert (trouble.state, trouble.title) == (
        State.OPEN,
        "Регистрация не получается, помощь уже в пути",
    )


@pytest.mark.clause("П1-1.4")
@pytest.mark.clause("П1-1.5")
async def test_tasks_of_today_and_what_was_handed_in(house: House, days: Days) -> None:
    assert (await days.step("S701", "П1-1.4")).state is State.NOT_ASKED
    assert (await days.step("S701", "П1-1.5")).state is State.NOT_ASKED
    first = await set_task(house, "2026-11-23 12:00")
    await set_task(house, "2026-11-23 15:00", "Алгебра")
    await hands_in(house, "S701", first, text="Готово")
    step = await days.step("S701", "П1-1.4")
    assert (step.state, step.title) == (State.OPEN, "Задания на сегодня: сдано 1 из 2")
    step = await days.step("S701", "П1-1.5")
    assert (step.state, step.title, step.by) == (
        State.DONE,
        "Сдать работу: сегодня — 1",
        "лично",
    )
    await house.until("2026-11-23 15:01")
    step = await days.step("S701", "П1-1.4")
    assert (step.state, step.title) == (
        State.MISSED,
        "Задания на сегодня: сдано 1 из 2. Срок прошёл: 1",
    )


@pytest.mark.clause("П1-1.6")
@pytest.mark.clause("П1-2.3")
async def test_an_answer_waits_for_the_next_working_day(house: House, days: Days) -> None:
    await house.until("2026-11-23 12:00")
    task = await set_task(house, "2026-11-24 12:00")
    await hands_in(house, "S701", task, text="Готово")
    waiting = await days.step("T01", "П1-2.3")
    assert (waiting.state, waiting.title) == (
        State.OPEN,
        "Проверить в день получения: сегодня — 1, всего — 1",
    )
    review = await release(house, (await works_of(house, "S701"))[0], mark="5")
    step = await days.step("S701", "П1-1.6")
    assert (step.state, step.title) == (State.LATER, "Прочитать ответ учителя: новых — 1")
    await house.until("2026-11-24 08:00")
    assert (await days.step("S701", "П1-1.6")).state is State.OPEN
    masha = await house.chat("S701")
    await masha.acts(f"answers.open:{review.id}")
    step = await days.step("S701", "П1-1.6")
    assert (step.state, step.by) == (State.DONE, "лично")


@pytest.mark.clause("П1-2.2")
@pytest.mark.clause("П1-2.4")
async def test_a_teachers_day(house: House, days: Days) -> None:
    await house.until("2026-11-23 12:00")
    assert (await days.step("T01", "П1-2.2")).state is State.OPEN
    task = await sets_task(house)
    step = await days.step("T01", "П1-2.2")
    assert (step.state, step.title) == (
        State.DONE,
        "Задать и продублировать на почту: сегодня — 1",
    )
    await hands_in(house, "S701", task, text="Готово")
    teacher = await house.chat("T01")
    await teacher.acts("review.open:1")
    await teacher.presses("4")
    await teacher.sends(voice())
    await teacher.presses("Готово — отправить")
    step = await days.step("T01", "П1-2.4")
    assert (step.state, step.title) == (
        State.DONE,
        "Ответить ученикам: сегодня — 1, голосом — 1",
    )
    reviewed = await days.step("T01", "П1-2.3")
    assert (reviewed.state, reviewed.title) == (
        State.DONE,
        "Проверить в день получения: пришло и проверено — 1",
    )
    assert (await days.of("T01")).about.startswith("Уроков сегодня — ")


@pytest.mark.clause("П1-2.3")
async def test_what_missed_its_day_is_told_to_the_deputy_head(house: House, days: Days) -> None:
    await house.until("2026-11-23 12:00")
    titles = [step.title for step in (await days.of("T14")).steps]
    assert "Не проверено в свой день: ничего не осталось" in titles
    task = await set_task(house, "2026-11-24 12:00")
    await hands_in(house, "S701", task, text="Готово")
    await house.until("2026-11-24 08:00")
    assert (await days.step("T01", "П1-2.3")).state is State.MISSED
    left = [step for step in (await days.of("T14")).steps if step.state is State.MISSED]
    assert [step.title for step in left] == ["Не проверено в свой день: Кузнецова И. П. — 1"]


async def test_a_class_teacher_sees_who_is_not_in_yet(house: House, days: Days) -> None:
    before = await days.step("T01", "П1-1.1")
    await house.chat("S701")
    after = await days.step("T01", "П1-1.1")
    assert before.title.startswith("7Б: без доступа — ")
    assert before.title != after.title


async def test_on_a_free_day_nothing_is_asked(house: House, days: Days) -> None:
    await house.until("2026-11-29 10:00")
    found = await days.of("S701")
    assert {step.state for step in found.steps[1:]} == {State.NOT_ASKED}
    assert found.about == "Сегодня уроков нет: день нерабочий."
