"""Vulnerable or exchanged dependencies (ASVS 15.2.1, 15.1.1): locked by hash, audited or said not.

`make audit` asks an advisory service; where there is no way to it, it must not look like a success.
"""

import importlib.metadata
import json
import re
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.security import audit
from tests.security.audit import CLEAN, LOCKS, NOT_AUDITED, VULNERABLE

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(lock: str) -> list[str]:
    """Take a lock apart: a package and its hashes to an entry."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_to_a_version_and_to_its_hashes(lock: str) -> None:
    found = entries(lock)
    assert found
    for entry in found:
        assert PIN.match(entry), entry
        assert HASH.search(entry), entry


@pytest.mark.parametrize("lock", LOCKS)
def test_no_package_comes_from_elsewhere(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    for elsewhere in ("://", "@ ", "-e ", "--index-url", "--find-links", "--trusted-host", "git+"):
        assert elsewhere not in text


def test_what_runs_is_locked_in_the_same_versions_for_the_tests() -> None:
    run, test = (
        {
            match["name"].lower(): match["version"]
            for match in map(PIN.match, entries(lock))
            if match
        }
        for lock in LOCKS[:2]
    )
    assert {name: test.get(name) for name in run} == run


def test_what_is_installed_is_what_is_locked() -> None:
    """A package that was exchanged by hand would show here."""
    wrong = []
    for entry in entries(LOCKS[0]):
        match = PIN.match(entry)
        assert match is not None
        try:
            installed = importlib.metadata.version(match["name"])
        except importlib.metadata.PackageNotFoundError:
            assert ";" in entry, f"{entry} is not installed"
            continue
        if installed != match["version"]:
            wrong.append(f"{match['name']}: {installed} instead of {match['version']}")
    assert not wrong


Package = Mapping[str, object]


def told(*packages: Package) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


GOOD: Package = {"name": "good", "version": "1", "vulns": []}
SKIPPED: Package = {"name": "unknown", "skip_reason": "Dependency not found"}
BAD: Package = {
    "name": "bad",
    "version": "1",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}, {"id": "PYSEC-2", "fix_versions": []}],
}


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (told(GOOD), CLEAN),
        (told(GOOD, BAD), VULNERABLE),
        (told(GOOD, BAD, SKIPPED), VULNERABLE),
        (told(GOOD, SKIPPED), NOT_AUDITED),
        (told(SKIPPED), NOT_AUDITED),
        (told(), NOT_AUDITED),
        ("", NOT_AUDITED),
        ("[]", NOT_AUDITED),
        ("ConnectionError: no route", NOT_AUDITED),
    ],
)
def test_only_what_was_asked_about_is_clean(said: str, verdict: str) -> None:
    assert audit.audit("lock", lambda *_: said).verdict == verdict


def test_another_service_is_asked_where_the_first_does_not_know() -> None:
    asked = []

    def ask(_: str, service: str) -> str:
        asked.append(service)
        return told(SKIPPED) if service == "pypi" else told(GOOD)

    assert audit.audit("lock", ask).verdict == CLEAN
    assert asked == ["pypi", "osv"]


@pytest.mark.parametrize(
    ("said", "demanded", "code"),
    [
        (told(GOOD), "", 0),
        (told(GOOD), "1", 0),
        (told(BAD), "", 1),
        (told(SKIPPED), "", 0),
        (told(SKIPPED), "1", 1),
    ],
)
def test_an_audit_that_was_demanded_and_not_made_fails(said: str, demanded: str, code: int) -> None:
    lines: list[str] = []
    assert audit.main({"DEZHURNY_AUDIT": demanded}, lines.append, lambda *_: said) == code
    whole = "".join(lines)
    assert ("not within reach" in whole) == (said == told(SKIPPED))
    assert ("PYSEC-1 (mended in 2)" in whole) == (said == told(BAD))


def test_what_was_not_audited_is_said_in_one_line() -> None:
    lines: list[str] = []
    audit.main({}, lines.append, lambda lock, _: told(GOOD) if lock == LOCKS[1] else "")
    (warning,) = [line for line in "".join(lines).splitlines() if line.startswith("WARNING")]
    assert "NOT AUDITED" in warning
    assert [lock in warning for lock in LOCKS] == [True, False, True]


VULNERABLE_PIN = f"sinful==1.0 --hash=sha256:{'0' * 64}\n"
ADVISORY = {
    "id": "PYSEC-2026-1",
    "summary": "It gives everything away.",
    "affected": [
        {
            "package": {"name": "sinful", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


class Service(BaseHTTPRequestHandler):
    """An advisory service that speaks as OSV does, and knows of one sin."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_known = (asked["package"]["name"], asked["version"]) == ("sinful", "1.0")
        body = json.dumps({"vulns": [ADVISORY]} if is_known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Be silent."""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """The only advisory service there is, on this machine."""
    monkeypatch.setattr(audit, "SERVICES", ("osv",))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        address = f"http://127.0.0.1:{server.server_port}/v1/query"
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", address)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("version", "code", "said"),
    [("1.0", 1, "PYSEC-2026-1 (mended in 1.1)"), ("1.1", 0, "CLEAN (1 packages asked about")],
)
def test_an_audit_that_is_answered_fails_on_a_vulnerable_pin_and_on_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, code: int, said: str
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(VULNERABLE_PIN.replace("1.0", version), encoding="utf-8")
    monkeypatch.setattr(audit, "LOCKS", (str(lock),))
    lines: list[str] = []
    assert audit.main({"DEZHURNY_AUDIT": "1"}, lines.append) == code, lines
    assert said in "".join(lines)


def test_a_service_that_is_gone_is_not_taken_for_a_clean_one(
    service: ThreadingHTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.shutdown()
    service.server_close()
    lock = tmp_path / "lock.txt"
    lock.write_text(VULNERABLE_PIN, encoding="utf-8")
    monkeypatch.setattr(audit, "LOCKS", (str(lock),))
    lines: list[str] = []
    assert audit.main({"DEZHURNY_AUDIT": "1"}, lines.append) == 1
    assert f"WARNING: NOT AUDITED: {lock}" in "".join(lines)
