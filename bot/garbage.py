"""Keeps the garbage collector from stopping the bot: its full passes hold every thread."""

import gc

YOUNG = 50_000
"""Objects made before the collector looks at them; Python's own 700 is some thirty rows."""
MIDDLE, OLD = 20, 50


def settle() -> None:
    """Take what starting made out of the collector's sight, and let it look less often.

    With the libraries of both messengers loaded a full pass would take some 150 ms, and a plan of
    a morning would cause dozens.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
