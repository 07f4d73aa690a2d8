"""Every storage test runs on SQLite and on PostgreSQL."""

import pytest

from storage.database import Database
from tests.school_template import MONDAY
from tests.storage.rows import Rows


@pytest.fixture
def database(either_database: Database) -> Database:
    """The sample school, on each kind of database in turn."""
    return either_database


@pytest.fixture
def rows(database: Database) -> Rows:
    """People of the sample school, and quick ways to put something in."""
    return Rows(database, MONDAY)
