"""Writes down what is known of a message once it has left, and decides what happens next."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

import structlog

from handlers import notices
from scheduler import detour
from scheduler.floods import Floods
from scheduler.lanes import Backoff, Pace
from scheduler.messenger import (
    ChatClosed,
    DeliveryFailed,
    FloodWait,
    NotSent,
    OutcomeUnknown,
    Scope,
    TokenRefused,
)
from scheduler.parcels import EDITABLE, OUTDATED, Parcel, given_up, marked, outdating
from storage import accounts, cards, outbox
from storage.characters import storable
from storage.database import Tx
from storage.outbox import Message

MOST_ATTEMPTS = 1000
"""Some three days of one message that is refused while others pass."""
MOST_REPEATS = 10
MOST_REFUSALS_OF_REPLY, MOST_REFUSALS = 10, 100
"""How often a message is refused as too much of itself: a reply for a quarter of an hour or so, as
the whole conversation waits behind it; a notice for eight hours or, among hundreds, longer, unless
it is of no use before. What is refused together with others, while none passes, is not counted."""

log = structlog.get_logger(__name__)


class Fate(Enum):
    """What becomes of a message after an answer, or after none."""

    SENT = auto()
    AGAIN = auto()
    AGAIN_MARKED = auto()
    """It may have arrived: it goes out once more, and says so."""
    UNKNOWN = auto()
    CLOSED = auto()
    """Its chat is."""
    LEFT = auto()
    """What only tidies up is left as it was."""
    DEAD = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fate, with the reference of the message that was sent or else the cause."""

    fate: Fate
    told: str


class Outcomes:
    """The outcomes of one lane: judged once, when the answer comes, and then written down.

    Writing may have to be repeated, as long as the database is in trouble; what is only known in
    memory (how often, until when) must not count the repeats.

    `keeps_random_id` says that the platform knows a repeated request by its random id (VK), so
    that an unknown outcome is simply asked again.
    """

    def __init__(self, lane: str, pace: Pace, backoff: Backoff, *, keeps_random_id: bool) -> None:
        self._lane = lane
        self._pace = pace
        self._backoff = backoff
        self._keeps_random_id = keeps_random_id

    def judged(self, message: Message, answer: str | DeliveryFailed) -> Outcome:
        """Judge an answer: the reference of the message, or the failure.

        While nothing at all gets through, the whole lane rests too.
        """
        if isinstance(answer, str):
            self._backoff.passed(message.id)
            return Outcome(Fate.SENT, storable(answer))
        fate, failure = self._fate(message, answer), type(answer).__name__
        cause = storable(str(answer)) or failure
        if fate is Fate.LEFT:
            log.info("card.left_as_it_was", lane=self._lane, message=message.id, failure=failure)
        else:
            log.warning(
                "message.failed", lane=self._lane, message=message.id, failure=failure, cause=cause
            )
        if fate in {Fate.AGAIN, Fate.AGAIN_MARKED} or _is_silence(answer):
            self._rest(message, answer)
        else:
            self._backoff.forget(message.id)
        return Outcome(fate, cause)

    def interrupted(self, message: Message) -> Outcome:
        """Judge a message that was on its way when the last life ended.

        That may have to be done again until it is written down, and counts once.
        """
        self._backoff.trouble(message.id).unknown = 0
        fate = self._fate_of_unknown(message)
        if fate is Fate.UNKNOWN:
            self._backoff.drop(message.id)
        return Outcome(fate, "interrupted")

    async def note(self, tx: Tx, parcel: Parcel, outcome: Outcome, now: datetime) -> None:
        """Write down the outcome of a message that was sent off."""
        if outcome.fate is Fate.SENT:
            await self._sent(tx, parcel, outcome.told, now)
        else:
            await self.note_failure(tx, parcel.message, outcome, now)

    async def note_failure(self, tx: Tx, message: Message, outcome: Outcome, now: datetime) -> None:
        """Write down what becomes of a message of which nobody knows that it arrived."""
        match outcome.fate:
            case Fate.AGAIN:
                await outbox.again(tx, message.id, outcome.told, by=self._lane)
            case Fate.AGAIN_MARKED:
                await outbox.reword(tx, message.id, marked(message.rendered))
                await outbox.again(tx, message.id, outcome.told, by=self._lane)
            case Fate.UNKNOWN:
                await outbox.finish(tx, message.id, outbox.UNKNOWN, outcome.told, by=self._lane)
            case Fate.LEFT:
                await outbox.finish(tx, message.id, outbox.DROPPED, outcome.told, by=self._lane)
            case Fate.CLOSED:
                await self._fail_over(tx, message, now)
            case _:
                await given_up(tx, message, outcome.told, now, by=self._lane)

    def _fate(self, message: Message, failure: DeliveryFailed) -> Fate:
        if isinstance(failure, FloodWait):
            return self._fate_of_refused(message, failure.scope)
        if message.kind == OUTDATED:  # every later reply to the chat waits for it
            return Fate.LEFT
        if isinstance(failure, NotSent) and _is_worth_trying(message, failure):
            return Fate.AGAIN
        if isinstance(failure, OutcomeUnknown):
            return self._fate_of_unknown(message)
        return Fate.CLOSED if isinstance(failure, ChatClosed) else Fate.DEAD

    def _fate_of_unknown(self, message: Message) -> Fate:
        """Decide about a message that may or may not have arrived.

        Where the platform knows the random id, and for a change in place, asking again is
        harmless. Elsewhere a reply and what must be heard go again, marked as a repeat; a nudge
        does not.
        """
        if self._keeps_random_id:
            return Fate.AGAIN if message.attempts < MOST_ATTEMPTS else Fate.UNKNOWN
        kind = notices.KINDS.get(message.kind)
        repeats = message.is_reply or (kind is not None and kind.repeats)
        trouble = self._backoff.trouble(message.id)
        trouble.unknown += 1
        if not repeats or trouble.unknown > MOST_REPEATS:
            return Fate.UNKNOWN
        is_change = message.card or message.kind == OUTDATED
        return Fate.AGAIN if is_change else Fate.AGAIN_MARKED

    def _fate_of_refused(self, message: Message, scope: Scope) -> Fate:
        """Decide about a message that was too much.

        While all or its whole chat must wait, nobody gains by giving it up.
        """
        if scope is Scope.LANE:
            return Fate.AGAIN
        if scope is Scope.UNTOLD:
            return Fate.AGAIN if message.attempts < MOST_ATTEMPTS else Fate.DEAD
        if message.kind == OUTDATED:
            return Fate.LEFT
        most = MOST_REFUSALS_OF_REPLY if message.is_reply else MOST_REFUSALS
        return Fate.AGAIN if self._backoff.refused(message.id) < most else Fate.DEAD

    def _rest(self, message: Message, failure: DeliveryFailed) -> None:
        """Let a message rest, and the lane with it if all that leaves fails."""
        if not isinstance(failure, FloodWait):
            self._pace.hold(self._backoff.pause(message.id))
        elif failure.scope is not Scope.LANE:  # that is held already
            apart = 0.0 if message.is_reply else self._backoff.apart()
            asked = min(max(failure.seconds, apart), Floods.LONGEST_OF_CHAT)
            self._backoff.rest(message.id, asked)

    async def _sent(self, tx: Tx, parcel: Parcel, message_ref: str, now: datetime) -> None:
        message = parcel.message
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

    async def _fail_over(self, tx: Tx, message: Message, now: datetime) -> None:
        """Remember that the chat takes nothing, and use another way to the person."""
        await accounts.blocked(tx, self._lane, message.address, now)
        await detour.take(tx, message, "the chat is closed", by=self._lane)


def _is_worth_trying(message: Message, failure: NotSent) -> bool:
    """Say whether to try again; a token that is refused is not the message's fault."""
    return isinstance(failure, TokenRefused) or message.attempts < MOST_ATTEMPTS


def _is_silence(failure: DeliveryFailed) -> bool:
    """Say whether the platform may be away: then others fail like this one, and it is no answer."""
    is_told = isinstance(failure, FloodWait)
    return isinstance(failure, NotSent | OutcomeUnknown) and not is_told
