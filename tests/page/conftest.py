"""A running demonstration and a real browser, one of each for a module; a fresh page for a test.

A page that writes an error on its console fails its test.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.page.browser import chromium, running_browser
from tests.page.demo import Demo, running_demo
from tests.page.visitor import PATIENCE, Visitor

WIDE = ViewportSize(width=1280, height=800)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with running_browser(chromium()) as running:
        yield running


@pytest.fixture(scope="module")
def demo(browser: Browser) -> Iterator[Demo]:
    """One demonstration for a module: its tests follow one another in the same school."""
    del browser  # without one there is nothing to start
    with running_demo() as running:
        yield running


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, locale="ru-RU", permissions=["microphone"])
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(demo.url)
    yield page
    context.close()
    assert not complaints


@pytest.fixture
def visitor(page: Page) -> Visitor:
    return Visitor(page)
