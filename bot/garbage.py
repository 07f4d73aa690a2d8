"""Keeps what the interpreter does for itself from stopping the bot: the collector, long turns."""

import gc
import sys

YOUNG = 50_000
"""Objects made before the collector looks at them; Python's own 700 is some thirty rows."""
MIDDLE, OLD = 20, 50
TURN_SECONDS = 0.0005
"""For how long a thread computes while another waits to; Python's own is ten times as long.

A transaction asks for its turn some five times. Beside a thread that reads a morning of 150,000
students the longest wait of a small one is 30 ms instead of 45, and the plan takes no longer.
"""


def settle() -> None:
    """Take what starting made out of the collector's sight, and let it look less often.

    With the libraries of both messengers loaded a full pass takes some 100 ms, and a plan of a
    morning would cause dozens. Threads take shorter turns from now on.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    sys.setswitchinterval(TURN_SECONDS)
