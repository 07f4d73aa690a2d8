"""`school load` and who sees whom: a new deputy head never goes unseen, nor a guardian by name."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import Result

from storage import people
from storage.database import Tx
from storage.people import Role
from storage.tables import metadata
from tests.bot.test_cli import NOW, Desk, bare_desk, desk, edited
from tests.chat import House, moscow
from tests.handlers.moments import morning
from tests.school_template import SAMPLE

__all__ = ["bare_desk", "desk"]

PLAIN = "smirnova.t05@shkola.example;Русский язык, Литература;"
DEPUTY = "География, Индивидуальный проект;учитель, завуч"
HEARD = (
    "Права завуча теперь есть ещё у одного человека: Смирнова Ольга Николаевна. "
    "Если это ошибка, скажите тому, кто загружает списки."
)


def planted(tmp_path: Path, roles: str = "учитель, завуч") -> Path:
    """The sample school with another role in one cell."""
    return edited(tmp_path, "teachers", PLAIN, PLAIN + roles)


async def deputies(tx: Tx) -> list[str]:
    return [one.surname for one in await people.people_in_role(tx, 1, Role.DEPUTY_HEAD)]


async def audited(tx: Tx) -> list[str]:
    rows = metadata.tables["audit"]
    found = sa.select(rows.c.what).where(rows.c.what.like("role.%")).order_by(rows.c.id)
    return list(await tx.scalars(found))


@pytest.mark.clause("3.1")
def test_a_planted_deputy_head_stops_the_load_and_is_named(desk: Desk, tmp_path: Path) -> None:
    result = desk.types("school", "load", planted(tmp_path), *NOW)
    assert result.exit_code == 1
    assert "Смирнова Ольга Николаевна (T05): завуч" in result.stdout
    assert "Загружено" not in result.stdout
    assert "Ничего не загружено" in result.stderr
    assert result.stderr.rstrip().endswith("--grant T05")
    assert desk.looks(deputies) == ["Орлова"]
    assert len(desk.looks(audited)) == 2


@pytest.mark.clause("3.1")
def test_the_load_goes_on_once_the_person_is_named(desk: Desk, tmp_path: Path) -> None:
    folder = planted(tmp_path)
    other = desk.types("school", "load", folder, "--grant", "T06", *NOW)
    assert other.exit_code == 1
    assert "Новые права на всю школу (1):" in other.stdout
    (line,) = [line for line in other.stdout.splitlines() if "--grant" in line]
    useless = "У этого человека новых прав на всю школу в списке нет."
    assert line == f"Лишнее: --grant T06. {useless}"
    assert "В списке новые права на всю школу. Ничего не загружено." in other.stderr
    named = desk.types("school", "load", folder, "--grant", "T06", "--grant", "T05", *NOW)
    assert named.exit_code == 0, named.output
    assert "Смирнова Ольга Николаевна (T05): завуч" in named.stdout
    assert desk.looks(deputies) == ["Орлова", "Смирнова"]
    assert desk.looks(audited)[2:] == ["role.granted"]
    assert "Лишнее: --grant T06. У этого человека" in named.stdout
    again = desk.types("school", "load", folder, *NOW)
    assert again.exit_code == 0
    assert "0 изменений" in again.stdout
    assert "(T05)" not in again.stdout


@pytest.mark.clause("3.1")
def test_a_rehearsal_names_the_roles_and_the_flag(desk: Desk, tmp_path: Path) -> None:
    folder = planted(tmp_path, "учитель, техподдержка")
    edited(tmp_path, "teachers", DEPUTY, DEPUTY.removesuffix(", завуч"))
    result = desk.types("school", "load", folder, "--dry-run", *NOW)
    assert result.exit_code == 0, result.output
    assert "Смирнова Ольга Николаевна (T05): техподдержка" in result.stdout
    assert "Потеряют права на всю школу (1):" in result.stdout
    assert "Больше нет" not in result.stdout
    assert "Орлова Наталья Сергеевна (T14): завуч" in result.stdout
    assert "--grant T05" in result.stdout
    named = desk.types("school", "load", folder, "--dry-run", "--grant", "T05", *NOW)
    assert "--grant" not in named.stdout
    both = desk.types(
        "school", "load", folder, "--dry-run", "--grant", "T06", "--grant", "T0", *NOW
    )
    assert "Лишнее: --grant T0 --grant T06. У этих людей" in both.stdout
    assert desk.looks(deputies) == ["Орлова"]


@pytest.mark.clause("3.1")
def test_the_first_load_needs_no_word_and_names_them_all_the_same(bare_desk: Desk) -> None:
    result = bare_desk.types("school", "load", SAMPLE, *NOW)
    assert result.exit_code == 0, result.output
    assert "Орлова Наталья Сергеевна (T14): завуч" in result.stdout
    assert "Савельев Денис Олегович (T09): техподдержка" in result.stdout
    assert bare_desk.looks(audited) == ["role.granted", "role.granted"]
    assert bare_desk.count("outbox") == 0


@pytest.mark.clause("3.1")
def test_an_id_that_a_shell_would_obey_is_quoted(desk: Desk, tmp_path: Path) -> None:
    row = "$(reboot);Планов Пётр Петрович;;;завуч\n"
    folder = edited(tmp_path, "teachers", "T14;Орлова", row + "T14;Орлова")
    result = desk.types("school", "load", folder, *NOW)
    assert result.exit_code == 1
    assert result.stderr.rstrip().endswith("--grant '$(reboot)'")


async def loads(house: House, at: str, folder: Path, *words: str) -> Result:
    """Load beside the running house, as an operator does."""
    house.clock.set(moscow(at))
    now = ("--now", house.clock.now().isoformat())
    desk = Desk(house.database.path)
    result = await asyncio.to_thread(desk.types, "school", "load", folder, *now, *words)
    await house.settle()
    return result


@pytest.mark.clause("3.1")
async def test_the_deputy_heads_of_before_hear_of_a_new_one(house: House, tmp_path: Path) -> None:
    before, new, teacher = [await house.chat(key) for key in ("T14", "T05", "T01")]
    folder = planted(tmp_path)
    result = await loads(house, "2026-11-23 10:00", folder, "--grant", "T05")
    assert result.exit_code == 0, result.output
    assert [one.message.text for one in before.messages] == [HEARD]
    assert new.is_silent()
    assert teacher.is_silent()
    await loads(house, "2026-11-23 10:05", folder)
    assert len(before.messages) == 1


@pytest.mark.clause("3.1")
async def test_who_is_replaced_by_the_same_cell_hears_of_it_too(
    house: House, tmp_path: Path
) -> None:
    replaced = await house.chat("T14")
    edited(tmp_path, "teachers", DEPUTY, DEPUTY.removesuffix(", завуч"))
    result = await loads(house, "2026-11-23 10:00", planted(tmp_path), "--grant", "T05")
    assert result.exit_code == 0, result.output
    assert "Больше нет прав на всю школу (1):" in result.stdout
    replaced.sees(HEARD)


@pytest.mark.clause("3.1")
async def test_a_load_at_night_is_told_in_the_morning_if_it_still_holds(
    house: House, tmp_path: Path
) -> None:
    before = await house.chat("T14")
    folder = planted(tmp_path)
    await loads(house, "2026-11-23 22:00", folder, "--grant", "T05")
    assert before.is_silent()
    house.clock.set(moscow("2026-11-24 07:00"))
    await house.settle()
    before.sees(HEARD)
    before.forget()
    await loads(house, "2026-11-24 22:00", SAMPLE)
    await loads(house, "2026-11-24 22:10", folder, "--grant", "T05")
    await loads(house, "2026-11-24 22:20", SAMPLE)
    house.clock.set(moscow("2026-11-25 07:00"))
    await house.settle()
    assert before.is_silent()


@pytest.mark.clause("3.1")
async def test_a_role_given_again_on_the_same_day_is_told_again(
    house: House, tmp_path: Path
) -> None:
    before, folder = await house.chat("T14"), planted(tmp_path)
    await loads(house, "2026-11-23 10:00", folder, "--grant", "T05")
    await loads(house, "2026-11-23 10:05", SAMPLE)
    await loads(house, "2026-11-23 10:10", folder, "--grant", "T05")
    assert [one.message.text for one in before.messages] == [HEARD, HEARD]


@pytest.mark.clause("3.1")
async def test_support_is_told_as_support_and_in_the_schools_language(
    house: House, tmp_path: Path
) -> None:
    before = await house.chat("T14")
    await loads(
        house, "2026-11-23 10:00", planted(tmp_path, "учитель, техподдержка"), "--grant", "T05"
    )
    before.sees("Права техподдержки теперь есть ещё у одного человека: Смирнова Ольга Николаевна.")
    english = edited(tmp_path, "school", "язык;ru", "язык;en")
    edited(tmp_path, "teachers", PLAIN + "учитель, техподдержка", PLAIN + "учитель, завуч")
    await loads(house, "2026-11-23 10:05", english, "--grant", "T05")
    before.sees("now has the rights of a deputy head: Смирнова Ольга Николаевна. If this is a")


def test_who_is_no_legal_representative_is_named_in_one_line(desk: Desk, tmp_path: Path) -> None:
    told = desk.types("school", "load", SAMPLE, "--dry-run", *NOW).stdout
    (line,) = [line for line in told.splitlines() if "Не законные представители" in line]
    assert "листе parents (1): Носкова Людмила Фёдоровна (P016)." in line
    assert "--leavers" in line
    folder = edited(tmp_path, "parents", "бабушка;нет", "бабушка;да")
    assert "Не законные" not in desk.types("school", "load", folder, *NOW).stdout
    edited(tmp_path, "parents", "S101;мать;да", "S101;мать;нет")
    several = edited(tmp_path, "parents", "S501;мать;да", "S501;мать;нет")
    told = desk.types("school", "load", several, *NOW).stdout
    assert "листе parents (1): Соколова Елена Викторовна (P001)." in told


@pytest.mark.clause("П1-1.2")
async def test_a_grandmother_on_the_sheet_walks_a_small_childs_day(house: House) -> None:
    grandmother = await house.chat("P016")
    await morning(house)
    grandmother.sees("Захар")
    await grandmother.presses("Кабинет открыт")
    assert "☑ Кабинет открыт" in grandmother.text
