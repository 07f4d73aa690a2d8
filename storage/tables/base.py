"""What every table is made of: metadata, UTC instants, columns that say if they are personal."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; a naive one is refused, because nobody could say when it was."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL keeps the zone itself; SQLite keeps naive UTC text."""
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware instant into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive instant cannot be stored")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give an aware UTC instant back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def plain(
    name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]], *args: Any, **options: Any
) -> sa.Column[Any]:
    """Make a column that says nothing about a person; NOT NULL unless told otherwise."""
    return _column(name, kind, args, options, personal=False)


def personal(
    name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]], *args: Any, **options: Any
) -> sa.Column[Any]:
    """Make a column that tells of a person: export, erasure and log redaction read this mark."""
    return _column(name, kind, args, options, personal=True)


def key() -> sa.Column[Any]:
    """Make the numeric primary key."""
    return plain("id", sa.Integer, primary_key=True, autoincrement=True)


def ref(name: str, target: str, **options: Any) -> sa.Column[Any]:
    """Make a foreign key to `target` ("table.column"), indexed."""
    options.setdefault("index", True)
    return plain(name, sa.Integer, sa.ForeignKey(target), **options)


def _column(
    name: str,
    kind: TypeEngine[Any] | type[TypeEngine[Any]],
    args: tuple[Any, ...],
    options: dict[str, Any],
    *,
    personal: bool,
) -> sa.Column[Any]:
    options.setdefault("nullable", False)
    return sa.Column(name, kind, *args, info={"personal": personal}, **options)
