"""Ports for tests that name one before somebody listens there."""

import random
import socket
from contextlib import suppress

UNASKED = range(20_000, 30_000)
"""A system gives none of these to whoever asks for any port: what is free stays free."""
MOST_TRIES = 100


def free_port() -> int:
    """Find a port of this machine on which nobody listens, and nobody comes by chance."""
    for port in random.sample(UNASKED, MOST_TRIES):
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port that was tried is taken")
