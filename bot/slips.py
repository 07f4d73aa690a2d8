"""Activation slips on paper: what the class teacher prints, cuts up and hands out (5.4)."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import as_file, files
from itertools import groupby

import segno
from fpdf import FPDF

from school.rules.codes import grouped

_COLUMNS, _ROWS = 2, 4
_MARGIN = 9.0
_WIDTH, _HEIGHT = (210 - 2 * _MARGIN) / _COLUMNS, (297 - 2 * _MARGIN) / _ROWS
_PADDING = 5.0
_INNER = _WIDTH - 2 * _PADDING
_QR, _QR_GAP = 24.0, 6.0
_CAPTION = 9.0
_FONT = "slips"
_FACES = {"": "SourceSansPro-Regular.ttf", "B": "SourceSansPro-Bold.ttf"}
_NAME_POINTS, _SMALLEST_POINTS = 13, 7
_GREY, _BLACK = 130, 0


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's slip: the bare code, and the deep link of each messenger that is on."""

    name: str
    class_name: str
    code: str
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SlipTexts:
    """The words of the slips (`slips.ftl`); `messengers` gives the caption under each QR code.

    `without_links` is the instruction on a slip that has no QR code and no address.
    """

    title: str
    code: str
    instruction: str
    without_links: str
    messengers: Mapping[str, str] = field(default_factory=dict)


def slips_pdf(slips: Sequence[Slip], texts: SlipTexts, now: datetime) -> bytes:
    """Lay the slips out on A4, eight to a page with cut lines, each class on pages of its own.

    Slips are printed in the order given. `now` (aware) is written as the document's date, so that
    the same slips are the same bytes.
    """
    pdf = _document(texts, now)
    for slips_of_page in _pages(slips):
        pdf.add_page()
        _cut_lines(pdf, rows=-(-len(slips_of_page) // _COLUMNS))
        for place, slip in enumerate(slips_of_page):
            row, column = divmod(place, _COLUMNS)
            left = _MARGIN + column * _WIDTH + _PADDING
            _draw(pdf, slip, texts, left, _MARGIN + row * _HEIGHT + _PADDING)
    return bytes(pdf.output())


def _document(texts: SlipTexts, now: datetime) -> FPDF:
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_title(texts.title)
    pdf.set_creation_date(now)
    for style, face in _FACES.items():
        with as_file(files("font_source_sans_pro") / "files" / face) as path:
            pdf.add_font(_FONT, style, path)
    return pdf


def _pages(slips: Iterable[Slip]) -> Iterator[list[Slip]]:
    for _, of_class in groupby(slips, key=lambda slip: slip.class_name):
        listed = list(of_class)
        for start in range(0, len(listed), _COLUMNS * _ROWS):
            yield listed[start : start + _COLUMNS * _ROWS]


def _cut_lines(pdf: FPDF, rows: int) -> None:
    right, bottom = _MARGIN + _COLUMNS * _WIDTH, _MARGIN + rows * _HEIGHT
    pdf.set_draw_color(_GREY)
    pdf.set_line_width(0.2)
    pdf.set_dash_pattern(dash=2, gap=2)
    for column in range(_COLUMNS + 1):
        across = _MARGIN + column * _WIDTH
        pdf.line(across, _MARGIN, across, bottom)
    for row in range(rows + 1):
        down = _MARGIN + row * _HEIGHT
        pdf.line(_MARGIN, down, right, down)


def _draw(pdf: FPDF, slip: Slip, texts: SlipTexts, left: float, top: float) -> None:
    pdf.set_text_color(_BLACK)
    pdf.set_font(_FONT, "B", 11)
    class_width = pdf.get_string_width(slip.class_name)
    pdf.set_xy(left + _INNER - class_width, top)
    pdf.cell(class_width, 6, slip.class_name)
    name = _fitted(pdf, slip.name, _INNER - class_width - 3)
    pdf.set_xy(left, top)
    pdf.cell(text=name, h=6)

    pdf.set_xy(left, top + 7)
    pdf.set_font(_FONT, "", 9)
    pdf.cell(text=f"{texts.code} ", h=8)
    pdf.set_font(_FONT, "B", 16)
    pdf.cell(text=grouped(slip.code), h=8)

    pdf.set_xy(left, top + 16)
    pdf.set_font(_FONT, "", 9)
    instruction = texts.instruction if slip.links else texts.without_links
    pdf.multi_cell(_INNER, 4, instruction, align="L", max_line_height=4)
    bottom = top + _HEIGHT - 2 * _PADDING - _QR - _CAPTION
    for place, (messenger, link) in enumerate(slip.links.items()):
        caption = texts.messengers.get(messenger, messenger)
        _draw_link(pdf, link, caption, left + place * (_QR + _QR_GAP), bottom)


def _fitted(pdf: FPDF, text: str, width: float) -> str:
    """Choose the largest type in which the text fits; a text too long for any is cut short."""
    for points in range(_NAME_POINTS, _SMALLEST_POINTS - 1, -1):
        pdf.set_font(_FONT, "B", points)
        if pdf.get_string_width(text) <= width:
            return text
    while text and pdf.get_string_width(text + "…") > width:
        text = text[:-1]
    return text + "…"


def _draw_link(pdf: FPDF, link: str, caption: str, left: float, top: float) -> None:
    """Draw a QR code; the white paper around it is its quiet zone."""
    picture = io.BytesIO()
    segno.make(link, micro=False, error="m").save(picture, kind="png", scale=8, border=0)
    pdf.image(picture, left, top, _QR, _QR)
    pdf.set_xy(left, top + _QR + 2)
    for line, points in ((caption, 8.0), (_address(link), 7.0)):
        pdf.set_font(_FONT, "", points)
        too_wide = pdf.get_string_width(line) / (_QR + _QR_GAP - 1)
        pdf.set_font_size(points / max(too_wide, 1))
        pdf.set_x(left)
        pdf.cell(_QR, (_CAPTION - 2) / 2, line, align="C", new_x="LEFT", new_y="NEXT")


def _address(link: str) -> str:
    """Return what a person at a desktop types to find the bot: «t.me/school_bot»."""
    return link.partition("?")[0].removeprefix("https://")
