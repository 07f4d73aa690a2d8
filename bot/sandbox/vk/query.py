"""A call of a VK method, decoded: whose token, which parameters, which version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.nouns import BotAccount
from bot.sandbox.vk.rules import OLDEST_VERSION, Refusal, invalid, required

TRUE = frozenset({"1", "true", "True"})
INT32 = 2**31


@dataclass(frozen=True, slots=True)
class Query:
    """One call. `params` are texts, as the form carries them, without the token."""

    bot: BotAccount
    method: str
    params: Mapping[str, str]
    version: tuple[int, int]

    def text(self, name: str) -> str:
        """Give a text, empty where there is none."""
        return self.params.get(name, "")

    def need(self, name: str) -> str:
        """Give a text that has to be there."""
        value = self.text(name)
        if not value:
            raise required(name)
        return value

    def flag(self, name: str) -> bool:
        """Give a checkbox."""
        return self.text(name) in TRUE

    def number(self, name: str, default: int = 0) -> int:
        """Give a whole number, or refuse what is none."""
        value = self.text(name)
        if not value:
            return default
        return _whole(name, value)

    def need_number(self, name: str) -> int:
        """Give a whole number that has to be there."""
        return _whole(name, self.need(name))

    def numbers(self, name: str, most: int) -> list[int]:
        """Give a list written with commas, or refuse one longer than `most`."""
        value = self.text(name)
        found = [_whole(name, one.strip()) for one in value.split(",")] if value else []
        if len(found) > most:
            raise invalid(f"{name} should contain not more than {most} items")
        return found

    def random_id(self) -> int:
        """Give `random_id`, which has to be there and fit 32 bits."""
        value = self.need_number("random_id")
        if not -INT32 <= value < INT32:
            raise invalid("random_id should be a 32-bit integer")
        return value

    def structure(self, name: str) -> dict[str, Any] | None:
        """Give a JSON object, None where it was left out."""
        value = self.text(name)
        if not value:
            return None
        try:
            found = json.loads(value)
        except ValueError:
            raise invalid(f"{name} contains incorrect JSON") from None
        if not isinstance(found, dict):
            raise invalid(f"{name} should be a JSON object")
        return found


def read_version(params: Mapping[str, str]) -> tuple[int, int]:
    """Read `v`, or refuse a call without it or with one that VK has given up."""
    value = params.get("v", "")
    if not value:
        raise Refusal(8, "v (version) is required")
    major, _, minor = value.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise Refusal(8, "v (version) is invalid")
    version = (int(major), int(minor))
    if version < OLDEST_VERSION:
        raise Refusal(8, "versions below 5.81 are deprecated")
    return version


def _whole(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise invalid(f"{name} should be an integer") from None
