from bot.demo.page_files import FOLDER, TYPES
from tests.bot.demo.http import Page

OUTSIDE = (
    "/page/../words.py",
    "/page/..%2Fwords.py",
    "/page/%2e%2e%2fwords.py",
    "/page/..%5Cwords.py",
    "/page//etc/passwd",
    "/page/%2Fetc%2Fpasswd",
    "/page/nothing.js",
    "/page/",
    "/page",
)


async def test_the_page_and_its_files_are_served_as_what_they_are(page: Page) -> None:
    index = await page.asks("GET", "/")
    assert index.status == 200
    assert index.body == (FOLDER / "index.html").read_text(encoding="utf-8")
    for file in FOLDER.iterdir():
        answer = await page.asks("GET", f"/page/{file.name}")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == f"{TYPES[file.suffix]}; charset=utf-8"


async def test_the_page_may_load_and_reach_nothing_from_elsewhere(page: Page) -> None:
    for path in ("/", "/page/index.html", "/page/nothing.js"):
        headers = (await page.asks("GET", path)).headers
        policy = headers["Content-Security-Policy"].split("; ")
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Permissions-Policy"] == "microphone=(self)"
        assert headers["Cache-Control"] == "no-cache"


async def test_no_name_leads_out_of_the_folder(page: Page) -> None:
    for path in OUTSIDE:
        answer = await page.asks("GET", path)
        assert answer.status == 404, path
        assert "import" not in str(answer.body), path


async def test_only_this_machine_is_answered(page: Page) -> None:
    for path in ("/", "/demo/state"):
        answer = await page.asks("GET", path, headers={"Host": "school.example"})
        assert answer.status == 403
