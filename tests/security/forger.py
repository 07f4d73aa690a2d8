"""Forged payloads and senseless texts, made out of true ones by the thousand."""

import random
from collections.abc import Callable, Sequence

from handlers import dispatch
from handlers.messages import Happening, Incoming
from handlers.texts import commands
from tests.chat import House
from tests.handlers.crowd import answers_to, event_of, failures
from tests.handlers.planted import Actor
from tests.handlers.wishes import Wishes

BATCH = 100
HUGE = (
    "2147483648",
    "9" * 19,
    "9" * 5000,
    "-1",
    "0",
    "00",
    "+1",
    "1e3",
    "1_0",
    "0x1",
    "١٢",
    "²",
    "",
)
ODD = (
    "",
    " ",
    "\x00",
    "\u202e",
    "\u200f",
    "\u2068",
    "\u200b",
    "\ufeff",
    "\n",
    "%",
    "'",
    '"',
    "{ $x }",
)
TEXTS = (
    "' OR 1=1 --",
    "<a href='tg://user?id=1'>Мария</a>",
    "{ $form ->\n *[vy] x\n}",
    "\u202eаботар\u202c",
    "нуль\x00внутри",
    "👩‍👩‍👧‍👦" * 200,
    "я" * 4096,
    "a\n" * 2000,
    "²³ ½ ١٢ 99.99.9999 25:61",
    "27.11 15:00",
    "завтра",
    "/start",
    "/мой_день",
    "@all",
    "ABCDE-23456",
    "ABCD-EFGH-2345-6789",
    "\ufeff",
    " ",
    "",
)


class Forger:
    """Makes payloads out of true ones. The same seed forges the same."""

    def __init__(self, wishes: Wishes, seed: int) -> None:
        self._chance = random.Random(seed)
        true = [ask.payload for action in dispatch.ACTIONS for ask in wishes.of(action)]
        self._true = [*true, "early", "enrol.no", *(f"enrol.yes:{n}" for n in range(6))]
        self._names = [*dispatch.ACTIONS, *dispatch.STEPS, "start", "enrol.yes", "нет такой"]
        self._words = [*commands(), *TEXTS]

    def event(self, actor: Actor) -> Incoming:
        """Forge one event of a chat."""
        how = self._chance.random()
        if how < 0.7:
            return event_of(actor, action=self._payload(), happening=Happening.PRESS)
        if how < 0.75:
            return event_of(actor, action=f"start:{self._piece()}")
        if how < 0.78:
            return event_of(actor, text=self._text(), is_edit=True)
        if how < 0.8:
            return event_of(actor, text=self._text(), is_private=False)
        return event_of(actor, text=self._text())

    def _payload(self) -> str:
        true = self._chance.choice(self._true)
        forge: Callable[[str], str] = self._chance.choice(
            (self._kept, self._cut, self._renumbered, self._swapped, self._grown, self._dirtied)
        )
        return forge(true)

    def _kept(self, payload: str) -> str:
        return payload

    def _cut(self, payload: str) -> str:
        return payload[: self._chance.randrange(len(payload) + 1)]

    def _renumbered(self, payload: str) -> str:
        name, *arguments = payload.split(":")
        return ":".join([name, *(self._number(argument) for argument in arguments)])

    def _number(self, argument: str) -> str:
        if self._chance.random() < 0.3:
            return argument
        return self._chance.choice((str(self._chance.randrange(200)), self._chance.choice(HUGE)))

    def _swapped(self, payload: str) -> str:
        """Give one action the arguments of another, in another order."""
        arguments = payload.split(":")[1:]
        self._chance.shuffle(arguments)
        return ":".join([self._chance.choice(self._names), *arguments])

    def _grown(self, payload: str) -> str:
        return payload + ":".join(["", *(self._piece() for _ in range(self._chance.randrange(4)))])

    def _dirtied(self, payload: str) -> str:
        at = self._chance.randrange(len(payload) + 1)
        return payload[:at] + self._chance.choice(ODD) + payload[at:]

    def _piece(self) -> str:
        return self._chance.choice((*HUGE, *ODD, "x" * 5000, self._chance.choice(self._true)))

    def _text(self) -> str:
        return self._chance.choice(self._words) + self._chance.choice(("", "", *ODD))


async def shoot(house: House, events: Sequence[Incoming], forbidden: set[str]) -> list[str]:
    """Let everything happen and return what was shown of others, and what failed."""
    wrong = []
    for first in range(0, len(events), BATCH):
        some = events[first : first + BATCH]
        for event, said in zip(some, await answers_to(house, some), strict=True):
            wrong += [
                f"{event.action or event.text!r} showed {secret!r}"
                for secret in forbidden
                if secret in said.whole
            ]
    return wrong + [f"failed: {failure}" for failure in failures(house)]
