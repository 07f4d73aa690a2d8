"""The command line: what an operator sees, and what a mistake of the operator does not break."""

import asyncio
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from fluent.runtime import FluentResource
from fluent.syntax.ast import Junk, Message
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from bot.__main__ import app
from handlers.texts import FOLDER, LANGUAGES
from school import enrolment
from school.access import find
from storage import accounts, inbox, outbox, schools
from storage.accounts import Account
from storage.database import Tx, opened
from storage.inbox import NewEvent
from storage.outbox import NewMessage
from storage.tables import metadata
from tests.school_template import MONDAY, SAMPLE, sample_roster, sqlite_url

T = TypeVar("T")
ROSTER = sample_roster()
NOW = ("--now", MONDAY.isoformat())
COMMANDS = (
    (),
    ("run",),
    ("demo",),
    ("doctor",),
    ("backup",),
    ("restore",),
    ("school",),
    ("school", "load"),
    ("school", "codes"),
    ("school", "unbind"),
)


class Desk:
    """An operator's terminal beside one database file."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.environment = {"DEZHURNY_DATABASE_URL": sqlite_url(database)}

    def types(self, *words: object, **environment: str) -> Result:
        return CliRunner().invoke(
            app, [str(word) for word in words], env=self.environment | environment
        )

    def looks(self, ask: Callable[[Tx], Awaitable[T]]) -> T:
        async def look() -> T:
            async with opened(sqlite_url(self.database)) as database, database.write() as tx:
                return await ask(tx)

        return asyncio.run(look())

    def count(self, table: str) -> int:
        async def ask(tx: Tx) -> int:
            found = sa.select(sa.func.count()).select_from(metadata.tables[table])
            return await tx.scalar(found) or 0

        return self.looks(ask)


@pytest.fixture
def desk(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(template, tmp_path / "school.db")
    return Desk(tmp_path / "school.db")


@pytest.fixture
def bare_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path / "data" / "new.db")


def edited(tmp_path: Path, sheet: str, old: str, new: str) -> Path:
    """The sample school with one text of one sheet replaced."""
    folder = tmp_path / "roster"
    if not folder.exists():
        shutil.copytree(SAMPLE, folder)
    file = folder / f"{sheet}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


async def bound(tx: Tx, key: str) -> None:
    (found,) = await find(tx, 1, key)
    account = Account(0, 1, found.person.id, "vk", f"u-{key}", f"c-{key}")
    await accounts.bind(tx, account, MONDAY)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_helps_in_russian(bare_desk: Desk, words: tuple[str, ...]) -> None:
    result = bare_desk.types(*words, "--help")
    assert result.exit_code == 0
    assert re.search("[а-я]{4}", result.stdout)


@pytest.mark.parametrize(
    "words", [("fly",), ("school", "load"), ("school", "codes", "--class", "седьмой"), ("run", "x")]
)
def test_a_command_that_makes_no_sense_is_a_usage_error(
    bare_desk: Desk, words: tuple[str, ...]
) -> None:
    assert bare_desk.types(*words).exit_code == 2


def test_a_school_is_loaded_once_and_the_second_load_changes_nothing(bare_desk: Desk) -> None:
    first = bare_desk.types("school", "load", SAMPLE, *NOW)
    assert first.exit_code == 0, first.output
    assert re.search(r"ученики +71 +0 +0 +0", first.stdout)
    assert bare_desk.count("students") == len(ROSTER.students)
    second = bare_desk.types("school", "load", SAMPLE, *NOW)
    assert second.exit_code == 0
    assert "0 изменений" in second.stdout


def test_who_is_gone_and_kept_is_not_said_to_be_as_in_the_list(desk: Desk, tmp_path: Path) -> None:
    fewer = tmp_path / "fewer"
    shutil.copytree(SAMPLE, fewer)
    for file in fewer.glob("*.csv"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(one for one in lines if "S701" not in one), encoding="utf-8")
    for more in ([], ["--dry-run"]):
        result = desk.types("school", "load", fewer, *more, *NOW)
        assert result.exit_code == 0, result.output
        assert "доступ сохранён" in result.stdout
        assert "0 изменений: то, что исчезло из списка, сохранено, а остальное" in result.stdout
        assert "уже всё так" not in result.stdout


@pytest.mark.parametrize("words", [("codes", "--reissue"), ("unbind", "S701")], ids=" ".join)
def test_a_database_that_may_only_be_read_names_its_owner_as_the_cause(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    def to_read(path: str, *values: Any, **options: Any) -> sqlite3.Connection:
        return connect(f"file:{path}?mode=ro", *values, uri=True, **options)

    with closing(connect(desk.database)) as database:
        database.execute("PRAGMA journal_mode=WAL")
    monkeypatch.setattr(sqlite3, "connect", to_read)
    result = desk.types("school", *words, *NOW)
    assert result.exit_code == 1
    assert result.stderr.startswith("База открыта только на чтение: проверьте владельца и права")
    assert "readonly" not in result.output


def test_a_rehearsal_writes_nothing(bare_desk: Desk) -> None:
    result = bare_desk.types("school", "load", SAMPLE, "--dry-run")
    assert result.exit_code == 0
    assert "Пока ничего не записано" in result.stdout
    assert bare_desk.count("persons") == 0


def test_a_half_broken_roster_is_told_row_by_row_and_nothing_is_loaded(
    bare_desk: Desk, tmp_path: Path
) -> None:
    edited(tmp_path, "students", "S701;", ";")
    folder = edited(tmp_path, "timetable", "понедельник;", "вчера;")
    result = bare_desk.types("school", "load", folder)
    assert result.exit_code == 1
    assert re.search(r"Лист «students», строка \d+, столбец «id»: пусто", result.stderr)
    assert re.search(r"Лист «timetable», строка \d+, столбец «день»: «вчера»", result.stderr)
    assert "Ничего не загружено" in result.stderr
    assert not bare_desk.database.exists()


def test_changed_and_gone_rows_are_named(desk: Desk, tmp_path: Path) -> None:
    folder = edited(tmp_path, "students", "S102;Лаптев;Фёдор", "S102;Лаптев;Федот")
    result = desk.types("school", "load", folder, "--dry-run")
    assert "~ Лаптев Федот Юрьевич (S102): имя" in result.stdout
    assert "Будет 1 изменение" in result.stdout


def test_leavers_are_listed_and_cut_off_only_when_told_so(desk: Desk, tmp_path: Path) -> None:
    line = next(
        line
        for line in (SAMPLE / "parents.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("P077;")
    )
    folder = edited(tmp_path, "parents", line + "\n", "")
    desk.looks(lambda tx: bound(tx, "P077"))
    kept = desk.types("school", "load", folder, *NOW)
    assert "доступ сохранён (1)" in kept.stdout
    assert "(P077)" in kept.stdout
    foreseen = desk.types("school", "load", folder, "--leavers", "--dry-run", *NOW)
    assert "Будут отключены (1)" in foreseen.stdout
    assert desk.looks(lambda tx: accounts.bound(tx, "vk", "u-P077")) is not None
    gone = desk.types("school", "load", folder, "--leavers", *NOW)
    assert gone.exit_code == 0
    assert "Доступ отключён (1)" in gone.stdout
    assert desk.looks(lambda tx: accounts.bound(tx, "vk", "u-P077")) is None


@pytest.mark.clause("5.4")
def test_the_codes_of_a_class_are_for_its_students_and_their_guardians(desk: Desk) -> None:
    result = desk.types("school", "codes", "--class", "7б", "--json", *NOW)
    assert result.exit_code == 0, result.output
    issued = json.loads(result.stdout)
    of_class = {one.person for one in ROSTER.students if str(one.class_key) == "7Б"}
    guardians = {one.guardian for one in ROSTER.guardianships if one.student in of_class}
    assert {one["id"] for one in issued} == {key.partition(":")[2] for key in of_class | guardians}
    assert {one["class"] for one in issued} == {"7Б"}
    maria = next(one for one in issued if one["id"] == "S701")
    assert (maria["name"], maria["roles"]) == ("Соколова Мария Андреевна", ["student"])
    checked = desk.looks(lambda tx: enrolment.check(tx, maria["code"], "vk", "1", MONDAY))
    assert checked.person is not None
    assert checked.person.full_name == maria["name"]


@pytest.mark.clause("3.10")
def test_codes_are_issued_once_and_anew_only_when_asked(desk: Desk) -> None:
    desk.looks(lambda tx: bound(tx, "S702"))
    first = json.loads(desk.types("school", "codes", "--json", *NOW).stdout)
    assert "S702" not in {one["id"] for one in first}
    assert {len(one["code"]) for one in first if one["id"].startswith("T")} == {16}
    assert len(first) == len(ROSTER.people) - 1
    assert json.loads(desk.types("school", "codes", "--json", *NOW).stdout) == []
    anew = json.loads(
        desk.types("school", "codes", "--class", "7Б", "--reissue", "--json", *NOW).stdout
    )
    assert "S702" in {one["id"] for one in anew}
    old = next(one["code"] for one in first if one["id"] == "S701")
    checked = desk.looks(lambda tx: enrolment.check(tx, old, "vk", "1", MONDAY))
    assert checked.fate is enrolment.CodeFate.REVOKED


def test_links_lead_to_the_messengers_that_are_on(desk: Desk) -> None:
    result = desk.types(
        "school",
        "codes",
        "--class=1А",
        "--json",
        DEZHURNY_TELEGRAM_TOKEN="1:secret",
        DEZHURNY_TELEGRAM_USERNAME="@dezhurny_bot",
        DEZHURNY_VK_TOKEN="secret",
        DEZHURNY_VK_GROUP_ID="77",
    )
    first = json.loads(result.stdout)[0]
    assert first["links"] == {
        "telegram": f"https://t.me/dezhurny_bot?start={first['code']}",
        "vk": f"https://vk.me/club77?ref={first['code']}",
    }
    assert "secret" not in result.output
    hinted = desk.types("school", "codes", "--json", DEZHURNY_VK_TOKEN="secret")
    assert "DEZHURNY_VK_GROUP_ID" in hinted.stderr


def test_the_table_of_codes_shows_them_in_groups(desk: Desk) -> None:
    result = desk.types("school", "codes", "--class", "7Б")
    assert re.search(r"S701 +Соколова Мария Андреевна +7Б +ученик +\w{5}-\w{5}", result.stdout)
    assert "действуют 14 дней" in result.stdout
    again = desk.types("school", "codes", "--class", "7Б")
    assert "Новых кодов нет" in again.stdout


def test_slips_are_written_to_a_file(desk: Desk, tmp_path: Path) -> None:
    paper = tmp_path / "slips.pdf"
    result = desk.types("school", "codes", "--class", "7Б", "--pdf", paper, "--json", *NOW)
    assert result.exit_code == 0, result.output
    text = "\n".join(page.extract_text() for page in PdfReader(paper).pages)
    assert "Соколова Мария Андреевна" in text
    code = next(one["code"] for one in json.loads(result.stdout) if one["id"] == "S701")
    assert f"{code[:5]}-{code[5:]}" in text
    assert "7 декабря" in text


def test_no_code_is_wasted_on_slips_that_cannot_be_written(desk: Desk, tmp_path: Path) -> None:
    result = desk.types("school", "codes", "--pdf", tmp_path / "nowhere" / "slips.pdf")
    assert result.exit_code == 1
    assert "slips.pdf" in result.stderr
    assert desk.count("activation_codes") == 0


def test_codes_refuse_a_class_or_a_school_that_is_not_there(desk: Desk, bare_desk: Desk) -> None:
    unknown = desk.types("school", "codes", "--class", "8В")
    assert unknown.exit_code == 1
    assert "Есть: 1А" in unknown.stderr
    nothing = bare_desk.types("school", "codes")
    assert nothing.exit_code == 1
    assert "Школа ещё не загружена" in nothing.stderr


@pytest.mark.clause("5.4")
def test_a_lost_phone_is_unbound(desk: Desk) -> None:
    desk.looks(lambda tx: bound(tx, "S701"))
    other = desk.types("school", "unbind", "S701", "--messenger", "telegram")
    told = " ".join(other.stdout.split())
    assert "привязанных чатов нет. В другом мессенджере чат остался привязан." in told
    assert "без --messenger" in told
    assert "коды" not in told
    result = desk.types("school", "unbind", "S701", "--messenger", "vk", *NOW)
    assert result.exit_code == 0
    assert "Соколова Мария Андреевна: отвязан 1 чат" in result.stdout
    assert "dezhurny school codes" in " ".join(result.stdout.split())
    assert "остался привязан" not in result.stdout
    assert "коды этого человека" not in result.stdout
    assert desk.looks(lambda tx: accounts.bound(tx, "vk", "u-S701")) is None

    async def audited(tx: Tx) -> list[object]:
        rows = metadata.tables["audit"]
        found = sa.select(rows.c.details).where(rows.c.what == "account.unbound")
        return list(await tx.scalars(found.order_by(rows.c.id)))

    assert desk.looks(audited)[-1] == {"messenger": "vk", "accounts": 1}
    assert desk.types("school", "unbind", "S000").exit_code == 1


@pytest.mark.clause("5.4")
def test_what_an_unbinding_says_is_so(desk: Desk) -> None:
    assert desk.types("school", "codes", "--class", "7Б", *NOW).exit_code == 0
    first, second = [
        " ".join(desk.types("school", "unbind", "S701", "--messenger", "vk", *NOW).stdout.split())
        for _ in range(2)
    ]
    assert first.startswith("Соколова Мария Андреевна: привязанных чатов нет. Прежние коды этого")
    assert "Прежние коды" not in second
    for told in (first, second):
        assert "остался привязан" not in told
        assert "dezhurny school codes" in told


def test_nobody_is_sent_for_a_code_that_is_never_issued(desk: Desk, tmp_path: Path) -> None:
    line = next(
        line
        for line in (SAMPLE / "parents.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("P077;")
    )
    folder = edited(tmp_path, "parents", line + "\n", "")
    assert desk.types("school", "load", folder, "--leavers", *NOW).exit_code == 0
    result = desk.types("school", "unbind", "P077", *NOW)
    assert result.exit_code == 0
    assert result.stdout.endswith("Этого человека нет в списке школы: доступа у него уже нет.\n")
    assert "school codes" not in result.stdout


def test_an_id_of_two_people_must_be_said_in_full(desk: Desk, tmp_path: Path) -> None:
    folder = edited(tmp_path, "parents", "P077;", "S701;")
    assert desk.types("school", "load", folder, *NOW).exit_code == 0
    desk.looks(lambda tx: bound(tx, "students:S701"))
    result = desk.types("school", "unbind", "S701")
    assert result.exit_code == 2
    assert "parents:S701 — Большакова" in result.stderr
    assert "students:S701 — Соколова Мария" in result.stderr
    assert desk.types("school", "unbind", "parents:S701").exit_code == 0
    assert desk.looks(lambda tx: accounts.bound(tx, "vk", "u-students:S701")) is not None


def test_the_doctor_finds_a_healthy_school_well(desk: Desk) -> None:
    result = desk.types("doctor", "--offline", *NOW, DEZHURNY_VK_TOKEN="secret")
    assert result.exit_code == 0, result.output
    assert "Всё в порядке" in result.stdout
    assert "Школа «Образец»" in result.stdout
    assert re.search("VK +используется", result.stdout)
    assert re.search("Почта +не используется", result.stdout)


def test_the_doctor_calls_nothing_well_that_nobody_can_write_to(desk: Desk) -> None:
    result = desk.types("doctor", *NOW)
    assert result.exit_code == 1
    assert "! Ни один мессенджер не включён" in result.stdout
    assert "Всё в порядке" not in result.stdout


def test_the_doctor_names_what_is_wrong(desk: Desk, bare_desk: Desk) -> None:
    missing = bare_desk.types("doctor")
    assert missing.exit_code == 1
    assert "Базы ещё нет" in missing.stdout
    assert not bare_desk.database.exists()

    async def trouble(tx: Tx) -> None:
        await inbox.store(tx, [NewEvent("vk", "1", "vk:1", "{}", "", error="broken")], MONDAY)
        late = NewMessage("k", "day", "vk", "1", {}, MONDAY - timedelta(hours=1), school_id=1)
        await outbox.plan(tx, [late], MONDAY)

    desk.looks(trouble)
    result = desk.types("doctor", *NOW)
    assert result.exit_code == 1
    assert "quarantined 1" in result.stdout
    assert "1 входящее событие за неделю отложено" in result.stdout
    assert "ждут отправки с 23.11.2026, 06:29 (мск)" in result.stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DEZHURNY_VK_GROUP_ID", "hunter2"),
        ("DEZHURNY_DATABASE_URL", "hunter2"),
        ("DEZHURNY_SMTP_URL", "hunter2"),
        ("DEZHURNY_TELEGRAM_API_URL", "hunter2"),
        ("DEZHURNY_TELEGRAM_TOKEN", "hunter2"),
        ("DEZHURNY_LOG_LEVEL", "hunter2"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(
    bare_desk: Desk, variable: str, value: str
) -> None:
    result = bare_desk.types("doctor", **{variable: value})
    assert result.exit_code == 1
    assert f"Переменная {variable} задана неверно" in result.stderr
    assert value not in result.output


def test_a_database_that_cannot_be_opened_is_one_sentence(bare_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "new.db").write_bytes(b"not a database at all" * 100)
    result = bare_desk.types("school", "load", SAMPLE)
    assert result.exit_code == 1
    assert "База не отвечает" in result.stderr
    assert "Traceback" not in result.output


def test_an_unreadable_workbook_and_a_missing_folder_are_refused(
    bare_desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "school.xlsx").write_bytes(b"PK\x03\x04 but no more")
    broken = bare_desk.types("school", "load", tmp_path / "school.xlsx")
    assert broken.exit_code == 1
    assert "книга повреждена" in broken.stderr
    missing = bare_desk.types("school", "load", tmp_path / "nowhere")
    assert missing.exit_code == 1
    assert "nowhere" in missing.stderr


@pytest.mark.parametrize("moment", ["tomorrow", "2026-11-23T07:30:00"])
def test_an_instant_needs_a_zone(bare_desk: Desk, moment: str) -> None:
    result = bare_desk.types("run", "--now", moment)
    assert result.exit_code == 2
    assert "2026-11-23T07:29:50+03:00" in result.stderr


def test_a_second_run_on_the_same_database_is_refused(desk: Desk) -> None:
    async def hold() -> Result:
        async with opened(sqlite_url(desk.database)) as database, database.sole_use():
            return await asyncio.to_thread(desk.types, "run")

    result = asyncio.run(hold())
    assert result.exit_code == 1
    assert "Бот уже работает с этой базой" in result.stderr
    assert "Ни один мессенджер не включён" in result.stderr


def test_a_database_server_that_is_away_is_one_sentence_without_its_password(
    bare_desk: Desk,
) -> None:
    url = "postgresql+asyncpg://school:hunter2@127.0.0.1:1/school"
    result = bare_desk.types("doctor", DEZHURNY_DATABASE_URL=url)
    assert result.exit_code == 1
    assert result.stderr == "Не удалось связаться: соединение отклонено.\n"
    assert "hunter2" not in result.output


def test_both_languages_of_the_command_line_say_the_same_things() -> None:
    said = {}
    for language in LANGUAGES:
        text = (FOLDER / language / "cli.ftl").read_text(encoding="utf-8")
        body = FluentResource(text).body
        assert not [entry for entry in body if isinstance(entry, Junk)]
        said[language] = {entry.id.name for entry in body if isinstance(entry, Message)}
    assert said["ru"] == said["en"]


@pytest.mark.process
def test_no_command_at_the_desk_imports_a_messenger(desk: Desk, tmp_path: Path) -> None:
    script = """
import sys
from typer.testing import CliRunner, Result
from bot.__main__ import app
from handlers.texts import FOLDER, LANGUAGES
for words in (["school", "load", sys.argv[1]], ["school", "codes", "--pdf", "s.pdf"],
              ["school", "unbind", "S701"], ["doctor"]):
    result = CliRunner().invoke(app, words)
    assert result.exit_code == (words == ["doctor"]), (words, result.output)
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"aiogram", "vkbottle", "aiosmtplib"}, loaded
"""
    root = str(Path(__file__).parents[2])
    environment = desk.environment | {"PYTHONPATH": root}
    result = subprocess.run(
        [sys.executable, "-c", script, str(SAMPLE)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "s.pdf").stat().st_size > 1000


def test_the_schools_of_a_database_are_counted(desk: Desk) -> None:
    async def another(tx: Tx) -> None:
        (school,) = await schools.every(tx)
        values = {name: getattr(school, name) for name in school.__slots__ if name != "id"}
        await schools.add(tx, values | {"name": "Другая"})

    desk.looks(another)
    result = desk.types("school", "codes")
    assert result.exit_code == 1
    assert "В базе 2 школы" in result.stderr
