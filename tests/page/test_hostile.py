"""Names and texts that are made to break a page stay text, and the page stays as it was."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.page.demo import ROOT, Demo, running_demo
from tests.page.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.process]

NAME = "<img/src=x/onerror=document.title='broken'>"
MIRRORED = "\N{RIGHT-TO-LEFT OVERRIDE}яксеЗ\N{POP DIRECTIONAL FORMATTING}"
TEXT = f"<script>document.title='broken'</script> {NAME} {MIRRORED} &lt;b&gt; {'ж' * 3000}"


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The sample school, in which one student has a hostile name."""
    del browser
    school = tmp_path_factory.mktemp("roster") / "school"
    shutil.copytree(ROOT / "samples" / "school", school)
    students = school / "students.csv"
    text = students.read_text(encoding="utf-8")
    assert "Соколова;Мария" in text
    students.write_text(text.replace("Соколова;Мария", f"{NAME};Мария"), encoding="utf-8")
    with running_demo("--school", str(school), "--now", "2026-11-23T07:05+03:00") as running:
        yield running


def test_a_hostile_name_is_a_name_everywhere(visitor: Visitor, tmp_path: Path) -> None:
    page, student = visitor.page, visitor.phone(1)
    visitor.arrives()
    student.becomes("onerror")
    expect(student.slot).to_contain_text(NAME)
    student.enters()
    student.sees("Готово", NAME)
    student.says(TEXT)
    student.sees(NAME, "<script>")
    file = tmp_path / "<img src=x onerror=alert(1)>.txt"
    file.write_text("hello", encoding="utf-8")
    student.chooses(file)
    student.sends()
    student.sees(file.name)
    rows = visitor.looks_behind("Исходящие")
    expect(rows).to_contain_text(NAME)
    visitor.looks_behind("Вызовы")
    assert page.locator("img[src='x']").count() == 0
    assert page.locator("main script").count() == 0
    assert "broken" not in page.title()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "a long word pushes the page aside"
