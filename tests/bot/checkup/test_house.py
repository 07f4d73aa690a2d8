"""Disk, backups and heartbeat: what the doctor says of the machine."""

import os
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import pulse
from bot.checkup import house
from bot.checkup.report import Report
from bot.pulse import Heartbeat, LastPoll
from bot.settings import Settings
from bot.watched import RESULTS
from scheduler.messenger import TokenRefused
from storage.backups.shelf import Shelf
from tests.school_template import MONDAY
from tests.storage.backups.home import Home

GIGABYTE = 1 << 30
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 what shutil gives
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def configured(tmp_path: Path, *, backups: bool = True) -> Settings:
    shelf = tmp_path / "backups" if backups else None
    files = tmp_path / "data" / "files"
    return Settings(_env_file=None, files_dir=files, backup_dir=shelf, vk_token=SecretStr("a"))


def complaints(report: Report) -> list[str]:
    return [one.key for one in report.complaints]


@pytest.mark.parametrize(
    ("total", "free", "expected"),
    [
        (100, 50, []),
        (100, 9.5, ["disk-full"]),
        (1000, 11, []),
        (5, 0.9, ["disk-full"]),
        (8, 1.5, []),
    ],
)
def test_a_disk_that_fills_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, total: float, free: float, expected: list[str]
) -> None:
    usage = Usage(total * GIGABYTE, (total - free) * GIGABYTE, free * GIGABYTE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    report = Report()
    house.examine_disks([tmp_path / "not" / "there yet", tmp_path], report)
    assert complaints(report) == expected
    assert len(report.lines) == 1, "one disk is looked at once"


def test_no_place_for_backups_is_only_noted(tmp_path: Path) -> None:
    report = Report()
    house.examine_backups(configured(tmp_path, backups=False), MONDAY, report)
    assert not report.complaints
    assert [one.key for one in report.notes] == ["no-backups"]


def test_backups_that_should_be_and_are_not(tmp_path: Path) -> None:
    report = Report()
    house.examine_backups(configured(tmp_path), MONDAY, report)
    assert complaints(report) == ["never-backed-up"]


def test_a_backup_grows_old_in_a_day_and_a_half(template: Path, tmp_path: Path) -> None:
    Home(tmp_path / "data", template).backed_up(Shelf(tmp_path / "backups"))
    for hours, expected in ((35, []), (37, ["backup-is-old"])):
        report = Report()
        house.examine_backups(configured(tmp_path), MONDAY + hours * HOUR, report)
        assert complaints(report) == expected
        assert ("last-backup", "Последняя копия", "23.11.2026, 07:29 (мск)") in report.lines


def test_a_backup_that_cannot_be_read(template: Path, tmp_path: Path) -> None:
    made = Home(tmp_path / "data", template).backed_up(Shelf(tmp_path / "backups"))
    made.path.write_bytes(b"")
    report = Report()
    house.examine_backups(configured(tmp_path), MONDAY, report)
    assert complaints(report) == ["backup-unreadable"]
    assert "не копия Дежурного, или файл испорчен)" in report.complaints[0].text


def test_a_backup_from_the_future_is_no_newest_one(template: Path, tmp_path: Path) -> None:
    home, shelf = Home(tmp_path / "data", template), Shelf(tmp_path / "backups")
    ahead = home.backed_up(shelf, MONDAY + 100 * 24 * HOUR)
    for hours, expected in (
        (0, ["backup-ahead", "never-backed-up"]),
        (1, ["backup-ahead"]),
        (38, ["backup-ahead", "backup-is-old"]),
    ):
        report = Report()
        house.examine_backups(configured(tmp_path), MONDAY + hours * HOUR, report)
        assert complaints(report) == expected
        assert ahead.path.name in report.complaints[0].text
        if not hours:
            home.backed_up(shelf)


def test_a_file_that_the_newest_backup_lacks_is_named(template: Path, tmp_path: Path) -> None:
    home, shelf = Home(tmp_path / "data", template), Shelf(tmp_path / "backups")
    lost = home.store.path(home.keeps(b"photo"))
    lost.write_bytes(b"ph0to")
    home.backed_up(shelf)
    report = Report()
    house.examine_backups(configured(tmp_path), MONDAY + HOUR, report)
    assert complaints(report) == ["backup-lacks"]
    assert str(lost) in report.complaints[0].text


def beat(**values: object) -> Heartbeat:
    said = {"pid": os.getpid(), "at": MONDAY, "ticked": MONDAY, "polls": {}} | values
    return Heartbeat(**said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (beat(), []),
        (beat(at=MONDAY - 3 * MINUTE), ["is-silent"]),
        (beat(stopped=True), ["is-stopped"]),
        (beat(ticked=MONDAY - 3 * MINUTE), ["does-not-tick"]),
        (beat(polls={"vk": LastPoll(MONDAY - MINUTE)}), []),
        (beat(polls={"vk": LastPoll(MONDAY - 4 * MINUTE, "not_sent")}), ["unheard"]),
        (beat(polls={"vk": LastPoll(MONDAY - MINUTE, "unstored")}), []),
        (beat(polls={"vk": LastPoll(MONDAY - 4 * MINUTE, "unstored")}), ["unstored"]),
        (beat(polls={"vk": LastPoll(MONDAY, "token_refused")}), ["bot-token-refused"]),
        (beat(polls={"vk": LastPoll(MONDAY - HOUR, "token_refused")}), ["bot-token-refused"]),
    ],
)
def test_what_the_heartbeat_tells(tmp_path: Path, left: Heartbeat, expected: list[str]) -> None:
    settings = configured(tmp_path)
    pulse.write(settings.heartbeat, left)
    report = Report()
    house.examine_life(settings, MONDAY + MINUTE, report)
    assert complaints(report) == expected


def test_no_time_is_called_an_answer_while_there_is_none(tmp_path: Path) -> None:
    """What `run` notes as the last success is its start, if nothing has ever answered."""
    assert RESULTS[TokenRefused] == house.REFUSED
    settings = configured(tmp_path)
    polls = {
        "telegram": LastPoll(MONDAY, house.REFUSED, is_heard=False),
        "vk": LastPoll(MONDAY, "not_sent"),
        "well": LastPoll(MONDAY, is_heard=False),
    }
    pulse.write(settings.heartbeat, beat(polls=polls))
    report = Report()
    house.examine_life(settings, MONDAY, report)
    told = {title: value for _, title, value in report.lines[1:]}
    assert told == {
        "telegram: последний ответ": "отказ: токен не принимается",
        "vk: последний ответ": "ответа нет с 23.11.2026, 07:29 (мск)",
        "well: последний ответ": "пока не было, запуск 23.11.2026, 07:29 (мск)",
    }
    (complaint,) = report.complaints
    assert "DEZHURNY_TELEGRAM_TOKEN" in complaint.text
    assert "VK" not in complaint.text


def on(**values: str) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (on(), ["nobody-to-serve"]),
        (on(smtp_url="smtp://mail.example", mail_from="a@b.example"), ["nobody-to-serve"]),
        (on(telegram_token="1:a"), []),
        (on(vk_token="a"), []),
    ],
)
def test_a_bot_that_nobody_can_write_to(settings: Settings, expected: list[str]) -> None:
    report = Report()
    house.examine_life(settings, MONDAY, report)
    assert complaints(report) == expected


def test_a_place_that_cannot_be_looked_at_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(_: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(house, "nearest", shut)
    report = Report()
    house.examine_disks([tmp_path], report)
    assert complaints(report) == ["place-shut"]
    assert f"на диске с {tmp_path} (нет прав)" in report.complaints[0].text


def test_a_bot_that_never_ran_here_is_no_complaint(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    for content in (None, b"", b"{}"):
        if content is not None:
            settings.heartbeat.parent.mkdir(parents=True, exist_ok=True)
            settings.heartbeat.write_bytes(content)
        report = Report()
        house.examine_life(settings, MONDAY, report)
        assert (report.complaints, report.lines) == ([], [("running", "Бот", "—")])
