"""Numbers are given once"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMED_BY_BUTTONS = ("tasks", "works", "reviews")


def upgrade() -> None:
    rebuild(given_once=True)


def downgrade() -> None:
    rebuild(given_once=False)


def rebuild(*, given_once: bool) -> None:
    """Make the tables anew; PostgreSQL's sequences give a number twice only in an older copy."""
    if op.get_context().dialect.name != "sqlite":
        return
    for table in NAMED_BY_BUTTONS:
        options = {"sqlite_autoincrement": given_once}
        with op.batch_alter_table(table, recreate="always", table_kwargs=options):
            pass
