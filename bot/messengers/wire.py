"""What a failed HTTP call means for a message, told without the token that stands in its URL.

The failures are returned, not raised: whoever raises them outside the `except` leaves no trace
of the library's exception, whose text and attributes carry the URL.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import quote

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError

from scheduler.messenger import DeliveryFailed, FileRefused, NotSent, OutcomeUnknown

Timeout = aiohttp.ClientTimeout

CONNECT_SECONDS = 15.0
CHUNK = 64 * 1024

FAILURES = (
    aiohttp.ClientError,
    aiohttp.InvalidURL,
    TimeoutError,
    OSError,
    ProxyConnectionError,
    ProxyError,
    ProxyTimeoutError,
)
"""Everything that aiohttp lets out when a call fails on its way."""

_OK, _SERVER = 200, 500
_LATER = frozenset({408, 425, 429})
_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    ProxyConnectionError,
    ProxyError,
    ProxyTimeoutError,
)


@cache
def timeout(seconds: float) -> Timeout:
    """Limit a call to `seconds` once it is connected; connecting has a shorter limit."""
    return Timeout(
        total=CONNECT_SECONDS + seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS
    )


def failure(
    error: BaseException, call: str, *, repeatable: bool, secrets: Sequence[str]
) -> DeliveryFailed:
    """Say what is known after `error`.

    A call that never reached the messenger, or that does no harm when it is done twice
    (`repeatable`), is NotSent; otherwise nobody can tell.
    """
    told = scrub(f"{call}: {type(error).__name__}: {error}".rstrip(": "), secrets)
    if repeatable or isinstance(error, _BEFORE_SENDING):
        return NotSent(told)
    return OutcomeUnknown(told)


def file_trouble(status: int) -> NotSent | FileRefused | None:
    """Say what an answer to a download means, None where the file comes."""
    if status == _OK:
        return None
    told = f"download: {status}"
    return NotSent(told) if status in _LATER or status >= _SERVER else FileRefused(told)


def date_of(told: str) -> datetime | None:
    """Read what an answer's `Date` says, None where it says nothing."""
    try:
        return parsedate_to_datetime(told).astimezone(UTC)
    except (TypeError, ValueError):
        return None


@contextmanager
def formed(call: str) -> Iterator[None]:
    """Turn an answer that has not the form it should have into NotSent."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        told = f"{call}: an answer of another form: {type(error).__name__}: {error}"
        raise NotSent(told) from None


def scrub(text: str, secrets: Sequence[str]) -> str:
    """Take the secrets out of a text, also as they stand in a URL."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "•••").replace(quote(secret, safe=""), "•••")
    return text
