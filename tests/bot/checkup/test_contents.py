"""The database and what it names: what the doctor says of it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.checkup import contents
from bot.checkup.report import Report
from storage import inbox, outbox
from storage.database import Database, opened
from storage.failures import DatabaseFailed
from storage.inbox import NewEvent
from storage.outbox import NewMessage
from storage.schema import migrate
from tests.school_template import MONDAY, sqlite_url
from tests.storage.backups.home import Home

DAY = timedelta(days=1)


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    return Home(tmp_path / "data", template)


async def examined(home: Home) -> Report:
    report = Report()
    await contents.examine(sqlite_url(home.place.database), home.place.files, MONDAY, report)
    return report


def complaints(report: Report) -> list[str]:
    return [one.key for one in report.complaints]


async def test_files_that_are_not_there_are_counted(home: Home) -> None:
    good, gone, cut = home.keeps(b"good"), home.keeps(b"gone"), home.keeps(b"cut off")
    shut = home.keeps(b"a folder, which no reader opens")
    home.store.path(shut).unlink()
    home.store.path(shut).mkdir()
    home.store.path(gone).unlink()
    home.store.path(cut).write_bytes(b"cut")
    report = await examined(home)
    assert complaints(report) == ["files-lacking"]
    assert "3 файлов" in report.complaints[0].text
    assert ("files", "Файлов в базе", "4") in report.lines
    assert home.holds(good)


async def test_a_database_without_a_school_is_told(tmp_path: Path) -> None:
    url, report = sqlite_url(tmp_path / "new.db"), Report()
    async with opened(url) as empty:
        await migrate(empty)
    await contents.examine(url, tmp_path / "files", MONDAY, report)
    assert complaints(report) == ["no-school"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("a file", "это не папка"),
        ("a file above", "это не папка"),
        ("a link to nowhere", "нет такой папки или файла"),
        ("shut", "нет прав"),
    ],
)
async def test_a_folder_where_nothing_can_be_stored_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch, fault: str, reason: str
) -> None:
    place = home.place.files.with_name("elsewhere")
    if fault == "shut":
        place.mkdir()
        monkeypatch.setattr(os, "access", lambda path, _: Path(path) != place)
    elif fault == "a link to nowhere":
        place.symlink_to(place.with_name("nowhere"))
    else:
        place.write_text("no folder", encoding="utf-8")
    report, files = Report(), place / "files" if fault == "a file above" else place
    await contents.examine(sqlite_url(home.place.database), files, MONDAY, report)
    assert complaints(report) == ["files-shut"]
    assert f"в {files} ничего не записать ({reason})" in report.complaints[0].text


@pytest.mark.parametrize("shut", ["school.db", "school.db-wal", "."])
async def test_a_database_that_may_only_be_read_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch, shut: str
) -> None:
    place = home.place.database.parent / shut
    home.place.files.mkdir()
    assert complaints(await examined(home)) == []
    home.place.database.with_name("school.db-wal").touch()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != place)
    report = await examined(home)
    assert complaints(report) == ["database-read-only"]
    assert "проверьте владельца и права" in report.complaints[0].text
    assert [title for title, *_ in report.lines if title == "inbox"], "it is looked at further"


async def test_a_database_that_cannot_be_opened_is_not_called_readable(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.place.database.unlink()
    home.place.database.mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != home.place.database)
    report = Report()
    with pytest.raises(DatabaseFailed, match="unable to open"):
        await contents.examine(sqlite_url(home.place.database), home.place.files, MONDAY, report)
    assert complaints(report) == []


async def test_the_folder_is_looked_at_before_there_is_a_database(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("no folder", encoding="utf-8")
    report = Report()
    url = sqlite_url(tmp_path / "new.db")
    await contents.examine(url, tmp_path / "files", MONDAY, report)
    assert set(complaints(report)) == {"files-shut", "no-database"}


async def test_a_lost_reference_is_found(home: Home) -> None:
    home.asks("INSERT INTO roles (person_id, role) VALUES (999999, 'student')")
    report = await examined(home)
    assert complaints(report) == ["unsound"]
    assert "roles → persons" in report.complaints[0].text


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8])
async def test_a_damaged_page_is_found(home: Home, share: float) -> None:
    pages = bytearray(home.place.database.read_bytes())
    start = int(len(pages) * share) // 4096 * 4096
    pages[start : start + 4096] = b"\xff" * 4096
    home.place.database.write_bytes(pages)
    assert complaints(await examined(home)) == ["unsound"]


async def test_quarantine_is_told_line_by_line_without_what_people_wrote(
    database: Database, tmp_path: Path
) -> None:
    events = [
        NewEvent("vk", str(number), "vk:1", '{"text": "тайна"}', "", error=error)
        for number, error in enumerate(["KeyError", "ValidationError: text='тайна'", "Соколова"])
    ]
    async with database.write() as tx:
        await inbox.store(tx, events[:1], MONDAY - 8 * DAY)
        await inbox.store(tx, events[1:], MONDAY - DAY)
    report = Report()
    await contents.examine(str(database.url), tmp_path, MONDAY, report)
    assert complaints(report) == ["quarantined"]
    assert "2 входящих события" in report.complaints[0].text
    told = [value for _, title, value in report.lines if title.startswith("Событие")]
    assert told == [
        "vk, 22.11.2026, 07:29 (мск): ***",
        "vk, 22.11.2026, 07:29 (мск): ValidationError",
    ]
    assert "тайна" not in str(report)


async def test_what_was_set_aside_long_ago_is_only_counted(
    database: Database, tmp_path: Path
) -> None:
    async with database.write() as tx:
        old = NewEvent("vk", "1", "vk:1", "{}", "", error="KeyError")
        await inbox.store(tx, [old], MONDAY - 8 * DAY)
    report = Report()
    await contents.examine(str(database.url), tmp_path, MONDAY, report)
    assert not report.complaints
    assert ("inbox", "Входящие", "quarantined 1") in report.lines


async def test_events_and_messages_that_wait_too_long(database: Database, tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    async with database.write() as tx:
        await inbox.store(tx, [NewEvent("vk", "1", "vk:1", "{}", "{}")], MONDAY - hour)
        late = [
            NewMessage(key, "day", "vk", "1", {}, MONDAY - hour, school_id=1) for key in ("a", "b")
        ]
        await outbox.plan(tx, late, MONDAY)
        (first, _) = await outbox.in_state(tx, "vk", outbox.PLANNED)
        await outbox.finish(tx, first.id, outbox.UNKNOWN, "")
    report = Report()
    await contents.examine(str(database.url), tmp_path, MONDAY, report)
    assert complaints(report) == ["overdue", "unhandled"]
    assert [one.key for one in report.notes] == ["unknown-fate"]


async def test_a_message_of_unknown_fate_does_not_wait(database: Database, tmp_path: Path) -> None:
    async with database.write() as tx:
        late = NewMessage("a", "day", "vk", "1", {}, MONDAY - DAY, school_id=1)
        await outbox.plan(tx, [late], MONDAY)
        (message,) = await outbox.in_state(tx, "vk", outbox.PLANNED)
        await outbox.finish(tx, message.id, outbox.UNKNOWN, "")
    report = Report()
    await contents.examine(str(database.url), tmp_path, MONDAY, report)
    assert not report.complaints


@pytest.mark.postgres
async def test_postgresql_is_examined_as_well(postgres_url: str, tmp_path: Path) -> None:
    report = Report()
    await contents.examine(postgres_url, tmp_path, MONDAY, report)
    assert not report.complaints
    assert ("school", "Школа", "Школа «Образец»") in report.lines


async def test_what_a_switched_off_lane_left_unsent_is_told_and_no_trouble(
    database: Database, tmp_path: Path
) -> None:
    letter = NewMessage("k", "task-letter", "mail", "a@b.example", {}, MONDAY - DAY)
    async with database.write() as tx:
        await outbox.plan(tx, [letter], MONDAY - DAY)
        (message,) = await outbox.in_state(tx, "mail", outbox.PLANNED)
        await outbox.finish(tx, message.id, outbox.DEAD, outbox.SWITCHED_OFF)
    report = Report()
    await contents.examine(str(database.url), tmp_path, MONDAY, report)
    assert not report.complaints
    assert [(one.key, one.text.split(":")[0]) for one in report.notes] == [
        ("unsent", "1 сообщение за неделю не отправлено")
    ]
