"""`/healthz` and `/metrics`: how the running bot is, for a program that watches it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from bot import disks, meter
from bot.meter import Meter
from bot.proof import WriteProof
from bot.pulse import Pulse
from bot.settings import BadSettings
from storage.backups.shelf import Shelf
from storage.database import Database
from storage.health import Health, health

POLL_SECONDS = 150.0
"""Longer than a long poll with everything that it may wait for."""
TICK_SECONDS = 60.0
ANSWER_SECONDS = 5.0
PATIENCE = timedelta(minutes=15)
OK, UNWELL = 200, 503

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Monitor:
    """What is looked at. `now` gives the school's instant; `shelf` is where backups are made.

    `places` are the folders that need room, by what is kept there.
    """

    database: Database
    proof: WriteProof
    pulse: Pulse
    meter: Meter
    now: Callable[[], datetime]
    shelf: Shelf | None = None
    places: Mapping[str, Path] = field(default_factory=dict)

    async def healthz(self, _request: web.Request) -> web.Response:
        """Answer 200 if all is well, and else 503 with the reasons."""
        found = await self._health()
        reasons = [*self._of_pulse(), *self._of_database(found)]
        if found is not None and not await self.proof.holds():
            reasons.append({"what": "database", "why": "takes no write"})
        reasons += await asyncio.to_thread(self._of_disks)
        said: dict[str, Any] = {
            "status": "unwell" if reasons else "ok",
            "reasons": reasons,
            "seconds_since": {what: round(ago, 1) for what, ago in self._since().items()},
        }
        return web.json_response(said, status=UNWELL if reasons else OK)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Write the counters, and what the database says of its queues."""
        found = await self._health()
        if found is not None:
            self._measure(found)
        for what, ago in self._since().items():
            self.meter.since.labels(what).set(ago)
        now = self.now()
        newest = await asyncio.to_thread(self.shelf.made_by, now) if self.shelf else []
        if newest:
            ago = (now - newest[0].made_at).total_seconds()
            self.meter.since.labels("backup").set(ago)
        body = await asyncio.to_thread(self.meter.exposition)
        return web.Response(body=body, headers={"Content-Type": meter.CONTENT_TYPE})

    async def _health(self) -> Health | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self.database.read() as tx:
                return await health(tx, self.now())
        except Exception:
            log.exception("health.unknown")
            return None

    def _since(self) -> dict[str, float]:
        polls = self.pulse.since_polls()
        return {"tick": self.pulse.since_tick} | {
            name: poll.succeeded for name, poll in polls.items()
        }

    def _of_pulse(self) -> list[dict[str, Any]]:
        reasons = []
        if self.pulse.since_tick > TICK_SECONDS:
            reasons.append({"what": "ticker", "why": "no tick succeeds"})
        for name, poll in self.pulse.since_polls().items():
            if poll.ended > POLL_SECONDS:
                reasons.append({"what": name, "why": "its poll does not end"})
            elif poll.succeeded > POLL_SECONDS:
                reasons.append({"what": name, "why": f"no poll succeeds: {poll.trouble}"})
        return reasons

    def _of_database(self, found: Health | None) -> list[dict[str, Any]]:
        if found is None:
            return [{"what": "database", "why": "does not answer"}]
        queues = {"inbox": found.unhandled_since, "outbox": found.overdue_since}
        return [
            {"what": name, "why": "the oldest has waited too long", "since": since.isoformat()}
            for name, since in queues.items()
            if since is not None and self.now() - since > PATIENCE
        ]

    def _of_disks(self) -> list[dict[str, Any]]:
        full = [name for name, place in self.places.items() if disks.is_full(place)]
        return [{"what": f"disk of the {name}", "why": "is full"} for name in full]

    def _measure(self, found: Health) -> None:
        self.meter.inbox.clear()
        self.meter.outbox.clear()
        for state, count in found.inbox.items():
            self.meter.inbox.labels(state).set(count)
        for (lane, state), count in found.lanes.items():
            self.meter.outbox.labels(lane or "none", state).set(count)
        for queue, since in (("inbox", found.unhandled_since), ("outbox", found.overdue_since)):
            waited = (self.now() - since).total_seconds() if since else 0.0
            self.meter.oldest.labels(queue).set(max(waited, 0.0))


@asynccontextmanager
async def listening(monitor: Monitor, host: str, port: int) -> AsyncIterator[int]:
    """Answer on an address for the length of a block, and give the port.

    Raises BadSettings where nobody can listen there.
    """
    app = web.Application()
    app.add_routes([web.get("/healthz", monitor.healthz), web.get("/metrics", monitor.metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            log.error("health.cannot_listen", reason=error.strerror)  # noqa: TRY400 its words are enough
            raise BadSettings(("DEZHURNY_HEALTH_HOST", "DEZHURNY_HEALTH_PORT")) from None
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
        await monitor.proof.close()
