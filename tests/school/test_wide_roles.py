"""3.1: nobody newly sees beyond their own classes because of a cell that nobody looked at."""

import pytest
import sqlalchemy as sa

from school import loading
from school.roster.rows import PersonKey
from storage import people
from storage.database import Database
from storage.people import Role
from storage.tables import metadata
from tests.school.test_loading import ROSTER, contents, load, someone, with_person, without

DEPUTY = PersonKey("teachers:T14")
TEACHER = PersonKey("teachers:T05")
WITH_ANOTHER = with_person(ROSTER, TEACHER, roles=frozenset({Role.TEACHER, Role.DEPUTY_HEAD}))

pytestmark = pytest.mark.clause("3.1")


@pytest.fixture
def database(either_database: Database) -> Database:
    """The sample school, on each kind of database in turn."""
    return either_database


async def roles_kept(database: Database) -> list[tuple[str, str, str]]:
    """What the audit says of roles since the first load: what, whose, which."""
    async with database.read() as tx:
        keys = {(await someone(tx, one)).id: one for one in ("T05", "T09", "T14")}
        rows = metadata.tables["audit"]
        found = sa.select(rows.c.what, rows.c.object, rows.c.details).order_by(rows.c.id)
        told = [row for row in await tx.execute(found) if row.what.startswith("role.")]
    return [(row.what, keys[int(row.object.split(":")[1])], row.details["role"]) for row in told]


FIRST = [("role.granted", "T09", "support"), ("role.granted", "T14", "deputy_head")]


async def deputies(database: Database) -> list[str]:
    async with database.read() as tx:
        found = await people.people_in_role(tx, 1, Role.DEPUTY_HEAD)
    return [one.surname for one in found]


async def test_the_first_roster_grants_what_it_says_and_the_audit_keeps_it(
    database: Database,
) -> None:
    assert await deputies(database) == ["Орлова"]
    assert await roles_kept(database) == FIRST


async def test_an_unnamed_grant_writes_nothing_at_all(database: Database) -> None:
    before = await contents(database)
    for granted in ([], ["T14"], ["students:T05"]):
        with pytest.raises(loading.RoleNotGranted) as refused:
            await load(database, WITH_ANOTHER, granted=granted)
        told = refused.value.changes.wide_roles.granted
        assert [(one.label, one.role) for one in told] == [
            ("Смирнова Ольга Николаевна (T05)", Role.DEPUTY_HEAD)
        ]
    assert await contents(database) == before


@pytest.mark.parametrize("name", ["T05", "teachers:T05"])
async def test_a_named_grant_is_loaded_once(database: Database, name: str) -> None:
    await load(database, WITH_ANOTHER, granted=[name])
    assert await deputies(database) == ["Орлова", "Смирнова"]
    assert (await load(database, WITH_ANOTHER)).count() == 0
    assert await roles_kept(database) == [*FIRST, ("role.granted", "T05", "deputy_head")]


async def test_a_withdrawal_needs_no_word_and_is_kept(database: Database) -> None:
    plain = with_person(ROSTER, DEPUTY, roles=frozenset({Role.TEACHER}))
    changes = await load(database, plain)
    assert [one.row_id for one in changes.wide_roles.withdrawn] == ["T14"]
    assert await deputies(database) == []
    assert await roles_kept(database) == [*FIRST, ("role.withdrawn", "T14", "deputy_head")]


async def test_a_deputy_head_who_left_comes_back_only_with_a_word(database: Database) -> None:
    kept = await load(database, without(ROSTER, DEPUTY))
    assert kept.wide_roles.lost(leavers=False) == ()
    assert await deputies(database) == ["Орлова"]
    gone = await load(database, without(ROSTER, DEPUTY), leavers=True)
    assert [one.row_id for one in gone.wide_roles.lost(leavers=True)] == ["T14"]
    assert await deputies(database) == []
    with pytest.raises(loading.RoleNotGranted):
        await load(database, ROSTER)
    await load(database, ROSTER, granted=["T14"])
    assert await deputies(database) == ["Орлова"]
    assert (await roles_kept(database))[2:] == [
        ("role.withdrawn", "T14", "deputy_head"),
        ("role.granted", "T14", "deputy_head"),
    ]


async def test_somebody_who_comes_back_without_the_role_lost_it_only_once(
    database: Database,
) -> None:
    await load(database, without(ROSTER, DEPUTY), leavers=True)
    back = await load(
        database, with_person(ROSTER, DEPUTY, roles=frozenset({Role.TEACHER})), leavers=True
    )
    assert back.wide_roles.lost(leavers=True) == ()
    assert await deputies(database) == []
    assert (await roles_kept(database))[2:] == [("role.withdrawn", "T14", "deputy_head")]


async def test_a_role_within_ones_own_classes_needs_no_word(database: Database) -> None:
    moved = with_person(ROSTER, TEACHER, roles=frozenset({Role.TEACHER, Role.GUARDIAN}))
    changes = await load(database, moved)
    assert changes.count() == 1
    assert changes.wide_roles.granted == ()
