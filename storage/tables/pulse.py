"""Where the running bot proves that the database takes its writes: one row that is counted up."""

import sqlalchemy as sa

from storage.tables.base import metadata, plain

pulse = sa.Table(
    "pulse",
    metadata,
    plain("id", sa.Integer, primary_key=True, autoincrement=False),
    plain("beats", sa.BigInteger),
)
