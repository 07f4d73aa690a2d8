"""Counts what the bot does, for Prometheus. No label ever names a person, a chat or a message."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST
FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
SLOW = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Meter:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = every = CollectorRegistry()
        ProcessCollector(registry=every)
        self._updates = Counter(
            "dezhurny_updates",
            "Updates that a messenger handed over",
            ["messenger"],
            registry=every,
        )
        self._polls = Counter(
            "dezhurny_polls",
            "Polls of a messenger by result",
            ["messenger", "result"],
            registry=every,
        )
        self._events = Counter(
            "dezhurny_events", "Tries to handle an event by result", ["result"], registry=every
        )
        self._handling = Histogram(
            "dezhurny_handling_seconds",
            "How long handling an event took",
            buckets=FAST,
            registry=every,
        )
        self._sends = Counter(
            "dezhurny_sends",
            "Requests that carried a message by result",
            ["lane", "what", "result"],
            registry=every,
        )
        self._sending = Histogram(
            "dezhurny_sending_seconds",
            "How long a request that carried a message took",
            ["lane"],
            buckets=SLOW,
            registry=every,
        )
        self._waiting = Histogram(
            "dezhurny_write_wait_seconds",
            "How long a write waited for its turn at the database",
            buckets=FAST,
            registry=every,
        )
        # Finding a counter by its labels costs more than counting.
        self._of_sends = cache(self._sends.labels)
        self._of_sending = cache(self._sending.labels)
        self.inbox = Gauge("dezhurny_inbox", "Events by state", ["state"], registry=every)
        self.outbox = Gauge(
            "dezhurny_outbox", "Messages by lane and state", ["lane", "state"], registry=every
        )
        self.oldest = Gauge(
            "dezhurny_oldest_seconds",
            "How long the oldest has waited: an event for its handler, a message past its time",
            ["queue"],
            registry=every,
        )
        self.since = Gauge(
            "dezhurny_since_seconds",
            "How long ago it last succeeded: a tick, a poll, a backup",
            ["what"],
            registry=every,
        )

    def polled(self, messenger: str, result: str, updates: int = 0) -> None:
        """Count a poll and what it brought."""
        self._polls.labels(messenger, result).inc()
        self._updates.labels(messenger).inc(updates)

    def handled(self, result: str, seconds: float) -> None:
        """Count an event that was tried: handled, failed or quarantined."""
        self._events.labels(result).inc()
        self._handling.observe(seconds)

    def sent(self, lane: str, what: str, result: str, seconds: float) -> None:
        """Count a request that carried a message, or a change of one."""
        self._of_sends(lane, what, result).inc()
        self._of_sending(lane).observe(seconds)

    def waited(self, seconds: float) -> None:
        """Note for how long a write waited for its turn."""
        self._waiting.observe(seconds)

    def exposition(self) -> bytes:
        """Write everything down as Prometheus reads it."""
        return generate_latest(self._registry)
