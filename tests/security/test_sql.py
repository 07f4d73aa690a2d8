"""SQL injection (ASVS 1.2.4): what people write is data at every entrance, on both databases.

Statements are built by SQLAlchemy with bound parameters; no room puts SQL together from pieces.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from handlers.messages import Happening
from handlers.texts import commands
from school import enrolment
from storage import accounts, drafts, outbox, people, schools, sessions
from storage.accounts import Account
from storage.database import Database
from storage.outbox import NewMessage
from storage.sessions import Session
from storage.tables import metadata
from storage.tables.people import persons
from storage.works import Part
from tests.chat import House
from tests.handlers.crowd import answers_to, event_of, failures, rows_of
from tests.handlers.planted import NOW, Planted
from tests.security.hostile import FORMULAS, MARKUP, SQL

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "locales", "scheduler", "school", "storage")
TAKES_SQL = {"text", "exec_driver_sql", "execute", "executemany", "executescript", "literal_column"}
ATTACHED = Path("/tmp/dezhurny-attached.db")


@pytest.fixture(autouse=True, scope="module")
def _nothing_is_attached() -> Iterator[None]:
    yield
    assert not ATTACHED.exists()


async def tables_of(database: Database) -> set[str]:
    async with database.read() as tx:
        return set(await tx.run_sync(lambda sync: sa.inspect(sync).get_table_names()))


@pytest.mark.asyncio(loop_scope="module")
async def test_at_every_step_and_every_button_it_is_only_text(
    crowded: House, school: Planted
) -> None:
    """As a message, an edit, a link, a payload and an argument."""
    tables = await tables_of(crowded.database)
    events = []
    for name in ("stranger", "student", "group teacher"):
        actor = school.actors[name]
        for hostile in SQL:
            events += [
                event_of(actor, text=hostile),
                event_of(actor, text=hostile, is_edit=True),
                event_of(actor, action=f"start:{hostile}"),
                event_of(actor, action=hostile, happening=Happening.PRESS),
                event_of(actor, action=f"early:{hostile}", happening=Happening.PRESS),
                event_of(actor, action=f"tasks.open:{hostile}:1", happening=Happening.PRESS),
                event_of(actor, action=f"day.mail:1:{hostile}", happening=Happening.PRESS),
            ]
    before = rows_of(crowded)
    await answers_to(crowded, events)
    after = rows_of(crowded)
    assert failures(crowded) == []
    assert await tables_of(crowded.database) == tables
    assert after["persons"] == before["persons"]
    assert after["schools"] == before["schools"]
    assert len(after["works"]) == len(before["works"])


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_collected_is_kept_to_the_letter(crowded: House, school: Planted) -> None:
    student, side = school.actors["student"], school.older
    await answers_to(crowded, [event_of(student, action=f"hand_in.show:{side.draft}")])
    texts = [text for text in (*SQL, *FORMULAS, *MARKUP) if text.strip() and text[0] != "/"]
    texts = [text for text in texts if " ".join(text.casefold().split()) not in commands()][:50]
    await answers_to(crowded, [event_of(student, text=text) for text in texts])
    async with crowded.database.read() as tx:
        kept = [part.text for part in await drafts.parts_of(tx, side.draft)]
    assert kept[-len(texts) :] == texts


@pytest.mark.parametrize("hostile", SQL)
async def test_in_every_column_it_is_only_text(either_database: Database, hostile: str) -> None:
    """Straight into storage, on SQLite and on PostgreSQL: names, chats, cards, keys, steps."""
    tables = await tables_of(either_database)
    async with either_database.write() as tx:
        (school_id,) = [school.id for school in await schools.every(tx)]
        person_id = await tx.scalar(sa.select(sa.func.min(persons.c.id)))
        assert person_id is not None
        change = sa.update(persons).where(persons.c.id == person_id)
        await tx.execute(change.values(surname=hostile, given_name=hostile, patronymic=""))
        await accounts.bind(tx, Account(0, school_id, person_id, "vk", hostile, hostile), NOW)
        await accounts.tried(tx, hostile, hostile, NOW)
        await accounts.record(tx, NOW, hostile, subject=hostile, details={hostile: hostile})
        await sessions.save(tx, "vk", hostile, Session(hostile, {hostile: hostile}), NOW)
        begun = await drafts.start(tx, "vk", hostile, person_id, NOW)
        await drafts.add_part(tx, begun.id, Part("text", hostile, source=hostile))
        await outbox.plan(
            tx, [NewMessage(hostile, "reply", "vk", hostile, {"text": hostile}, NOW)], NOW
        )
    async with either_database.read() as tx:
        account = await accounts.bound(tx, "vk", hostile)
        assert account is not None
        assert account.chat == hostile
        assert await accounts.bound(tx, "vk", hostile + " ") is None
        person = await people.person(tx, person_id)
        assert person is not None
        assert person.surname == hostile
        session = await sessions.load(tx, "vk", hostile)
        assert (session.step, session.data) == (hostile, {hostile: hostile})
        assert [part.text for part in await drafts.parts_of(tx, begun.id)] == [hostile]
        assert await outbox.exists(tx, hostile)
        checked = await accounts.code(tx, [hostile])
        assert checked is None
    assert await tables_of(either_database) == tables


@pytest.mark.parametrize("hostile", SQL)
async def test_no_code_opens_by_a_clause_that_is_always_true(house: House, hostile: str) -> None:
    async with house.database.write() as tx:
        person = await people.person(tx, (await house.person("T14")).id)
        assert person is not None
        await enrolment.issue(tx, person, house.clock.now())
        checked = await enrolment.check(tx, hostile, "vk", hostile, house.clock.now())
    assert checked.person is None


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            module = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(module):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield path, node


def is_put_together(argument: ast.expr) -> bool:
    """Say whether an expression joins pieces into a string."""
    return (
        isinstance(argument, ast.JoinedStr)
        or (
            isinstance(argument, ast.BinOp)
            and isinstance(argument.op, ast.Add | ast.Mod)
            and any(isinstance(part, ast.Constant | ast.JoinedStr) for part in ast.walk(argument))
            and any(
                isinstance(part, ast.Constant) and isinstance(part.value, str)
                for part in ast.walk(argument)
            )
        )
        or (
            isinstance(argument, ast.Call)
            and isinstance(argument.func, ast.Attribute)
            and argument.func.attr in {"format", "format_map", "join"}
        )
    )


def test_no_room_puts_sql_together() -> None:
    """A pragma takes no parameters; whoever must name a table says at the line why (S608)."""
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call)}"
        for path, call in calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in TAKES_SQL
        and call.args
        and is_put_together(call.args[0])
        and "PRAGMA" not in ast.unparse(call.args[0])
        and "S608" not in path.read_text(encoding="utf-8").splitlines()[call.lineno - 1]
    ]
    assert found == []


def test_the_schema_is_known_whole(template: Path) -> None:
    """What the tests above compare is every table there is."""
    engine = sa.create_engine(f"sqlite:///{template}")
    assert set(sa.inspect(engine).get_table_names()) - {"alembic_version"} == set(metadata.tables)
    engine.dispose()
