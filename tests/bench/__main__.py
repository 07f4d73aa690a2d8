"""`python -m tests.bench [name…]`: runs benches, prints their tables and renews the page."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from bot import garbage, logs
from scheduler.clock import WallClock
from tests.bench import page
from tests.bench.figures import Asked, Table
from tests.bench.machine import Machine, this_machine
from tests.bench.page import BENCHES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for."""
    parsed = _parsed(arguments)
    asked = Asked(
        rounds=2 if parsed.quick else parsed.rounds,
        quick=parsed.quick,
        steady=parsed.steady,
        events=5000 if parsed.quick else parsed.events,
    )
    logs.configure("ERROR", "json")
    with tempfile.TemporaryDirectory() as name:
        machine = this_machine(Path(name))
    _tell(f"{machine}")
    for name in parsed.names or BENCHES:
        section = _section(name, asked, machine)
        _tell(section)
        if not asked.quick:
            page.renew({name: section}, page.ORDER)
    return 0


def _section(name: str, asked: Asked, machine: Machine) -> str:
    run: Callable[[Asked], list[Table]] = import_module(f"tests.bench.{name}").run
    garbage.settle()  # the sandbox is here, and its collector would hold both bots up
    began = time.monotonic()
    tables = run(asked)
    took = time.monotonic() - began
    rounds = max(len(figure.ours) for table in tables for figure in table.figures)
    how = f"{rounds} rounds" + (", quick: no proof" if asked.quick else "")
    measured = page.measured(WallClock().now().date(), machine, took, how)
    return page.section(name, tables, measured)


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    defaults = Asked()
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=" ".join(BENCHES))
    parser.add_argument("--rounds", type=_positive, default=defaults.rounds)
    parser.add_argument("--quick", action="store_true", help="small sizes; leaves the page alone")
    parser.add_argument("--steady", type=float, default=defaults.steady, metavar="SECONDS")
    parser.add_argument("--events", type=_positive, default=defaults.events)
    parsed = parser.parse_args(arguments)
    unknown = set(parsed.names) - set(BENCHES)
    if unknown:
        parser.error(f"no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    return parsed


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one")
    return number


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
