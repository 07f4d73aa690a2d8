"""Who the page offers to play, and who stands on it at first."""

import pytest

from bot.demo import roster
from bot.demo.roster import Everybody
from handlers.texts import Texts
from storage.people import Role


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("S701", "7Б"),
        ("P001", "мать: Соколов Михаил, 1А; Соколова Анна, 5А; Соколова Мария, 7Б"),
        (
            "T01",
            "алгебра, вероятность и статистика, геометрия · классный руководитель: 7Б",
        ),
    ],
)
def test_a_few_words_tell_who_somebody_is(people: Everybody, who: str, words: str) -> None:
    assert roster.about(people.by_id[who], Texts(of_page=True)) == words


def test_everybody_is_there_once_with_all_roles(people: Everybody) -> None:
    assert len(people.by_id) == len(people.by_number)
    kinds = {role for who in people.by_id.values() for role in who.roles}
    assert kinds == set(Role)
    assert people.by_id["T01"].roles == (Role.TEACHER, Role.CLASS_TEACHER)
    assert set(people.by_id["T14"].roles) >= {Role.TEACHER, Role.DEPUTY_HEAD}
    assert all(len(who.roles) == len(set(who.roles)) for who in people.by_id.values())


def test_the_scene_is_a_child_the_class_teacher_and_the_guardian(people: Everybody) -> None:
    assert people.scene() == [("S701", "telegram"), ("T01", "telegram"), ("P001", "vk")]


def test_a_school_without_guardians_has_a_scene_too(people: Everybody) -> None:
    alone = {"S701": people.by_id["S701"]}
    assert Everybody(people.school, alone, {}).scene() == [("S701", "telegram")]
    assert Everybody(people.school, {}, {}).scene() == []
