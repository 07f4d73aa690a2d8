"""A card that answers a press: it changes where it stands, or comes anew at the bottom."""

from dataclasses import replace

from handlers.messages import Happening, Reply
from handlers.turn import Turn
from storage import cards


async def placed(turn: Turn, card: Reply) -> Reply:
    """Let a card change in place if the press was on its newest message, else come anew below."""
    return replace(card, edit=await is_in_place(turn, card.card))


async def is_in_place(turn: Turn, card: str) -> bool:
    """Say whether the press was on the newest message of a card: it may change there."""
    if turn.incoming.happening is not Happening.PRESS:
        return False
    address = turn.incoming.address
    newest = await cards.message_of(turn.tx, address.messenger, address.chat, card)
    return bool(newest) and newest == turn.incoming.message_ref
