"""A card that answers a press: it changes where it stands, or comes anew at the bottom."""

from dataclasses import replace

from handlers.messages import Reply
from handlers.phrases import is_in_place
from handlers.turn import Turn


async def placed(turn: Turn, card: Reply) -> Reply:
    """Let a card change in place if the press was on its newest message, else come anew below."""
    return replace(card, edit=await is_in_place(turn, card.card))
