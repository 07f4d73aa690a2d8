import json

import pytest

from bot.messengers.text import as_json, clean, file_name, title
from handlers.messages import FileKind


def test_text_keeps_every_whole_character_and_drops_what_no_database_takes() -> None:
    assert clean("Аня 🙂\nок") == "Аня 🙂\nок"
    assert clean("а\x00б") == "аб"
    assert clean("а\ud83dб") == "а\ufffdб"


@pytest.mark.parametrize("value", [{"text": "Привет 🙂"}, {"text": "\ud83d"}, ["\x00"], None])
def test_json_can_always_be_stored_and_read_again(value: object) -> None:
    told = as_json(value)
    assert "\x00" not in told
    told.encode()
    assert json.loads(told) == value


@pytest.mark.parametrize(
    ("name", "content_type", "expected"),
    [
        ("Домашка.pdf", "application/pdf", "Домашка.pdf"),
        ('моя "лучшая"\r\nработа.pdf', "application/pdf", "моя _лучшая_работа.pdf"),
        ("../../etc/passwd", "", "etc_passwd.bin"),
        ("", "image/jpeg", "document.jpg"),
        ("", "audio/ogg", "document.ogg"),
        ("без расширения", "application/pdf", "без расширения.pdf"),
        ("", "", "document.bin"),
        ("д" * 300 + ".docx", "", "д" * 95 + ".docx"),
        ("." * 30, "image/png", "document.png"),
    ],
)
def test_a_file_name_fits_any_upload(name: str, content_type: str, expected: str) -> None:
    assert file_name(name, FileKind.DOCUMENT, content_type) == expected


def test_a_title_keeps_its_suffix_and_never_grows_long() -> None:
    assert title("Работа №5.pdf") == "Работа №5.pdf"
    assert title("д" * 300) == "д" * 255
    assert title("д" * 300 + "." + "ж" * 300) == "д" * 255
