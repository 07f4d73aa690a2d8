"""One-time activation codes (5.4): made, read back from hurried typing, and hashed."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
FAMILY_LENGTH = 10
STAFF_LENGTH = 16
_GROUPS = {FAMILY_LENGTH: 5, STAFF_LENGTH: 4}
_MOST_TYPED = 80
_ABOUT_AS_LONG = re.compile(r"[0-9A-ZА-ЯЁ]{8,18}")
_GROUP = range(3, 7)
_AROUND = ".,:;!?()«»\"'"
_MINUS = "\N{MINUS SIGN}"
_GAPS = frozenset({"Cc", "Cf", "Mn", "Pd", "Zl", "Zp", "Zs"})

_LOOK_ALIKE = str.maketrans("АВСЕНКМРТУХЗ", "ABCEHKMPTYX3")


def generate(choose: Callable[[str], str], length: int) -> str:
    """Make a code of 10 characters (students, guardians) or 16 (staff); else ValueError.

    `choose` picks one character of the alphabet: `secrets.choice`, or a test's own.
    """
    if length not in _GROUPS:
        raise ValueError(f"a code has {FAMILY_LENGTH} or {STAFF_LENGTH} characters, not {length}")
    return "".join(choose(ALPHABET) for _ in range(length))


def grouped(code: str) -> str:
    """Write a code for reading: ABCDE-23456, or four groups of four."""
    size = _GROUPS.get(len(code), len(code) or 1)
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def normalise(typed: str) -> str:
    """Undo what typing does to a code: case, spaces, dashes, Cyrillic letters for Latin ones.

    The result is a code only if `looks_like_code` says so.
    """
    shown = unicodedata.normalize("NFKD", typed).upper()
    kept = (letter for letter in shown if not _is_gap(letter))
    return "".join(kept).translate(_LOOK_ALIKE)


def looks_like_code(text: str) -> bool:
    """Say whether a message may be meant as an activation code, however it was typed."""
    if len(text) > _MOST_TYPED:
        return False
    code = normalise(text)
    return len(code) in _GROUPS and all(letter in ALPHABET for letter in code)


def resembles_code(text: str) -> bool:
    """Say whether a message was meant as a code, mistyped or among words, though it is none."""
    if len(text) > _MOST_TYPED or looks_like_code(text):
        return False
    pieces = [piece.strip(_AROUND) for piece in text.split()]
    is_grouped = all(len(piece) in _GROUP and _is_plain(piece) for piece in pieces)
    return any(map(_is_nearly_one, [*pieces, *(["-".join(pieces)] if is_grouped else [])]))


def _is_nearly_one(piece: str) -> bool:
    """Say whether a piece is about as long as a code and mixes letters and digits as one does.

    One of letters alone has to be in capitals and in groups.
    """
    code = normalise(piece)
    if not _ABOUT_AS_LONG.fullmatch(code) or code.isdecimal():
        return False
    if any(map(str.isdecimal, piece)):
        return "-" in piece or _is_plain(piece)
    return piece.isupper() and piece.isascii() and "-" in piece


def _is_plain(piece: str) -> bool:
    """Say whether there are no small Cyrillic letters, as in a word and not in a code."""
    return piece.isascii() or not any(map(str.islower, piece))


def fingerprint(code: str, pepper: bytes) -> str:
    """Hash a code for storage and look-up: HMAC-SHA256 in hex, of its normal form.

    An empty pepper raises ValueError: ten characters alone could be guessed from the hash.
    """
    if not pepper:
        raise ValueError("a fingerprint needs a pepper")
    return hmac.new(pepper, normalise(code).encode(), hashlib.sha256).hexdigest()


def _is_gap(letter: str) -> bool:
    return letter == _MINUS or unicodedata.category(letter) in _GAPS
