"""Logs for the operator: structured, without tokens and without personal data."""

import logging
import re
import sys
import threading
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

ROOMS = ("__main__", "bot", "handlers", "locales", "scheduler", "school", "storage")
HIDDEN = "***"
SECRET_FIELDS = frozenset({"access_token", "authorization", "password", "secret", "token"})

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
)
"""Telegram, VK, an address with a password, a header, and whatever is called a secret."""

PERSONAL = (
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"(?<!\w)(?:\+7|8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]?\d{2}[\s-]?\d{2}(?!\d)"),
    re.compile(r"(?<=input_value=).*?(?=, input_type=)", re.DOTALL),
    re.compile(r"(?<=DETAIL:).*|(?<=invalid input for query argument).*"),
    re.compile(r"(?:\\x[0-9a-f]{2}|\\u04[0-9a-f]{2})+", re.IGNORECASE),
    re.compile(r"[А-яЁё]+(?:[\s.-]+[А-яЁё]+)*"),
)
"""Mail, telephone, what pydantic and PostgreSQL quote, and Russian, which our own lines are not."""


def redacted(text: str) -> str:
    """Hide whatever looks like a secret or tells of a person."""
    for pattern in (*SECRETS, *PERSONAL):
        text = pattern.sub(HIDDEN, text)
    return text


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Redact every field of a log line, nested ones and tracebacks included."""
    return {name: _clean(value, name) for name, value in event.items()}


def _clean(value: Any, name: str = "") -> Any:
    if name.lower() in SECRET_FIELDS:
        return HIDDEN
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, dict):
        return {redacted(str(inner)): _clean(nested, str(inner)) for inner, nested in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value if isinstance(value, int | float | bool | type(None)) else redacted(str(value))


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
        structlog.processors.format_exc_info,
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
    handler = logging.StreamHandler(sys.stderr)
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


def _crashed(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Let even the last words be redacted."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        logging.getLogger("bot").critical("crashed", exc_info=(kind, error, traceback))


def _thread_crashed(crash: threading.ExceptHookArgs) -> None:
    error = crash.exc_value or crash.exc_type()
    _crashed(crash.exc_type, error, crash.exc_traceback)
