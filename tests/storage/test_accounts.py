import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage import accounts
from storage.accounts import Account
from storage.database import Database
from tests.storage.rows import Rows

HOUR = timedelta(hours=1)


async def account(rows: Rows, roster_id: str, user: str, messenger: str = "telegram") -> Account:
    return Account(0, await rows.school(), await rows.person(roster_id), messenger, user, user)


async def test_a_code_is_spent_by_one_of_many_who_race_for_it(
    rows: Rows, database: Database
) -> None:
    school_id, person_id = await rows.school(), await rows.person("S701")
    async with database.write() as tx:
        await accounts.issue_code(tx, school_id, person_id, "print", rows.now, rows.now + HOUR)
        code = await accounts.code(tx, ["other", "print"])
    assert code is not None

    async def spend() -> bool:
        async with database.write() as tx:
            won = await accounts.spend_code(tx, code.id, rows.now)
            await asyncio.sleep(0.01)
            return won

    async with asyncio.TaskGroup() as group:
        tries = [group.create_task(spend()) for _ in range(4)]
    assert sorted(one.result() for one in tries) == [False, False, False, True]


async def test_a_new_code_makes_the_old_one_worthless(rows: Rows, database: Database) -> None:
    school_id, person_id = await rows.school(), await rows.person("S701")
    async with database.write() as tx:
        for fingerprint in ("first", "second"):
            expires_at = rows.now + HOUR
            await accounts.issue_code(tx, school_id, person_id, fingerprint, rows.now, expires_at)
        first = await accounts.code(tx, ["first"])
        second = await accounts.code(tx, ["second"])
        assert first is not None
        assert second is not None
        assert (first.revoked_at, second.revoked_at) == (rows.now, None)
        assert await accounts.live_codes(tx, school_id, rows.now) == {person_id}
        assert await accounts.live_codes(tx, school_id, rows.now + HOUR) == set()


async def test_a_user_is_bound_to_one_person_at_a_time(rows: Rows, database: Database) -> None:
    masha, timofey = await account(rows, "S701", "77"), await account(rows, "S702", "77")
    async with database.write() as tx:
        await accounts.bind(tx, masha, rows.now)
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                await accounts.bind(tx, timofey, rows.now)
        assert await accounts.unbind(tx, masha.person_id, rows.now) == 1
        await accounts.bind(tx, timofey, rows.now)
        found = await accounts.bound(tx, "telegram", "77")
        assert found is not None
        assert found.person_id == timofey.person_id
        assert await accounts.bound(tx, "vk", "77") is None


async def test_two_who_bind_the_same_chat_at_once_do_not_share_it(
    rows: Rows, database: Database
) -> None:
    async def bind(roster_id: str) -> bool:
        try:
            async with database.write() as tx:
                await accounts.bind(tx, await account(rows, roster_id, "77"), rows.now)
                await asyncio.sleep(0.01)
        except IntegrityError:
            return False
        return True

    async with asyncio.TaskGroup() as group:
        tries = [group.create_task(bind(one)) for one in ("S701", "S702", "S703")]
    assert sorted(one.result() for one in tries) == [False, False, True]


async def test_a_person_is_written_to_where_they_were_seen_last_and_not_where_they_are_blocked(
    rows: Rows, database: Database
) -> None:
    async with database.write() as tx:
        for messenger in ("telegram", "vk"):
            await accounts.bind(tx, await account(rows, "S701", "77", messenger), rows.now)
        person_id = await rows.person("S701")
        telegram = await accounts.bound(tx, "telegram", "77")
        assert telegram is not None
        await accounts.seen(tx, telegram.id, rows.now + HOUR)
        order = [one.messenger for one in await accounts.reachable(tx, person_id)]
        assert order == ["telegram", "vk"]
        await accounts.blocked(tx, "telegram", "77", rows.now + HOUR)
        assert [one.messenger for one in await accounts.reachable(tx, person_id)] == ["vk"]
        await accounts.seen(tx, telegram.id, rows.now + 2 * HOUR)
        assert len(await accounts.reachable(tx, person_id)) == 2


async def test_wrong_tries_are_counted_for_a_user_and_for_all(
    rows: Rows, database: Database
) -> None:
    async with database.write() as tx:
        for user in ("1", "1", "2"):
            await accounts.tried(tx, "telegram", user, rows.now)
        await accounts.tried(tx, "vk", "1", rows.now - 2 * HOUR)
        assert await accounts.tries_since(tx, rows.now - HOUR, "telegram", "1") == 2
        assert await accounts.tries_since(tx, rows.now - HOUR) == 3
        assert await accounts.tries_since(tx, rows.now - 3 * HOUR, "vk", "1") == 1


async def test_whose_messenger_is_off_is_not_reached_and_counts_as_not_bound(
    rows: Rows, database: Database
) -> None:
    masha, timofey = await account(rows, "S701", "77"), await account(rows, "S702", "78", "vk")
    async with database.write() as tx:
        for one in (masha, timofey):
            await accounts.bind(tx, one, rows.now)
    both = {masha.person_id, timofey.person_id}
    for off, here in (((), both), (("telegram", "mail"), {timofey.person_id})):
        database.off = frozenset(off)
        async with database.read() as tx:
            assert await accounts.bound_people(tx, masha.school_id) == here
            assert await accounts.bound_among(tx, both) == here
            found = [await accounts.reachable(tx, person_id) for person_id in both]
        assert {one.person_id for chats in found for one in chats} == here
