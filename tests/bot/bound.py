"""Chats of somebody of the sample school, for tests that care for nothing but that."""

import sqlalchemy as sa

from storage import accounts
from storage.accounts import Account
from storage.database import Database, Tx
from storage.tables.people import persons
from tests.school_template import MONDAY


async def bind(database: Database, *users: str, messenger: str = "telegram") -> None:
    """Bind a messenger's users, whose chats are called like themselves."""
    async with database.write() as tx:
        for user in users:
            await bind_in(tx, user, messenger)


async def bind_in(tx: Tx, user: str, messenger: str = "telegram") -> None:
    """Bind one user within a transaction."""
    anybody = sa.select(persons.c.id, persons.c.school_id).where(
        persons.c.roster_key.like("%:S701")
    )
    person_id, school_id = (await tx.execute(anybody)).one()
    account = Account(0, school_id, person_id, messenger, user, user)
    await accounts.bind(tx, account, MONDAY)
