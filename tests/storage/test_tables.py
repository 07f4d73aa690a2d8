import sqlalchemy as sa

from storage.tables import metadata
from storage.tables.base import Instant

NOT_SAID = {"schools", "bells", "subjects", "classes", "groups", "teachings", "lessons"}
COLUMNS = [column for table in metadata.sorted_tables for column in table.columns]


def test_every_column_says_whether_it_is_personal() -> None:
    assert len(COLUMNS) > 100
    silent = [str(one) for one in COLUMNS if not isinstance(one.info.get("personal"), bool)]
    assert silent == []


def test_what_tells_of_a_person_is_marked_so() -> None:
    personal = {str(column) for column in COLUMNS if column.info["personal"]}
    assert {
        "persons.surname",
        "persons.given_name",
        "persons.patronymic",
        "persons.birth_date",
        "persons.email",
        "persons.phone",
        "accounts.user_ref",
        "accounts.chat_ref",
        "inbox.raw",
        "inbox.event",
        "outbox.payload",
        "outbox.rendered",
        "outbox.address",
        "work_parts.text",
        "reviews.comment",
        "reviews.mark",
    } <= personal
    assert not {name for name in personal if name.split(".")[0] in NOT_SAID}


def test_no_column_holds_an_instant_without_its_zone() -> None:
    instants = [one for one in COLUMNS if one.name.endswith("_at")]
    assert [str(one) for one in instants if not isinstance(one.type, Instant)] == []
    assert [str(one) for one in COLUMNS if isinstance(one.type, sa.DateTime)] == []


def test_no_part_of_a_business_key_is_ever_null() -> None:
    for table in metadata.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint):
                assert not [column.name for column in constraint.columns if column.nullable], table


def test_every_reference_is_indexed_or_leads_a_key() -> None:
    """A parent row is looked for by its children at every delete and join."""
    bare = []
    for table in metadata.sorted_tables:
        led = {next(iter(index.columns)).name for index in table.indexes}
        led.add(next(iter(table.primary_key)).name)
        bare += [
            f"{table.name}.{column.name}"
            for column in table.columns
            if column.foreign_keys and column.name not in led
        ]
    assert set(bare) <= {"registrations.told_by", "reviews.opened_by", "day_steps.done_by"}
