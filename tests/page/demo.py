"""`dezhurny demo` as a visitor starts it: a process that prints where its page is."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 120.0
STOP_SECONDS = 60.0
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration under way."""

    process: subprocess.Popen[str]
    url: str


@contextmanager
def running_demo(*options: str) -> Iterator[Demo]:
    """Start `dezhurny demo` on a free port for a block; it must end by itself when told to."""
    command = (sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0", *options)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, said), daemon=True)
    reader.start()
    try:
        yield Demo(process, _address(process, said))
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_SECONDS) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        reader.join(STOP_SECONDS)


def _address(process: subprocess.Popen[str], said: "queue.Queue[str]") -> str:
    lines: list[str] = []
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            lines.append(said.get(timeout=1))
        except queue.Empty:
            continue
        found = ADDRESS.search(lines[-1])
        if found:
            return found.group()
    raise AssertionError("the demonstration told no address:\n" + "".join(lines))


def _read(process: subprocess.Popen[str], said: "queue.Queue[str]") -> None:
    if process.stdout is not None:
        for line in process.stdout:
            said.put(line)
        process.stdout.close()
