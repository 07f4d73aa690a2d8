"""`make audit`: asks the advisory service about every locked package, and says if it could not.

pip-audit ends with «No known vulnerabilities found» and 0 even where it could ask about no package
at all. Here what was not asked about counts as not audited: a plain warning, or with
DEZHURNY_AUDIT=1 a failure.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements/run.txt", "requirements/test.txt", "requirements/uv.txt")
SERVICES = ("pypi", "osv")
SECONDS = 300
CLEAN, VULNERABLE, NOT_AUDITED = "clean", "vulnerable", "not audited"
UNREACHED = "The advisory service is not within reach: of these packages nothing is known."

Ask = Callable[[str, str], str]


@dataclass
class Findings:
    """What came of a lock: packages that were asked about, that were not, and what is known."""

    lock: str
    audited: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    known: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """A single package that was not asked about makes the whole not audited."""
        if self.known:
            return VULNERABLE
        return CLEAN if self.audited and not self.skipped else NOT_AUDITED

    def __str__(self) -> str:
        """One line, and one more for each advisory."""
        counted = f"{len(self.audited)} packages asked about, {len(self.skipped)} not"
        if not self.audited and not self.skipped:
            counted = "no answer at all"
        return "\n".join([f"{self.lock}: {self.verdict.upper()} ({counted})", *self.known])


def read(lock: str, told: str) -> Findings:
    """Understand what pip-audit says as JSON; where it says nothing, nothing is known."""
    findings = Findings(lock)
    try:
        dependencies: list[dict[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, LookupError, TypeError):
        return findings
    for one in dependencies:
        (findings.skipped if "skip_reason" in one else findings.audited).add(one["name"])
        findings.known += [
            f"  {one['name']} {one['version']}: {advisory['id']}"
            f" (mended in {', '.join(advisory['fix_versions']) or 'no version yet'})"
            for advisory in one.get("vulns", ())
        ]
    return findings


def by_pip_audit(lock: str, service: str) -> str:
    """Ask a service about a lock file, hashes and all, without installing anything."""
    words = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *words, "-s", service, "-r", lock],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=SECONDS,
    )
    return done.stdout


def audit(lock: str, ask: Ask = by_pip_audit) -> Findings:
    """Ask one service, and another where the first one does not know everything."""
    findings = Findings(lock)
    for service in SERVICES:
        try:
            found = read(lock, ask(lock, service))
        except subprocess.TimeoutExpired:
            continue
        if found.audited or found.skipped:
            findings = found
        if findings.verdict != NOT_AUDITED:
            break
    return findings


def main(
    environment: Mapping[str, str], tell: Callable[[str], object], ask: Ask = by_pip_audit
) -> int:
    """Audit every lock; 1 for an advisory, and for an audit that was demanded and not made."""
    found = [audit(lock, ask) for lock in LOCKS]
    tell("\n".join(map(str, found)) + "\n")
    unknown = [one.lock for one in found if one.verdict == NOT_AUDITED]
    if unknown:
        tell(f"WARNING: NOT AUDITED: {', '.join(unknown)}. {UNREACHED}\n")
    if any(one.verdict == VULNERABLE for one in found):
        return 1
    return int(bool(unknown) and environment.get("DEZHURNY_AUDIT") == "1")


def run(arguments: Sequence[str]) -> int:
    """Be a command."""
    if arguments:
        sys.stderr.write("usage: python -m tests.security.audit\n")
        return 2
    return main(os.environ, sys.stdout.write)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
