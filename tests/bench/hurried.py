"""`python -m tests.bench.hurried run …`: the bot in a fresh interpreter, its brakes let off.

The platforms' pace and the turnstile would hold up people who are quicker than any hand. Nothing
else is different, and nothing is imported that `python -m bot` does not import.
"""

import math

from bot import app
from bot.__main__ import main
from bot.turnstile import Turnstile
from scheduler.lanes import Pace

UNREACHED = 2000.0
"""So many a second nobody reaches; a pace remembers what it let through in a second."""

if __name__ == "__main__":
    app.TELEGRAM_PER_SECOND = app.VK_PER_SECOND = UNREACHED
    Pace.CHAT_SECONDS = 0.0
    Turnstile.AT_ONCE = math.inf
    main()
