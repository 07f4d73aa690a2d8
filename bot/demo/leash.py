"""A command of ours that lives no longer than whoever started it: `python -m bot.demo.leash …`.

Whoever starts it holds its standard input; the end of that is the end of the command, at once.
Otherwise a demonstration that was killed would leave its bot behind, and that bot would answer
in the place of the next one's: same port, same tokens.
"""

import os
import runpy
import sys
import threading

INPUT = 0
CUT = 70
"""The exit status of a command whose starter is gone."""


def hold() -> None:
    """End this process as soon as nobody holds its standard input any more."""
    # A daemon thread beside a plain `read`: `sys.stdin` would hold a lock when Python goes down.
    threading.Thread(target=_wait_for_the_end, name="leash", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(INPUT, 1):
        pass
    os._exit(CUT)


if __name__ == "__main__":
    hold()
    sys.argv[0] = "dezhurny"
    runpy.run_module("bot", run_name="__main__")
