"""«Спасибо!», «ок», an emoji, a sticker: a short warm answer, and no menu."""

import re
import unicodedata
from enum import StrEnum
from functools import cache

from handlers.messages import FileKind, Incoming, Reply
from handlers.texts import LANGUAGES, Texts, spoken
from handlers.turn import Turn
from storage.people import STAFF

MOST_WORDS = 6
_SMILES = re.compile(r"[:;=]?[-^]?\)+|\++|<3")
_PUNCTUATION = re.compile(r"[\s.,!…\-–—)]+")
_PICTURES = frozenset({"So", "Me"})
_PICTORIAL = _PICTURES | {"Sk", "Mn", "Cf"}
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"


class Courtesy(StrEnum):
    """What a courtesy says."""

    THANKS = "thanks"
    NOTED = "noted"


def answer(turn: Turn) -> Reply | None:
    """Answer a courtesy, each role in its own words; None for whatever says more than that."""
    said = _of(turn.incoming)
    if said is None:
        return None
    is_thanks, audience = said is Courtesy.THANKS, _audience(turn)
    key = f"courtesy-thanks-{audience}" if is_thanks else f"courtesy-noted-{audience}"
    return Reply(turn.t(key))


def meant(text: str) -> Courtesy | None:
    """Say which courtesy a text is, if it is nothing else."""
    letters = "".join(" " if _is_pictorial(letter) else letter for letter in _plain(text))
    bare = spoken(letters)
    if not bare:
        is_picture = any(unicodedata.category(letter) in _PICTURES for letter in _plain(text))
        return Courtesy.NOTED if is_picture else None
    if _SMILES.fullmatch(bare):
        return Courtesy.NOTED
    words = _PUNCTUATION.sub(" ", bare).split()
    thanks, noted = _words("thanks"), _words("noted")
    if len(words) > MOST_WORDS or not thanks | noted | _words("besides") >= set(words):
        return None
    if not thanks.isdisjoint(words):
        return Courtesy.THANKS
    return None if noted.isdisjoint(words) else Courtesy.NOTED


def is_lone_sticker(incoming: Incoming) -> bool:
    """Say whether a message is a sticker and nothing else."""
    files = incoming.attachments
    is_bare = bool(files) and not incoming.text.strip()
    return is_bare and all(file.kind is FileKind.STICKER for file in files)


def _of(incoming: Incoming) -> Courtesy | None:
    if incoming.attachments:
        return Courtesy.NOTED if is_lone_sticker(incoming) else None
    return meant(incoming.text)


def _audience(turn: Turn) -> str:
    speaker = turn.speaker
    if speaker.student is not None:
        return "learner"
    if speaker.is_any(*STAFF):
        return "staff"
    return "family" if speaker.children else "alone"


@cache
def _words(kind: str) -> frozenset[str]:
    """Return the words of a kind, in every language."""
    listed = (Texts(language)(f"courtesy-said-{kind}").split(",") for language in LANGUAGES)
    return frozenset(spoken(word) for words in listed for word in words)


def _plain(text: str) -> str:
    """Take the digit of a keycap emoji for a part of the picture."""
    return re.sub(rf"[0-9#*]\N{{VARIATION SELECTOR-16}}?{_KEYCAP}", _KEYCAP, text)


def _is_pictorial(letter: str) -> bool:
    return unicodedata.category(letter) in _PICTORIAL
