"""Runs the sandbox by itself: `python -m bot.sandbox` prints its addresses as one line of JSON."""

import argparse
import asyncio
import json
import signal
import sys
from datetime import datetime

from bot.sandbox.server import Rules, Sandbox

SCHOOL_DAY = "2026-11-23T07:00:00+03:00"
"""A Monday in term, where the clock starts unless told otherwise."""


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted; 2 for what cannot be run."""
    options = _parser().parse_args(arguments)
    try:
        sandbox = Sandbox(
            options.now,
            rate=options.rate,
            host=options.host,
            port=options.port,
            smtp_port=options.smtp_port,
            rules=Rules.unhurried() if options.no_pace else None,
        )
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asyncio.run(_serve(sandbox))
    return 0


async def _serve(sandbox: Sandbox) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with sandbox:
        sys.stdout.write(json.dumps(sandbox.urls()) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--now",
        type=datetime.fromisoformat,
        default=SCHOOL_DAY,
        help="the instant at which the clock starts, with its zone (default: %(default)s)",
    )
    parser.add_argument("--rate", type=float, default=1.0, help="school seconds in a real second")
    parser.add_argument("--no-pace", action="store_true", help="no limits on how fast bots send")
    return parser


if __name__ == "__main__":
    sys.exit(main())
