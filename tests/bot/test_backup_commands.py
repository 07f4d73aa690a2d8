"""`dezhurny backup` and `dezhurny restore` as an operator types them."""

import asyncio
import errno
import json
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.commands import backup
from storage.backups.failures import DiskFailed, Fault, Interrupted, Unsound
from storage.database import opened
from tests.school_template import MONDAY, sqlite_url
from tests.storage.backups.home import Home

NOW = ("--now", MONDAY.isoformat())
LATER = ("--now", (MONDAY + timedelta(hours=5)).isoformat())
NAME = "dezhurny-2026-11-23T0729+0300.tar"


class Desk:
    """An operator's terminal in a folder with `data/`."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.home = Home(folder / "data", template)
        self.folder = folder
        self.environment = {
            "DEZHURNY_DATABASE_URL": sqlite_url(self.home.place.database),
            "DEZHURNY_FILES_DIR": str(self.home.place.files),
        }

    def types(self, *words: object, **environment: str) -> Result:
        return CliRunner().invoke(
            app, [str(word) for word in words], env=self.environment | environment
        )


@pytest.fixture
def desk(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, template)


def test_a_backup_is_made_told_and_put_back(desk: Desk) -> None:
    photo = desk.home.keeps(b"photo")
    desk.home.named("Как было")
    made = desk.types("backup", "copies", *NOW)
    assert made.exit_code == 0, made.output
    assert re.search(rf"copies/{re.escape(NAME)} \(\d\.\d МБ, файлов: 1, новых: 1\)", made.stdout)
    desk.home.named("Как стало")
    desk.home.store.path(photo).unlink()

    refused = desk.types("restore", f"copies/{NAME}", *LATER)
    assert refused.exit_code == 1
    assert "добавьте --force" in refused.stderr
    assert desk.home.name == "Как стало"

    done = desk.types("restore", f"copies/{NAME}", "--force", *LATER)
    assert done.exit_code == 0, done.output
    assert "по состоянию на 23.11.2026, 07:29 (мск): людей 162, работ 0, файлов 1" in done.stdout
    assert "school.db.before-restore-2026-11-23T122950" in done.stdout
    assert "dezhurny doctor" in done.stdout
    assert desk.home.name == "Как было"
    assert desk.home.holds(photo)
    switched_on = {"DEZHURNY_VK_TOKEN": "vk1.a.sandbox", "DEZHURNY_BACKUP_DIR": "copies"}
    checked = desk.types("doctor", "--offline", "--json", *LATER, **switched_on)
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout)["complaints"] == []


def test_a_lost_slip_stays_worthless_and_its_owner_is_named(desk: Desk) -> None:
    of_class = ("school", "codes", "--class", "9А")
    first = desk.types(*of_class, "--reissue", *NOW)
    assert desk.types("backup", "copies", *NOW).exit_code == 0
    again = desk.types(*of_class, "--reissue", *LATER)
    assert first.exit_code == again.exit_code == 0, again.output
    done = desk.types("restore", f"copies/{NAME}", "--force", *LATER)
    assert done.exit_code == 0, done.output
    assert re.search(r"Погашен\w+ \d+ код\w* из копии", done.stdout)
    assert "Листочки, выданные после копии, не действуют" in done.stdout
    assert "dezhurny school codes --reissue --class …" in done.stdout
    anew = desk.types(*of_class, *LATER)
    assert anew.exit_code == 0
    assert re.search(r"Выдан\w* \d+ код", anew.stdout), "nobody is taken for served"


def test_the_place_and_the_number_come_from_the_settings(desk: Desk) -> None:
    nowhere = desk.types("backup")
    assert nowhere.exit_code == 1
    assert "DEZHURNY_BACKUP_DIR" in nowhere.stderr
    for day in range(3):
        moment = (MONDAY + timedelta(days=day)).isoformat()
        made = desk.types(
            "backup", "--now", moment, DEZHURNY_BACKUP_DIR="copies", DEZHURNY_BACKUP_KEEP="2"
        )
        assert made.exit_code == 0, made.output
    assert "Удалено старых копий: 1" in made.stdout
    assert len(list((desk.folder / "copies").glob("*.tar"))) == 2
    assert desk.types("backup", "copies", "--keep", "0").exit_code == 2
    for name, value in (("KEEP", "0"), ("AT", "25:00")):
        wrong = desk.types("backup", "copies", **{f"DEZHURNY_BACKUP_{name}": value})
        assert wrong.exit_code == 1
        assert f"DEZHURNY_BACKUP_{name}" in wrong.stderr


def test_lost_files_are_told(desk: Desk) -> None:
    photo = desk.home.keeps(b"photo")
    desk.home.store.path(photo).unlink()
    made = desk.types("backup", "copies", *NOW)
    assert made.exit_code == 0
    assert "1 файл назван в базе, но на диске его нет, либо он повреждён, либо" in made.stderr
    assert photo in made.stderr.replace("\n", "")
    done = desk.types("restore", f"copies/{NAME}", "--force", *LATER)
    assert done.exit_code == 0
    assert "1 файл назван в базе, но на диске его нет" in done.stderr


def test_files_left_behind_are_asked_for(desk: Desk) -> None:
    desk.home.keeps(b"photo")
    desk.types("backup", "copies", *NOW)
    shutil.rmtree(desk.folder / "copies" / "files")
    shutil.rmtree(desk.home.place.files)
    refused = desk.types("restore", f"copies/{NAME}", "--force", *LATER)
    assert refused.exit_code == 1
    assert "нет 1 файла" in refused.stderr
    done = desk.types("restore", f"copies/{NAME}", "--force", "--incomplete", *LATER)
    assert done.exit_code == 0


def test_nothing_is_restored_under_a_running_bot(desk: Desk) -> None:
    desk.types("backup", "copies", *NOW)

    async def hold() -> Result:
        url = desk.environment["DEZHURNY_DATABASE_URL"]
        async with opened(url) as database, database.sole_use():
            return await asyncio.to_thread(desk.types, "restore", f"copies/{NAME}", "--force")

    refused = asyncio.run(hold())
    assert refused.exit_code == 1
    assert "уже работает" in refused.stderr


def test_what_is_no_backup_is_refused_in_a_sentence(desk: Desk) -> None:
    (desk.folder / "notes.tar").write_text("no tar", encoding="utf-8")
    refused = desk.types("restore", "notes.tar", "--force")
    assert refused.exit_code == 1
    assert "notes.tar — не копия Дежурного, или файл испорчен. Ничего" in refused.stderr
    missing = desk.types("restore", "nowhere.tar", "--force")
    assert missing.exit_code == 1
    assert "nowhere.tar" in missing.stderr
    assert "Traceback" not in refused.output + missing.output


def test_a_backup_is_looked_at_before_anybody_is_sent_for_force(desk: Desk) -> None:
    """A wrong name is told at the first try, and so is an archive that is spoilt."""
    assert desk.types("backup", "copies", *NOW).exit_code == 0
    missing = desk.types("restore", "nowhere.tar", *LATER)
    assert missing.exit_code == 1
    assert "nowhere.tar" in missing.stderr
    spoilt = desk.folder / "copies" / NAME
    content = bytearray(spoilt.read_bytes())
    content[len(content) // 2] ^= 1
    spoilt.write_bytes(content)
    refused = desk.types("restore", spoilt, *LATER)
    assert refused.exit_code == 1
    assert refused.stderr == (
        "Копия не годится: содержимое database.db повреждено. "
        "Ничего не изменилось; возьмите другую копию.\n"
    )
    assert "--force" not in missing.output + refused.output


def test_where_there_is_no_database_there_is_no_backup(desk: Desk) -> None:
    desk.home.place.database.unlink()
    refused = desk.types("backup", "copies")
    assert refused.exit_code == 1
    assert "Базы ещё нет" in refused.stderr
    assert not (desk.folder / "copies").exists()
    assert not desk.home.place.database.exists()


def test_a_place_that_cannot_be_written_is_told(desk: Desk) -> None:
    (desk.folder / "copies").write_text("a file", encoding="utf-8")
    refused = desk.types("backup", "copies")
    assert refused.exit_code == 1
    assert refused.stderr == "Не удалось открыть copies: это имя уже занято.\n"


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (Interrupted("told to stop"), "Копирование прервано. Прежние копии целы.\n"),
        (
            DiskFailed("disk I/O error"),
            (
                "Диск не читает или не пишет: проверьте диск с копиями и диск с базой. "
                "Прежние копии целы.\n"
            ),
        ),
        (
            Unsound(Fault.LOST_REFERENCE, table="roles", other="persons"),
            (
                "База повреждена, или это не база Дежурного: строка roles ссылается на то, "
                "чего нет в persons. Прежние копии целы.\n"
            ),
        ),
        (
            OSError(errno.EIO, "Input/output error"),
            "Работа остановлена: диск не читает или не пишет. Проверьте диск и повторите.\n",
        ),
    ],
    ids=["interrupted", "a disk", "a reference", "a disk elsewhere"],
)
def test_a_failure_is_told_in_one_language(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(backup, "make", fail)
    refused = desk.types("backup", "copies", *NOW)
    assert refused.exit_code == 1
    assert refused.stderr == said


@pytest.mark.postgres
def test_postgresql_has_tools_of_its_own(desk: Desk, postgres_url: str) -> None:
    for words, tool in (
        (("backup", "copies"), "pg_dump"),
        (("restore", "copies/x.tar"), "pg_restore"),
    ):
        refused = desk.types(*words, DEZHURNY_DATABASE_URL=postgres_url)
        assert refused.exit_code == 1
        assert tool in refused.stderr
    assert not (desk.folder / "copies").exists()


@pytest.mark.process
def test_an_offline_doctor_imports_no_messenger(desk: Desk) -> None:
    script = """
import sys
from typer.testing import CliRunner
from bot.__main__ import app
for words in (["backup", "copies"], ["doctor", "--offline"], ["doctor", "--offline", "--json"]):
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, (words, result.output)
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"aiogram", "vkbottle", "aiosmtplib"}, loaded
"""
    environment = desk.environment | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DEZHURNY_TELEGRAM_TOKEN": "7000000001:sandbox",
        "DEZHURNY_VK_TOKEN": "vk1.a.sandbox",
        "DEZHURNY_SMTP_URL": "smtp://127.0.0.1:1",
        "DEZHURNY_MAIL_FROM": "school@example.org",
    }
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=desk.folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr
