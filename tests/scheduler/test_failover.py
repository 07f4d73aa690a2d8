import pytest
import sqlalchemy as sa

from scheduler.messenger import ChatClosed, NotSent
from storage import accounts
from storage.outbox import DEAD, PLANNED, SENT
from storage.tables.people import persons
from tests.scheduler.post import MINUTE, Post


async def closed(post: Post, *messengers: str) -> None:
    for name in messengers:
        getattr(post, name).failures["anya"] = [ChatClosed("blocked")] * 10


async def mailbox(post: Post, email: str) -> None:
    person_id = await post.rows.person("S701")
    async with post.database.write() as tx:
        change = sa.update(persons).where(persons.c.id == person_id)
        await tx.execute(change.values(email=email))


@pytest.fixture
async def bound(post: Post) -> Post:
    """Мария has Telegram, used last, and VK, and a mailbox."""
    await post.bind("telegram", "anya", seen=2 * MINUTE)
    await post.bind("vk", "anya", seen=MINUTE)
    await mailbox(post, "anya@example.org")
    return post


async def test_a_notice_goes_to_the_other_messenger_in_its_own_rendering(bound: Post) -> None:
    await closed(bound, "telegram")
    await bound.notice("k")
    await bound.deliver()
    found = await bound.message("k")
    assert (found.state, found.lane, found.address) == (PLANNED, "vk", "anya")
    await bound.deliver("vk")
    assert bound.vk.said == ["k 2"]
    assert await bound.state("k") == SENT


async def test_then_to_the_mailbox(bound: Post) -> None:
    await closed(bound, "telegram", "vk")
    await bound.notice("k")
    for lane in ("telegram", "vk", "mail"):
        await bound.deliver(lane)
    assert [(call.chat, call.text) for call in bound.mail.calls] == [("anya@example.org", "k 3")]
    assert await bound.state("k") == SENT


async def test_and_where_there_is_none_it_is_dead_for_the_class_teachers_list(
    bound: Post,
) -> None:
    await mailbox(bound, "")
    await closed(bound, "telegram", "vk")
    await bound.notice("k")
    for lane in ("telegram", "vk", "mail"):
        await bound.deliver(lane)
    assert (await bound.message("k")).state == DEAD
    assert bound.mail.calls == []


@pytest.fixture
async def mailed(bound: Post) -> Post:
    """A notice waits for Мария's mailbox, as her chats are closed and the mail server is away."""
    await closed(bound, "telegram", "vk")
    bound.mail.failures["anya@example.org"] = [NotSent("away")]
    await bound.notice("k")
    for lane in ("telegram", "vk", "mail"):
        await bound.deliver(lane)
    assert await bound.state("k") == PLANNED
    assert [call.chat for call in bound.mail.calls] == ["anya@example.org"]
    bound.mail.calls.clear()
    return bound


async def test_a_notice_does_not_go_to_an_address_that_was_corrected_meanwhile(
    mailed: Post,
) -> None:
    await mailbox(mailed, "masha@example.org")
    await mailed.deliver_for(60, "mail")
    assert [(call.chat, call.text) for call in mailed.mail.calls] == [("masha@example.org", "k 5")]
    assert await mailed.state("k") == SENT


async def test_nor_to_one_that_was_taken_out(mailed: Post) -> None:
    await mailbox(mailed, "")
    await mailed.deliver_for(60, "mail")
    assert (mailed.mail.calls, await mailed.state("k")) == ([], DEAD)


async def test_an_address_in_other_capitals_is_the_same_mailbox(mailed: Post) -> None:
    await mailbox(mailed, "Anya@example.org")
    await mailed.deliver_for(60, "mail")
    assert [(call.chat, call.text) for call in mailed.mail.calls] == [("anya@example.org", "k 3")]


async def test_an_address_that_is_refused_after_it_was_corrected_is_not_the_end(
    bound: Post,
) -> None:
    async def is_corrected(chat: str) -> None:
        if chat == "anya@example.org":
            await mailbox(bound, "masha@example.org")

    await closed(bound, "telegram", "vk")
    bound.mail.failures["anya@example.org"] = [ChatClosed("550 no such mailbox")]
    bound.mail.before = is_corrected
    await bound.notice("k")
    for lane in ("telegram", "vk", "mail", "mail"):
        await bound.deliver(lane)
    assert [call.chat for call in bound.mail.calls] == ["anya@example.org", "masha@example.org"]
    assert await bound.state("k") == SENT


async def test_a_mailbox_that_is_refused_is_the_end(bound: Post) -> None:
    """A letter about a task is one to an address, and its state is told address by address."""
    bound.mail.failures["anya@example.org"] = [ChatClosed("550 no such mailbox")]
    await bound.notice("k", lane="mail", chat="anya@example.org")
    await bound.deliver("mail")
    assert await bound.state("k") == DEAD
    assert (bound.telegram.calls, bound.vk.calls) == ([], [])
    async with bound.database.read() as tx:
        reachable = await accounts.reachable(tx, await bound.rows.person("S701"))
    assert len(reachable) == 2


async def test_a_closed_chat_is_remembered_until_the_person_writes_again(bound: Post) -> None:
    await closed(bound, "telegram")
    await bound.notice("k")
    await bound.deliver()
    async with bound.database.write() as tx:
        person_id = await bound.rows.person("S701")
        assert [one.messenger for one in await accounts.reachable(tx, person_id)] == ["vk"]
        account = await accounts.bound(tx, "telegram", "anya")
        assert account is not None
        await accounts.seen(tx, account.id, bound.now)
        assert len(await accounts.reachable(tx, person_id)) == 2


async def test_a_reply_goes_nowhere_else_and_the_rest_of_the_chat_does_not_wait(
    bound: Post,
) -> None:
    await closed(bound, "telegram")
    await bound.replies("reply")
    await bound.notice("k")
    await bound.deliver(rounds=2)
    await bound.deliver("vk")
    assert await bound.state("reply") == DEAD
    assert bound.vk.said == ["k 2"]


async def test_everything_that_waits_for_a_closed_chat_moves_on_in_order(bound: Post) -> None:
    await closed(bound, "telegram")
    for key in "123":
        await bound.notice(key)
    await bound.deliver(rounds=4)
    await bound.deliver("vk", rounds=4)
    assert [text[0] for text in bound.vk.said] == ["1", "2", "3"]
