"""The settings: what makes no sense is refused before anything starts, by its variable's name."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import settings
from bot.__main__ import app
from bot.settings import BadSettings

SECRET = "hunter2"
TOKEN, SENDER = ("DEZHURNY_TELEGRAM_TOKEN",), ("DEZHURNY_MAIL_FROM",)
MAIL = {"DEZHURNY_SMTP_URL": f"smtp://school:{SECRET}@mail.example"}


def loaded(monkeypatch: pytest.MonkeyPatch, folder: Path, said: dict[str, str]) -> tuple[str, ...]:
    """Load the settings and give the names of the variables that were refused."""
    monkeypatch.chdir(folder)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    refused: BadSettings | None = None
    try:
        settings.load()
    except BadSettings as error:
        refused = error
    assert SECRET not in repr(refused)
    return refused.variables if refused else ()


@pytest.mark.parametrize(
    ("token", "refused"),
    [
        ("7000000001:AA-secret_s3cr3t", ()),
        ("1:a", ()),
        (SECRET, TOKEN),
        (f":{SECRET}", TOKEN),
        ("7000000001:", TOKEN),
        (f"seven:{SECRET}", TOKEN),
        (f"٧:{SECRET}", TOKEN),
        (f"7000000001:{SECRET} and more", TOKEN),
    ],
)
def test_a_telegram_token_is_digits_and_a_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, token: str, refused: tuple[str, ...]
) -> None:
    assert loaded(monkeypatch, tmp_path, {"DEZHURNY_TELEGRAM_TOKEN": token}) == refused


@pytest.mark.parametrize(
    ("sender", "refused"),
    [
        ("school@example.org", ()),
        ("Школа <school@example.org>", ()),
        ("school@школа.рф", ()),
        ("", SENDER),
        ("school", SENDER),
        ("school@", SENDER),
        ("@example.org", SENDER),
        ("школа@example.org", SENDER),
        ("a..b@example.org", SENDER),
        ("school@" + "long" * 20 + ".org", SENDER),
    ],
)
def test_letters_need_a_sender(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sender: str, refused: tuple[str, ...]
) -> None:
    assert loaded(monkeypatch, tmp_path, MAIL | {"DEZHURNY_MAIL_FROM": sender}) == refused


@pytest.mark.parametrize("token", ["1:a", SECRET])
def test_a_sender_that_is_not_set_is_not_called_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, token: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["doctor"], env=MAIL | {"DEZHURNY_TELEGRAM_TOKEN": token})
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    asked = "Переменная DEZHURNY_MAIL_FROM не задана, а нужна вместе с DEZHURNY_SMTP_URL."
    assert told[0].startswith(asked)
    wrong = [line.partition(" задана неверно")[0] for line in told[1:]]
    assert wrong == ([] if token == "1:a" else ["Переменная DEZHURNY_TELEGRAM_TOKEN"])
    assert SECRET not in result.output


def test_without_letters_nobody_looks_at_their_sender(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert not loaded(monkeypatch, tmp_path, {"DEZHURNY_MAIL_FROM": "school"})


@pytest.mark.parametrize(
    "url", ["smtp://", f"smtp://:{SECRET}@", f"smtp://mail.example:{SECRET}", f"smtp://[{SECRET}"]
)
def test_a_mail_server_has_a_name_and_its_port_is_a_number(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    said = {"DEZHURNY_SMTP_URL": url, "DEZHURNY_MAIL_FROM": "school@example.org"}
    assert loaded(monkeypatch, tmp_path, said) == ("DEZHURNY_SMTP_URL",)


@pytest.mark.process
def test_to_check_them_no_library_of_a_messenger_is_imported(tmp_path: Path) -> None:
    script = """
import sys
from bot import settings
assert settings.load().mail_from
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"aiogram", "vkbottle", "aiosmtplib"}, loaded
"""
    said = {"DEZHURNY_TELEGRAM_TOKEN": "1:a", "DEZHURNY_MAIL_FROM": "school@example.org"}
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=MAIL | said | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr
