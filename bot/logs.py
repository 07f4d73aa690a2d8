"""Logs for the operator: structured, without tokens and without personal data."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

TOKENS = (
    re.compile(r"\b\d{6,12}:[\w-]{5,}"),
    re.compile(r"\bvk1\.a\.[\w.-]+"),
    re.compile(r"(access_token|token|key|password|secret)=[^&\s'\"]+", re.IGNORECASE),
    re.compile(r"(?<=//)[^/\s:@]+:[^/\s@]+(?=@)"),
)
HIDDEN = "***"


def redacted(text: str) -> str:
    """Hide whatever looks like a token, a password or a key."""
    for pattern in TOKENS:
        text = pattern.sub(HIDDEN, text)
    return text


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide tokens in every field of a log line, nested ones and tracebacks included."""
    return {name: _clean(value) for name, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value if isinstance(value, int | float | bool | type(None)) else redacted(str(value))


def configure(level: str = "INFO", style: str = "console") -> None:
    """Send everything, the libraries' lines too, to standard error; `style` is console or json."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
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
    root.setLevel(level.upper())
    for noisy in ("apscheduler", "aiogram", "vkbottle", "alembic", "asyncio", "aiohttp.access"):
        logging.getLogger(noisy).setLevel("WARNING")
