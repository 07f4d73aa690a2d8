"""One-time activation codes (5.4): made, read back from hurried typing, and hashed."""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
FAMILY_LENGTH = 10
STAFF_LENGTH = 16
_GROUPS = {FAMILY_LENGTH: 5, STAFF_LENGTH: 4}
_MOST_TYPED = 80
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


def fingerprint(code: str, pepper: bytes) -> str:
    """Hash a code for storage and look-up: HMAC-SHA256 in hex, of its normal form.

    An empty pepper raises ValueError: ten characters alone could be guessed from the hash.
    """
    if not pepper:
        raise ValueError("a fingerprint needs a pepper")
    return hmac.new(pepper, normalise(code).encode(), hashlib.sha256).hexdigest()


def _is_gap(letter: str) -> bool:
    return letter == _MINUS or unicodedata.category(letter) in _GAPS
