"""Logs for the operator: structured, without tokens and without personal data."""

import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

from school.rules.codes import ALPHABET

ROOMS = ("__main__", "bot", "handlers", "locales", "scheduler", "school", "storage")
HIDDEN = "***"
SECRET_FIELDS = frozenset({"access_token", "authorization", "password", "secret", "token"})
OWN_FIELDS = frozenset({"exception", "level", "logger", "timestamp"})

_ALONE = r"(?<![A-Za-z0-9])(?:{})(?![A-Za-z0-9])"
_WHOLE = f"[{ALPHABET}]{{10}}|[{ALPHABET}]{{16}}"
_GROUPED = f"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}|[{ALPHABET}]{{4}}(?:-[{ALPHABET}]{{4}}){{3}}"

SECRETS = (
    re.compile(r"(?<!\d)\d{6,12}(?::|%3A)[\w-]{5,}", re.IGNORECASE),
    re.compile(r"\bvk1\.a\.[\w.-]+"),
    re.compile(r"(?<=//)[^/\s:@]*:\S+(?=@)"),
    re.compile(r"\b(?:Bearer|AUTH (?:PLAIN|LOGIN|CRAM-MD5|XOAUTH2)) \S+"),
    re.compile(
        r"(?:token|\bkey|password|passwd|secret|authorization)"
        r"(?:\\*['\"])?\s*[=:]\s*(?:\\*['\"])?[^&\s'\",;}\\]+",
        re.IGNORECASE,
    ),
    re.compile(_ALONE.format(_GROUPED), re.IGNORECASE),
    re.compile(_ALONE.format(_WHOLE)),
    re.compile(_ALONE.format(rf"(?=[a-z]*\d)(?:{_WHOLE})"), re.IGNORECASE),
)
"""Telegram, VK, an address with a password, a header, what is called a secret, one-time codes."""

PERSONAL = (
    re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]+"),
    re.compile(r"(?<!\w)(?:\+7|8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]?\d{2}[\s-]?\d{2}(?!\d)"),
    re.compile(r"(?<=input_value=).*?(?=, input_type=)", re.DOTALL),
    re.compile(r"(?<=DETAIL:).*|(?<=invalid input for query argument).*"),
    re.compile(r"(?:\\x[0-9a-f]{2}|\\u04[0-9a-f]{2})+", re.IGNORECASE),
    re.compile(r"[А-яЁё]+(?:[\s.-]+[А-яЁё]+)*"),
    re.compile(r"(?<![^\s?])[\w.]++=[^\s&]*+(?:&[\w.]++=[^\s&]*+)++"),
    re.compile(r"(?<=\":)\s*\"(?:\\.|[^\"\\])*+\"?"),
)
"""Mail, telephone, what pydantic and PostgreSQL quote, Russian, which our own lines are not, and a
form or JSON as it was sent: a messenger may repeat in its refusal what we asked."""

QUOTED = re.compile(
    r"(?<!column )(?<!relation )(?<!constraint )"
    r"(?<![^\W_])b?(?:'(?:\\(?:.|\Z)|'(?=\w)|[^'\\])*(?:'|\Z)"
    r"|\"(?:\\(?:.|\Z)|\"(?=\w)|[^\"\\])*(?:\"|\Z))",
    re.DOTALL,
)
"""A value that an error quotes, in any language; PostgreSQL quotes the names of columns, too."""
_LETTERS = re.compile(r"[^\W\d_]")

_CODE = r"""(?:'[A-Za-z_][\w.]*'|"[A-Za-z_][\w.]*")"""
_BEFORE = (
    r"has no attribute|object attribute|type object|module(?: named)?|import name|property"
    r"|unexpected keyword argument|values for argument|(?:positional|keyword-only) arguments?:"
    r"|(?:local|free) variable|instances of|to field|Did you mean:"
)
OF_CODE = re.compile(
    rf"\b(?:{_BEFORE}) {_CODE}(?:(?:,? and|,| from) {_CODE})*"
    rf"|{_CODE}(?= object\b| is an invalid keyword)"
    rf"|\Aname {_CODE} is not defined"
    rf"|type\(s\) for [^\w'\"]+: {_CODE} and {_CODE}"
    r"|\bnot ['\"](?:NoneType|bool|bytes|coroutine|dict|float|function|int|list|set|str|tuple)['\"]"
    r"|\('[0-9a-f]*:[0-9a-f:.]+(?:%\w+)?', \d+"
    r"|certificate is not valid for '[\w.*-]+'",
    re.ASCII,
)
"""What Python itself quotes: names in the code, in its own sentences, and addresses (IPv6)."""
SPEAK_OF_CODE = (AttributeError, ImportError, NameError, OSError, TypeError)
"""Whose sentences may be Python's own; a library or we may have written others."""

_PLAIN = r"\.?[\w+:-]*(?:\.(?:bookmark|db|env|ftl|json|lock|new|pem|py|so|tar)\b[\w.+:-]*)?"
PLAIN_NAME = re.compile(_PLAIN, re.ASCII)
"""A folder, or a file of an installation. Other names are given by people: «Ivanova 7B.xlsx»."""
OF_DISK = re.compile(rf"\A\[Errno \d+\] [\w ]+: '(?:[^'\s]*/)?{_PLAIN}'\Z", re.ASCII)
"""What Python says of a file, where its name is plain."""


def redacted(text: str) -> str:
    """Hide whatever looks like a secret or tells of a person."""
    for pattern in (*SECRETS, *PERSONAL):
        text = pattern.sub(HIDDEN, text)
    return text


def unquoted(text: str, kept: re.Pattern[str] | None = None) -> str:
    """Hide what is quoted and has letters: it may be what a person wrote, in any language.

    What stands in a place that `kept` finds is shown all the same.
    """
    places = [found.span() for found in kept.finditer(text)] if kept else []

    def shown(quote: re.Match[str]) -> str:
        is_kept = any(first <= quote.start() and quote.end() <= last for first, last in places)
        return quote[0] if is_kept or not _LETTERS.search(quote[0]) else HIDDEN

    return QUOTED.sub(shown, text)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Redact every field of a log line, nested ones and tracebacks included."""
    is_ours = str(event.get("logger", "")).partition(".")[0] in ROOMS
    own = OWN_FIELDS | ({"event"} if is_ours else set())
    return {name: _clean(value, name, quotes=name in own) for name, value in event.items()}


def _clean(value: Any, name: str = "", *, quotes: bool = False) -> Any:
    if name.lower() in SECRET_FIELDS:
        return HIDDEN
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, dict):
        return {redacted(str(inner)): _clean(nested, str(inner)) for inner, nested in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    if isinstance(value, int | float | bool | type(None)):
        return value
    return redacted(str(value) if quotes else unquoted(str(value), OF_DISK))


def told(exc_info: ExcInfo) -> str:
    """Write a failure with all that led to it: where, of which type, and what it may say."""
    return "".join(_lines(exc_info[1], set())).rstrip("\n")


def _lines(error: BaseException, known: set[int]) -> Iterator[str]:
    known.add(id(error))
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None and id(earlier) not in known:
        yield from _lines(earlier, known)
        yield "\nand then:\n\n" if error.__cause__ is None else "\nwhich was the cause of:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {said_by(error)}\n"
    if isinstance(error, BaseExceptionGroup):
        for number, one in enumerate(error.exceptions, start=1):
            yield f"\n{number} of {len(error.exceptions)}:\n"
            yield from (f"  {line}" for line in _lines(one, known))


def said_by(error: BaseException) -> str:
    """Give the words of a failure: nothing that it quotes, but code, hosts and where a file lies.

    Whoever is to act on a full or a closed disk has to know which folder it is.
    """
    if isinstance(error, OSError) and error.filename is not None:
        files = [one for one in (error.filename, error.filename2) if one is not None]
        why = unquoted(str(error.strerror))
        return f"[Errno {error.errno}] {why}: {' -> '.join(map(_place, files))}"
    return unquoted(str(error), OF_CODE if isinstance(error, SPEAK_OF_CODE) else None)


def _place(path: object) -> str:
    """Give a path without the name that a person gave to a file."""
    if not isinstance(path, str | bytes | os.PathLike):
        return str(path)
    folder, name = os.path.split(os.fsdecode(path))
    if not PLAIN_NAME.fullmatch(name):
        name = HIDDEN
    return repr(str(Path(folder, name)))


class Sink(logging.StreamHandler[TextIO]):
    """Standard error."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  as the library calls it
        """Say which line could not be written: the library would repeat all that was in it."""
        kind = sys.exc_info()[0] or Exception
        with suppress(OSError, ValueError):
            place = f"{record.name}, {record.module}:{record.lineno}"
            self.stream.write(f"a line of the log is lost ({kind.__name__}): {place}\n")
            self.flush()


def configure(level: str = "INFO", style: str = "console") -> None:
    """Send everything to standard error: ours from `level` on, the libraries' warnings too.

    `style` is console or json. What the libraries say at lower levels quotes rows and requests.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.ExceptionRenderer(told),
        redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = Sink(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel("WARNING")
    for room in ROOMS:
        logging.getLogger(room).setLevel(level.upper())
    logging.captureWarnings(capture=True)
    sys.excepthook = _crashed
    threading.excepthook = _thread_crashed
    sys.unraisablehook = _unraisable


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Let even the last words be redacted; Ctrl+C needs none (`bot.interrupts`)."""
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("bot").critical("crashed", exc_info=(kind, error, trace))


def _thread_crashed(crash: threading.ExceptHookArgs) -> None:
    error = crash.exc_value or crash.exc_type()
    _crashed(crash.exc_type, error, crash.exc_traceback)


def _unraisable(crash: "sys.UnraisableHookArgs") -> None:
    """Tell what fails where nobody can catch it: in a finaliser."""
    error = crash.exc_value or crash.exc_type()
    trace = crash.exc_traceback
    logging.getLogger("bot").error("unraisable", exc_info=(crash.exc_type, error, trace))
