"""What a process asks the kernel for, in order, as strace sees it."""

import asyncio
import os
import re
import shutil
import signal
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

WATCHED = "fdatasync,fsync,recvfrom,recvmsg,sendto,sendmsg,write"
ATTACH_SECONDS = 20.0
_CALL = re.compile(r"(\d+) +(\w+)\((.*)")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")
_UNFINISHED = "<unfinished ...>"


@dataclass(frozen=True)
class Syscall:
    """A call, at the place where it was over: its name, and what it was asked and answered."""

    name: str
    text: str

    @property
    def is_sync(self) -> bool:
        return self.name in {"fdatasync", "fsync"} and self.text.rstrip().endswith("= 0")

    @property
    def is_heard(self) -> bool:
        return self.name.startswith("recv")

    @property
    def is_said(self) -> bool:
        return self.name in {"sendto", "sendmsg", "write"} and "socket:" in self.text[:40]


@dataclass
class Trace:
    """What was seen, once the block is over."""

    calls: list[Syscall] = field(default_factory=list)

    def after(self, start: int, kind: str, text: str) -> int:
        """Give the place of the first call from `start` on: "heard", "said" or "sync" with a text.

        Fails where there is none.
        """
        for place in range(start, len(self.calls)):
            call = self.calls[place]
            if getattr(call, f"is_{kind}") and text in call.text:
                return place
        raise AssertionError(f"nothing {kind} with {text!r} after {start} of {len(self.calls)}")

    def syncs(self, start: int, end: int, path: str) -> int:
        """Count how often a file was synced between two places."""
        return sum(call.is_sync and path in call.text for call in self.calls[start:end])


@asynccontextmanager
async def traced(pid: int, output: Path) -> AsyncIterator[Trace]:
    """Watch a process during the block; skips where there is no strace or it may not watch."""
    program = shutil.which("strace")
    if program is None:
        _missing("strace is not installed, so nothing was learned of fdatasync here")
    options = ("-f", "-y", "-s", "100000", "-e", f"trace={WATCHED}", "-o", str(output))
    process = await asyncio.create_subprocess_exec(
        program, *options, "-p", str(pid), stdout=PIPE, stderr=PIPE
    )
    trace = Trace()
    try:
        await _attached(process)
        yield trace
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()
    trace.calls = await asyncio.to_thread(_read, output)


async def _attached(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    async with asyncio.timeout(ATTACH_SECONDS):
        said = (await process.stderr.readline()).decode()
    if "attached" not in said:
        _missing(f"strace may not watch a process here: {said.strip()}")


def _missing(reason: str) -> NoReturn:
    """Skip; CI has what it takes, so there it is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _read(output: Path) -> list[Syscall]:
    """Put calls that strace tells in two halves together, at the place of the second."""
    begun: dict[str, str] = {}
    calls = []
    for line in output.read_text(errors="replace").splitlines():
        if found := _CALL.match(line):
            pid, name, rest = found.groups()
            if rest.endswith(_UNFINISHED):
                begun[pid] = rest.removesuffix(_UNFINISHED)
            else:
                calls.append(Syscall(name, rest))
        elif found := _RESUMED.match(line):
            pid, name, rest = found.groups()
            calls.append(Syscall(name, begun.pop(pid, "") + rest))
    return calls
