"""The section of docs/benchmarks.md that a long torture leaves."""

from tests.bench.figures import Bar, Figure, Table, Unit, percentile
from tests.torture.kills import RANDOM, Round
from tests.torture.points import POINTS

ENOUGH = 1000
"""So many kills are the bar, and so many a torture has to have to be kept."""


def tables(done: Round, rate: float) -> list[Table]:
    """Word the findings of all rounds as a bench's."""
    verdict, none = done.verdict, Bar(0)
    waits = done.waits or [0.0]
    counts = [
        ("kills", done.kills.total(), Bar(ENOUGH, at_least=True)),
        ("points that were come to", _reached(done), Bar(len(POINTS), at_least=True)),
        ("events", done.events, None),
        ("lost", len(verdict.lost), none),
        ("doubled", len(verdict.doubled), none),
        ("out of order", len(verdict.out_of_order), none),
        ("false receipts", len(verdict.false_receipts), none),
        _repeats(done, "telegram", "messages on Telegram that arrived unrecorded"),
        _repeats(done, "mail", "letters that came twice"),
        ("most messages in flight at one death", max(done.most.values(), default=0), None),
    ]
    figures = [Figure(what, Unit.COUNT, [amount], bar=bar) for what, amount, bar in counts]
    for share in (0.5, 0.99):
        what = f"wait for an answer, deaths and all, p{100 * share:.0f}"
        figures.append(Figure(what, Unit.SECONDS, [percentile(waits, share)]))
    return [Table("Lives that end with SIGKILL", "", figures, _notes(done, rate))]


def _reached(done: Round) -> int:
    return sum(done.kills[name] > 0 for name in POINTS)


def _repeats(done: Round, lane: str, what: str) -> tuple[str, int, Bar]:
    """Count what came again; the bar is what was in flight when lives ended."""
    return what, done.verdict.repeats[lane], Bar(done.in_flight[lane])


def _notes(done: Round, rate: float) -> str:
    points = ", ".join(f"{name} {done.kills[name]}" for name in POINTS)
    return f"""
`make torture KILLS={done.kills.total()} SEED={done.seed}`: a school of the sandbox is at work on
both messengers, with files and albums, {rate:g} events a second at most ({_pace(done)} reached
while a life was there); the bot is a process that is killed, and both sides are compared at the
end of every fifty lives. The sandbox and the bot are unhurried: no limits on how much and how
fast.

Kills: at random {done.kills[RANDOM]}; {points}.

A message on Telegram that arrived unrecorded is sent again only where that is better than never;
the bar of it and of the letters is what was in flight at the deaths. On VK nothing may come twice.
"""


def _pace(done: Round) -> str:
    return f"{done.events / max(done.alive, 1):.0f}"
