"""Counts what a bot sends and says when it is too fast, in real time."""

import time
from dataclasses import dataclass

from bot.sandbox.nouns import Chat
from bot.sandbox.telegram.rules import TelegramRules, too_many


@dataclass(slots=True)
class Bucket:
    """Holds up to `size` messages and gets `rate` of them back in a second."""

    size: float
    rate: float
    left: float
    at: float

    def wait(self, amount: int, now: float) -> float:
        """Give the seconds until `amount` fits; more than the size counts as the size."""
        self.left = min(self.size, self.left + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(amount, self.size) - self.left) / self.rate)


class Pace:
    """The buckets of all bots and chats."""

    def __init__(self, rules: TelegramRules) -> None:
        self._rules = rules
        self._bots: dict[int, Bucket] = {}
        self._chats: dict[tuple[int, int], Bucket] = {}

    def take(self, chat: Chat, amount: int = 1) -> None:
        """Count `amount` messages to a chat, or refuse with 429 and count none."""
        if not self._rules.pace:
            return
        now = time.monotonic()
        buckets = (self._of_bot(chat.bot.id, now), self._of_chat(chat, now))
        wait = max(bucket.wait(amount, now) for bucket in buckets)
        if wait > 0:
            raise too_many(wait)
        for bucket in buckets:
            bucket.left -= amount

    def take_edit(self, chat: Chat) -> None:
        """Count an edit: it weighs on the bot's rate only."""
        if not self._rules.pace:
            return
        now = time.monotonic()
        bucket = self._of_bot(chat.bot.id, now)
        if (wait := bucket.wait(1, now)) > 0:
            raise too_many(wait)
        bucket.left -= 1

    def clear(self) -> None:
        """Forget what was sent."""
        self._bots.clear()
        self._chats.clear()

    def _of_bot(self, bot_id: int, now: float) -> Bucket:
        rate = self._rules.bot_rate
        return self._bots.setdefault(bot_id, Bucket(rate, rate, rate, now))

    def _of_chat(self, chat: Chat, now: float) -> Bucket:
        rules = self._rules
        size = rules.group_burst if chat.is_group else rules.chat_burst
        rate = rules.group_rate if chat.is_group else rules.chat_rate
        return self._chats.setdefault((chat.bot.id, chat.id), Bucket(size, rate, size, now))
