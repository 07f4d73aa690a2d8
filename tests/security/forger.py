"""Forged payloads and senseless texts, made out of true ones by the thousand."""

import random
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence

from handlers import dispatch
from handlers.messages import Happening, Incoming
from handlers.texts import commands
from tests.chat import House
from tests.handlers.crowd import Said, answers_to, event_of, failures
from tests.handlers.planted import Actor
from tests.handlers.wishes import Wishes

OF_EACH = 510
"""Twenty people send so many presses that reach an action: 10,200."""
BATCH, SHOWN, NEWEST = 10, 60, 10
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


def names_an_action(event: Incoming) -> bool:
    """Say whether an event gets as far as an action, where its sender is somebody here."""
    is_press = event.happening is Happening.PRESS and event.is_private
    return is_press and event.action.split(":")[0] in dispatch.ACTIONS


class Forger:
    """Makes payloads out of true ones, most of all of those that somebody was shown just now.

    The same seed forges the same.
    """

    def __init__(self, wishes: Wishes, actor: Actor, seed: int) -> None:
        self._actor = actor
        self._chance = random.Random(seed)
        asks = [ask for action in dispatch.ACTIONS for ask in wishes.of(action)]
        codes = (f"enrol.yes:{n}" for n in range(6))
        self._true = [*(ask.payload for ask in asks), "early", "enrol.no", *codes]
        own = [ask.payload for ask in asks if actor.name in ask.by]
        self._shown = deque(own, maxlen=max(SHOWN, len(own)))
        self._names = [*dispatch.ACTIONS, *dispatch.STEPS, "start", "enrol.yes", "нет такой"]
        self._words = [*commands(), *TEXTS]

    def shown(self, actions: Iterable[str]) -> None:
        """Take note of the buttons under an answer."""
        self._shown.extend(actions)

    def event(self) -> Incoming:
        """Forge one event of a chat."""
        actor, how = self._actor, self._chance.random()
        if how < 0.7:
            return event_of(actor, action=self._payload(), happening=Happening.PRESS)
        if how < 0.75:
            return event_of(actor, action=f"start:{self._piece()}")
        if how < 0.78:
            return event_of(actor, text=self._text(), is_edit=True)
        if how < 0.79:
            return event_of(actor, text=self._text(), is_private=False)
        if how < 0.8:
            press = Happening.PRESS
            return event_of(actor, action=self._payload(), happening=press, is_private=False)
        return event_of(actor, text=self._text())

    def _payload(self) -> str:
        if self._shown and self._chance.random() < 0.3:
            newest = self._chance.choice((1, NEWEST, len(self._shown)))
            return self._chance.choice(list(self._shown)[-newest:])
        true = self._chance.choice((*self._true, *self._shown))
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


async def pester(
    house: House, forger: Forger, presses: int, forbidden: set[str], files: Collection[int] = ()
) -> list[str]:
    """Forge until so many presses name an action, as `shoot` does, with what is shown meanwhile."""
    wrong = []
    while presses > 0:
        some = [forger.event() for _ in range(BATCH)]
        presses -= sum(map(names_an_action, some))
        for event, said in zip(some, await answers_to(house, some), strict=True):
            wrong += leaks(event, said, forbidden, files)
            forger.shown(said.actions)
    return wrong + [f"failed: {failure}" for failure in failures(house)]


async def shoot(
    house: House, events: Sequence[Incoming], forbidden: set[str], files: Collection[int] = ()
) -> list[str]:
    """Let everything happen and return what was shown of others, and what failed."""
    said = await answers_to(house, events)
    wrong = [f"failed: {failure}" for failure in failures(house)]
    for event, answer in zip(events, said, strict=True):
        wrong += leaks(event, answer, forbidden, files)
    return wrong


def leaks(event: Incoming, said: Said, forbidden: set[str], files: Collection[int]) -> list[str]:
    """Say what stands in an answer that is `forbidden`, and which files but these are shown."""
    asked, whole = event.action or event.text, said.whole
    strange = set(said.files) - set(files)
    return [
        *(f"{asked!r} showed {secret!r}" for secret in forbidden if secret in whole),
        *(f"{asked!r} showed file {one}" for one in strange),
    ]
