"""Activation slips on paper: everybody's own, readable, scannable, a class to a page."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from fluent.runtime import FluentBundle, FluentResource
from PIL.Image import Image
from pypdf import PageObject, PdfReader

from bot.slips import Slip, SlipTexts, slips_pdf

pytestmark = pytest.mark.clause("5.4")

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEXTS = SlipTexts(
    title="Коды для входа",
    code="Код:",
    instruction="Наведите камеру на QR-код или напишите этот код боту: он сработает один раз.",
    without_links="Найдите бота школы и напишите боту этот код.",
    messengers={"telegram": "Telegram", "vk": "ВКонтакте"},
)
VERA = Slip(
    "Ёлкина Вера Львовна",
    "7Б",
    "K7QF2M9DXA",
    {
        "telegram": "https://t.me/school_bot?start=K7QF2M9DXA",
        "vk": "https://vk.me/club1?ref=K7QF2M9DXA",
    },
)


def pages(slips: list[Slip]) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(slips_pdf(slips, TEXTS, NOW))).pages)


def words(page: PageObject) -> str:
    return " ".join(page.extract_text().split())


def test_a_slip_says_who_which_class_the_code_and_what_to_do() -> None:
    (page,) = pages([VERA])
    said = words(page)
    for part in ("Ёлкина Вера Львовна", "7Б", "Код: K7QF2-M9DXA", "Telegram", "ВКонтакте"):
        assert part in said
    assert TEXTS.instruction in said
    assert "t.me/school_bot" in said
    assert "vk.me/club1" in said


def test_each_messenger_that_is_on_has_its_qr_code() -> None:
    codes = [
        len(pages([replace(VERA, links=dict(list(VERA.links.items())[:count]))])[0].images)
        for count in range(3)
    ]
    assert codes == [0, 1, 2]


def test_a_slip_without_links_asks_nobody_to_scan_anything() -> None:
    said = words(pages([replace(VERA, links={})])[0])
    assert TEXTS.without_links in said
    assert "QR" not in said
    assert TEXTS.without_links not in words(pages([VERA])[0])


def test_a_qr_code_is_its_link() -> None:
    drawn = {modules(image.image) for image in pages([VERA])[0].images if image.image}
    codes = [segno.make(link, micro=False, error="m") for link in VERA.links.values()]
    assert drawn == {tuple(tuple(map(bool, row)) for row in code.matrix) for code in codes}


def modules(picture: Image) -> tuple[tuple[bool, ...], ...]:
    grey = picture.convert("L")
    across = range(4, grey.width, 8)
    return tuple(tuple(grey.getpixel((x, y)) == 0 for x in across) for y in across)


def test_a_staff_code_is_grouped_by_four() -> None:
    assert "ABCD-EFGH-JKMN-PQRS" in words(pages([replace(VERA, code="ABCDEFGHJKMNPQRS")])[0])


def test_each_class_has_pages_of_its_own() -> None:
    slips = [replace(VERA, name=f"Ученик {at}", class_name=name) for name, at in places()]
    said = [words(page) for page in pages(slips)]
    assert [(page.count("Ученик"), "5А" in page, "7Б" in page) for page in said] == [
        (8, True, False),
        (1, True, False),
        (3, False, True),
    ]


def places() -> list[tuple[str, int]]:
    return [("5А", at) for at in range(9)] + [("7Б", at) for at in range(3)]


def test_a_name_too_long_for_the_slip_stays_on_it() -> None:
    long = "Константинопольский-Задунайский Константин Константинович"
    assert long in words(pages([replace(VERA, name=long)])[0])
    cut = words(pages([replace(VERA, name=long * 3)])[0])
    assert "…" in cut
    assert long * 2 not in cut


def test_no_slips_are_an_empty_page() -> None:
    assert [words(page) for page in pages([])] == [""]


def test_the_same_slips_are_the_same_bytes() -> None:
    assert slips_pdf([VERA], TEXTS, NOW) == slips_pdf([VERA], TEXTS, NOW)


def test_letters_of_other_peoples_of_russia_are_printed() -> None:
    assert "Әхмәт Җәмилә" in words(pages([replace(VERA, name="Әхмәт Җәмилә")])[0])


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_words_of_the_slips(language: str) -> None:
    source = Path(__file__).parents[2] / "locales" / language / "slips.ftl"
    texts = FluentBundle([language], use_isolating=False)
    texts.add_resource(FluentResource(source.read_text(encoding="utf-8")))
    params = {"school": "Школа «Образец»", "until": "7.12.2026"}
    for name in ("title", "code", "instruction", "instruction-without-links", "telegram", "vk"):
        value = texts.get_message(f"slips-{name}").value
        assert value is not None
        text, errors = texts.format_pattern(value, params)
        assert text
        assert errors == []
