"""Writes down what is known of a message once it has left, and decides what happens next."""

from collections import Counter
from datetime import datetime

import structlog

from handlers import notices
from handlers.texts import Texts
from scheduler.lanes import Backoff, Pace
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    FloodWait,
    NotSent,
    OutcomeUnknown,
    TokenRefused,
)
from scheduler.parcels import EDITABLE, MAIL, OUTDATED, Parcel, marked, outdating
from storage import accounts, cards, outbox, people
from storage.database import Tx
from storage.outbox import Message, NewMessage

MOST_ATTEMPTS = 1000
"""Some three days of one message that is refused while others pass."""
MOST_REPEATS = 10

log = structlog.get_logger(__name__)


class Outcomes:
    """The outcomes of one lane.

    `keeps_random_id` says that the platform knows a repeated request by its random id (VK), so
    that an unknown outcome is simply asked again.
    """

    def __init__(self, lane: str, pace: Pace, backoff: Backoff, *, keeps_random_id: bool) -> None:
        self._lane = lane
        self._pace = pace
        self._backoff = backoff
        self._keeps_random_id = keeps_random_id
        self._repeats: Counter[int] = Counter()

    async def note(
        self, tx: Tx, parcel: Parcel, outcome: str | DeliveryFailed, now: datetime
    ) -> None:
        """Write down an outcome: the reference of the message, or the failure."""
        message = parcel.message
        if isinstance(outcome, str):
            await self._sent(tx, parcel, outcome, now)
            return
        cause = str(outcome) or type(outcome).__name__
        failure = type(outcome).__name__
        if message.kind == OUTDATED and not isinstance(outcome, FloodWait):
            # It only tidies up, and every later reply to the chat waits for it.
            log.info("card.left_as_it_was", lane=self._lane, message=message.id, failure=failure)
            self._forget(message)
            await outbox.finish(tx, message.id, outbox.DROPPED, cause)
            return
        log.warning(
            "message.failed", lane=self._lane, message=message.id, failure=failure, cause=cause
        )
        if isinstance(outcome, FloodWait):
            await outbox.again(tx, message.id, cause)
        elif isinstance(outcome, NotSent) and _is_worth_trying(message, outcome):
            await self._retry(tx, message, cause)
        elif isinstance(outcome, OutcomeUnknown):
            if await self._goes_again(tx, message, cause):
                await self._retry(tx, message, cause)
        else:
            self._forget(message)
            if isinstance(outcome, ChatClosed):
                await self._fail_over(tx, message, now)
            else:
                await outbox.finish(tx, message.id, outbox.DEAD, cause)
                await self._own_up(tx, message, now)

    async def interrupted(self, tx: Tx, message: Message) -> None:
        """Judge a message that was on its way when the last life ended."""
        if await self._goes_again(tx, message, "interrupted"):
            await outbox.again(tx, message.id, "interrupted")

    async def _sent(self, tx: Tx, parcel: Parcel, message_ref: str, now: datetime) -> None:
        message = parcel.message
        self._forget(message)
        await outbox.sent(tx, message.id, message_ref, now)
        card = parcel.reply.card or message.card
        if not card:
            return
        before = await cards.message_of(tx, self._lane, message.address, card)
        await cards.shown_by(tx, self._lane, message.address, card, message_ref)
        if message.is_reply and before not in {"", message_ref}:
            words = await cards.words_of(tx, message, before, now - EDITABLE)
            left = outdating(message, before, words, now)
            await outbox.plan(tx, [left] if left else [], now)

    def _forget(self, message: Message) -> None:
        """Note that the platform has answered: it is there, whatever it said."""
        self._backoff.forget(message.id)
        del self._repeats[message.id]

    async def _retry(self, tx: Tx, message: Message, cause: str) -> None:
        """Try again after a pause; while nothing at all gets through, the whole lane rests too."""
        self._pace.hold(self._backoff.pause(message.id))
        await outbox.again(tx, message.id, cause)

    async def _goes_again(self, tx: Tx, message: Message, cause: str) -> bool:
        """Decide about a message that may or may not have arrived; one that stays so is finished.

        Where the platform knows the random id, and for a change in place, asking again is
        harmless. Elsewhere a reply and what must be heard go again, marked as a repeat; a nudge
        does not.
        """
        if self._keeps_random_id:
            return True
        kind = notices.KINDS.get(message.kind)
        repeats = message.is_reply or (kind is not None and kind.repeats)
        self._repeats[message.id] += 1
        if not repeats or self._repeats[message.id] > MOST_REPEATS:
            self._forget(message)
            await outbox.finish(tx, message.id, outbox.UNKNOWN, cause)
            return False
        if not message.card and message.kind != OUTDATED:
            await outbox.reword(tx, message.id, marked(message.rendered))
        return True

    async def _own_up(self, tx: Tx, message: Message, now: datetime) -> None:
        """Tell who waits for an answer, once an event, that a part of it cannot be shown."""
        kind, _, rest = message.key.partition("|")
        if not message.is_reply or kind != "reply":
            return
        word = NewMessage(
            key=f"unshown|{rest.partition('|')[0]}",
            kind="reply",
            lane=message.lane,
            address=message.address,
            payload={"text": Texts()("reply-unshown")},
            send_after=now,
            school_id=message.school_id,
            person_id=message.person_id,
            is_reply=True,
        )
        await outbox.plan(tx, [word], now)

    async def _fail_over(self, tx: Tx, message: Message, now: datetime) -> None:
        """Use the person's other messenger, then e-mail; else give the notice up, and say so.

        A mailbox is the last way: after it there is only the class teacher's list.
        """
        await accounts.blocked(tx, self._lane, message.address, now)
        may_move = not message.is_reply and self._lane != MAIL
        person = await people.person(tx, message.person_id) if may_move else None
        others = await accounts.reachable(tx, person.id) if person else []
        if others:
            await outbox.reroute(tx, message.id, others[0].messenger, others[0].chat)
        elif person and person.email and not self._has_letter(message):
            await outbox.reroute(tx, message.id, MAIL, person.email)
        else:
            await outbox.finish(tx, message.id, outbox.DEAD, "the chat is closed")

    def _has_letter(self, message: Message) -> bool:
        kind = notices.KINDS.get(message.kind)
        return kind is not None and kind.has_letter


def _is_worth_trying(message: Message, failure: NotSent) -> bool:
    """Say whether to try again; a token that is refused is not the message's fault."""
    return isinstance(failure, TokenRefused) or message.attempts < MOST_ATTEMPTS
