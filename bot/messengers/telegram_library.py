"""aiogram without what nobody here reads: its models are built when each is first used.

On import aiogram has pydantic build a validator for every type of the Bot API, each with whatever
may be inside it. That is 4 of the 5 seconds and 100 of the 160 MiB that importing it costs, and we
need none of them: its types only word our requests, and the answers are read from their JSON. So
while it is imported, building is put off; pydantic builds such a model by itself once it is used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel

_rebuild = BaseModel.__dict__["model_rebuild"]
_names: dict[str, Any] = {}
"""What the annotations of aiogram's models speak of, as aiogram tells it when it has them built."""


@contextmanager
def _building_put_off() -> Iterator[None]:
    def later(
        _model: type[BaseModel], /, *, _types_namespace: dict[str, Any] | None = None, **_: Any
    ) -> None:
        if not _names:
            _names.update(_types_namespace or {})

    BaseModel.model_rebuild = classmethod(later)  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        BaseModel.model_rebuild = _rebuild  # type: ignore[method-assign]


with _building_put_off():
    from aiogram import Bot, methods, types
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.utils.token import TokenValidationError


def _find_names(base: type[BaseModel]) -> None:
    """Let the models of a base find the names they speak of, whoever has them built, and when."""

    def model_rebuild(model: type[BaseModel], /, **asked: Any) -> bool | None:
        found: bool | None = _rebuild.__func__(model, **{"_types_namespace": _names, **asked})
        return found

    base.model_rebuild = classmethod(model_rebuild)  # type: ignore[assignment, method-assign]


if _names:  # none where somebody else has imported aiogram before, and has it whole
    for _base in (types.TelegramObject, methods.TelegramMethod, methods.Response):
        _find_names(_base)

__all__ = [
    "AiohttpSession",
    "Bot",
    "TelegramAPIServer",
    "TokenValidationError",
    "methods",
    "types",
]
