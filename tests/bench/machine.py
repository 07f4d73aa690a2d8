"""The machine a bench ran on: no figure means anything without it."""

import os
import platform
import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PROBES = 200
BLOCK = b"x" * 4096


@dataclass(frozen=True, slots=True)
class Machine:
    """What it has. `sync` is the median of writing a block and waiting for the disk, in ms."""

    processor: str
    cores: int
    python: str
    kernel: str
    sqlite: str
    sync: float

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores; Python {self.python}; {self.kernel};"
            f" SQLite {self.sqlite}; write and fdatasync of 4 KiB {self.sync:.2f} ms"
        )


def this_machine(folder: Path) -> Machine:
    """Look at this one; `folder` is on the disk that the benches write to."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        python=platform.python_version(),
        kernel=f"{platform.system()} {platform.release()}",
        sqlite=sqlite3.sqlite_version,
        sync=_sync_milliseconds(folder / "probe"),
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
    return found[1] if found else platform.machine()


def _sync_milliseconds(path: Path) -> float:
    took = []
    with path.open("wb", buffering=0) as file:
        for _ in range(PROBES):
            began = time.perf_counter()
            file.write(BLOCK)
            os.fdatasync(file.fileno())
            took.append(1000 * (time.perf_counter() - began))
    path.unlink()
    return median(took)
