"""The long torture: ends lives by the hundred, says what was found, exits 1 if it is bad."""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scheduler.clock import WallClock
from tests.bench import page
from tests.bench.machine import this_machine
from tests.school_template import make_template
from tests.torture import record
from tests.torture.checks import Verdict
from tests.torture.kills import KILLS_PER_ROUND, RANDOM, Round, torture
from tests.torture.points import POINTS

LIVES_A_POINT = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Torture as the command line asks, and give the exit code."""
    asked = _asked(arguments)
    total = Round(asked.seed, Verdict())
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        folder = Path(name)
        template = folder / "template.db"
        asyncio.run(make_template(template))
        left, number = asked.kills, 0
        while left > 0:
            kills = min(left, KILLS_PER_ROUND)
            number += 1
            place = folder / f"round-{number}"
            place.mkdir()
            done = asyncio.run(
                torture(template, place, kills=kills, rate=asked.rate, seed=asked.seed + number)
            )
            total.add(done)
            left -= kills
            _tell(f"round {number}, seed {asked.seed + number}: {_summary(done)}")
    _tell("", *table(total, asked.rate))
    if total.kills.total() >= record.ENOUGH:
        _record(total, asked.rate)
    passed_by = missed(total)
    _tell(*(f"never come to: {name}" for name in passed_by))
    return 0 if total.is_clean and not passed_by else 1


def missed(done: Round) -> list[str]:
    """Name the points that no life came to, though there were enough of them."""
    enough = done.kills.total() >= LIVES_A_POINT * len(POINTS)
    return [name for name in POINTS if enough and not done.kills[name]]


def _record(done: Round, rate: float) -> None:
    """Keep a long torture beside the benches."""
    with tempfile.TemporaryDirectory() as name:
        machine = this_machine(Path(name))
    rounds = -(-done.kills.total() // KILLS_PER_ROUND)
    measured = page.measured(WallClock().now().date(), machine, done.seconds, f"{rounds} rounds")
    section = page.section("torture", record.tables(done, rate), measured)
    page.renew({"torture": section}, page.ORDER)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=_positive, default=50, help="how many lives are ended")
    parser.add_argument("--rate", type=float, default=200.0, help="events a second at most")
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(1, 10**6), help="of the chances"
    )
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one")
    return number


def table(done: Round, rate: float) -> list[str]:
    """Word the findings of all rounds, a line each."""
    verdict = done.verdict
    waits = sorted(done.waits) or [0.0]
    points = [f"  {name:<40}{done.kills[name]:>8}" for name in (RANDOM, *POINTS)]
    lines = [
        ("seed", done.seed),
        ("kills", done.kills.total()),
        *points,
        ("events", done.events),
        ("events a second, offered at most", f"{rate:g}"),
        ("events a second, reached", f"{done.events / max(done.seconds, 1):.0f}"),
        ("seconds, all / alive", f"{done.seconds:.0f} / {done.alive:.0f}"),
        ("works / parts / marks / ticks / tasks", _slashed(done)),
        ("wait for an answer, p50 / p99, s", f"{statistics.median(waits):.2f} / {_p99(waits):.2f}"),
        ("waiting in the inbox at the deaths", dict(done.waiting)),
        ("lost", len(verdict.lost)),
        ("doubled", len(verdict.doubled)),
        ("out of order", len(verdict.out_of_order)),
        ("false receipts", len(verdict.false_receipts)),
        ("unrecorded on Telegram / in flight", _of(done, "telegram")),
        ("repeated by mail / in flight", _of(done, "mail")),
        ("in flight to VK", done.in_flight["vk"]),
        ("most in flight at one death", dict(done.most)),
        ("nudges of unknown fate", verdict.uncertain),
        ("spinners never stopped", done.spinners),
        ("tried again after a minute", done.impatient),
        ("errors in the log", len(done.errors)),
    ]
    told = [one if isinstance(one, str) else f"{one[0]:<42}{one[1]!s:>8}" for one in lines]
    return [*told, *verdict.told().splitlines(), *done.excess, *done.errors[:10]]


def _slashed(done: Round) -> str:
    return f"{done.works} / {done.parts} / {done.marks} / {done.ticks} / {done.tasks}"


def _of(done: Round, lane: str) -> str:
    return f"{done.verdict.repeats[lane]} / {done.in_flight[lane]}"


def _p99(ordered: Sequence[float]) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def _summary(done: Round) -> str:
    verdict = done.verdict
    return (
        f"{done.kills.total()} kills, {done.events} events in {done.seconds:.0f} s,"
        f" lost {len(verdict.lost)}, doubled {len(verdict.doubled)},"
        f" out of order {len(verdict.out_of_order)}, false receipts {len(verdict.false_receipts)}"
    )


def _tell(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
