"""Makes the README's pictures anew: `make screenshots`, or `python -m tests.page.pictures FOLDER`.

A demonstration and a browser live one student's day; what they look like on the way is kept.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize

from tests.page.browser import chromium, running_browser
from tests.page.day import Day
from tests.page.demo import ROOT, running_demo
from tests.page.visitor import PATIENCE, Visitor

FOLDER = ROOT / "docs" / "pictures"
WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)
FRAME_MILLISECONDS = 2200
FRAME_WIDTH = 380
OF_OTHERS = {"entered", "reviewing", "digest"}
"""Steps that the student's own phone does not show, or that every day begins with."""


def make(folder: Path) -> None:
    """Live the day and write the pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    frames: list[Image.Image] = []
    with running_browser(chromium()) as browser, running_demo() as demo:
        context = browser.new_context(viewport=WIDE, locale="ru-RU", color_scheme="light")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(demo.url)
        visitor = Visitor(page)

        def seen(step: str) -> None:
            page.wait_for_timeout(700)
            if step not in OF_OTHERS:
                frames.append(_picture(day.student.chat.screenshot()))
            if step == "reviewing":
                page.screenshot(path=folder / "page-light.png")

        day = Day(visitor, visitor.phone(1), visitor.phone(2), visitor.phone(3), seen)
        visitor.arrives()
        visitor.stops_clock()
        day.enter(by_link=True)
        day.morning()
        day.homework()
        day.hand_in()
        day.review()
        day.evening()
        day.next_morning()
        _behind_the_glass(page, visitor, folder)
        _in_the_hand(page, folder)
        context.close()
    _moving(frames, folder / "student-day.webp")


def _behind_the_glass(page: Page, visitor: Visitor, folder: Path) -> None:
    visitor.looks_behind("Исходящие")
    page.get_by_role("button", name="Тёмная тема").click()
    page.wait_for_timeout(1500)
    page.screenshot(path=folder / "page-dark.png")
    page.get_by_role("button", name="Светлая тема").click()


def _in_the_hand(page: Page, folder: Path) -> None:
    page.set_viewport_size(NARROW)
    page.wait_for_timeout(700)
    page.screenshot(path=folder / "page-narrow.png")


def _picture(shot: bytes) -> Image.Image:
    """Read a screenshot, as wide as a frame of the moving picture."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    return image.resize((FRAME_WIDTH, round(image.height * FRAME_WIDTH / image.width)))


def _moving(frames: list[Image.Image], path: Path) -> None:
    tallest = max(frame.height for frame in frames)
    canvases = []
    for frame in frames:
        canvas = Image.new("RGB", (FRAME_WIDTH, tallest), "white")
        canvas.paste(frame, (0, 0))
        canvases.append(canvas)
    canvases[0].save(
        path,
        save_all=True,
        append_images=canvases[1:],
        duration=FRAME_MILLISECONDS,
        loop=0,
        quality=70,
        method=6,
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
