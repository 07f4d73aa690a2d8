"""The pulse, and the inbox as it is kept from now on

A message of VK is named by its community as well, so that one which comes again is known, and of
what is done no words are left.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXTS = ("messenger", "update_ref", "state", "raw", "event")
inbox = sa.table("inbox", sa.column("id"), *(sa.column(name, sa.Text) for name in TEXTS))

MAKE_COMMUNITY = r"""
CREATE FUNCTION pg_temp.community(raw text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN substring(regexp_replace(raw, '\\.', '', 'g')::json ->> 'group_id' FROM '^-?[0-9]+$');
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN NULL;
END $$
"""
"""What is escaped is left out: PostgreSQL refuses a NUL and a half of a surrogate pair."""

COMMUNITY = {
    "sqlite": """
        CASE WHEN NOT json_valid(raw) THEN NULL
        WHEN json_type(raw, '$.group_id') = 'integer' THEN json_extract(raw, '$.group_id') END
    """,
    "postgresql": "pg_temp.community(raw)",
}
FIND = {"sqlite": sa.func.instr, "postgresql": sa.func.strpos}


def upgrade() -> None:
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("beats", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
    )
    name_with_community(op.get_context().dialect.name)
    has_words = (inbox.c.raw != "") | (inbox.c.event != "")
    done = sa.update(inbox).where(inbox.c.state == "done", has_words)
    op.execute(done.values(raw="", event=""))


def downgrade() -> None:
    """Give the old names again, each to one community only; the words are gone."""
    op.drop_table("pulse")
    rest = sa.func.substr(inbox.c.update_ref, len("msg:") + 1, type_=sa.Text)
    at = FIND[op.get_context().dialect.name](rest, ":")
    old = ("msg" + sa.func.substr(rest, at, type_=sa.Text)).label("update_ref")
    named = sa.select(inbox.c.id, old).where(is_message(numbers=3)).subquery()
    first = sa.func.min(named.c.id).label("id")
    rename(sa.select(first, named.c.update_ref).group_by(named.c.update_ref).subquery())


def name_with_community(dialect: str) -> None:
    if dialect == "postgresql":
        op.execute(MAKE_COMMUNITY)
    community = sa.literal_column(COMMUNITY[dialect], sa.Text).label("community")
    found = (
        sa.select(inbox.c.id, inbox.c.update_ref, community).where(is_message(numbers=2)).subquery()
    )
    new = "msg:" + found.c.community + sa.func.substr(found.c.update_ref, len("msg:"))
    known = found.c.community.is_not(None)
    rename(sa.select(found.c.id, new.label("update_ref")).where(known).subquery())
    if dialect == "postgresql":
        op.execute("DROP FUNCTION pg_temp.community(text)")


def is_message(*, numbers: int) -> sa.ColumnElement[bool]:
    """Tell a message of VK by its name, in a way that lets SQLite read the table in order.

    By the index of names it would read a page for every row.
    """
    name, like = inbox.c.update_ref, "msg" + ":%" * numbers
    return (inbox.c.messenger + "" == "vk") & name.like(like) & name.not_like(like + ":%")


def rename(named: sa.Subquery) -> None:
    """Give rows other names, but for names that are taken.

    With SQLite's usual 2 MB of memory a million names take three times as long.
    """
    if op.get_context().dialect.name == "sqlite":
        op.execute("PRAGMA cache_size = -65536")
    other = inbox.alias("other")
    taken = sa.exists().where(other.c.messenger == "vk", other.c.update_ref == named.c.update_ref)
    rows = sa.update(inbox).where(inbox.c.id == named.c.id, ~taken)
    op.execute(rows.values(update_ref=named.c.update_ref))
