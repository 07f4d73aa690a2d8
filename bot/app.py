"""Puts the bot together: the only place that knows everything."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from bot import garbage, logs, pulse
from bot.checkup import folders
from bot.follow import FollowedClock, Follower
from bot.ingress import Ingress
from bot.meter import Meter
from bot.monitor import Monitor, listening
from bot.nightly import Nightly
from bot.proof import WriteProof
from bot.pulse import Pulse
from bot.settings import BadSettings, Settings
from bot.watched import Messenger, WatchedCourier, WatchedMessenger
from bot.worker import Worker
from handlers.texts import Texts, commands_for_menu
from scheduler import plan
from scheduler.clock import Clock, ShiftedClock, WallClock
from scheduler.delivery import Lane
from scheduler.detour import Detour
from scheduler.lanes import Pace
from scheduler.messenger import NotSent
from scheduler.ticker import ticking
from storage import inbox, journal, numbers, outbox, schema, schools
from storage.backups.making import Place
from storage.backups.shelf import Shelf
from storage.database import Database
from storage.files import FileStore

TICK_SECONDS = 5.0
FOLLOWED_TICK_SECONDS = 1.0
REST_SECONDS = 30.0
CLOCK_SECONDS = 5.0
CATCH_UP_SECONDS = 5.0
TELEGRAM_PER_SECOND = 30.0
VK_PER_SECOND = 200.0
"""Messages: some are sent in one call, and the adapter keeps the calls under VK's twenty."""
MAIL_PER_SECOND = 5.0

Job = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """What runs: lanes by name, the worker, the messengers that are on, and what goes beside."""

    worker: Worker
    ingress: Sequence[Ingress]
    lanes: Sequence[Lane]
    messengers: Sequence[Messenger]
    pulse: Pulse
    beside: Sequence[Job]


async def serve(settings: Settings, *, start: datetime | None = None, clock_url: str = "") -> None:
    """Run the bot until SIGTERM or SIGINT; raises DatabaseInUse if it is running already.

    Raises BadSettings where no file could be stored.
    `start` shifts the clock to another instant; `clock_url` follows a clock elsewhere.
    """
    logs.configure(settings.log_level, settings.log_format)
    meter = Meter()
    database = Database(settings.database_url, meter.waited, settings.lanes_off)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await stack.enter_async_context(database.sole_use())
        demand_files(settings.files_dir)
        await migrate_with_backup(database)
        await warn_of_no_school(database)
        await database.write_whole(lambda tx: numbers.leap(tx, WallClock().now()))
        clock: Clock = ShiftedClock(start) if start else WallClock()
        followed = FollowedClock(clock.now()) if clock_url else None
        clock = followed or clock
        service = await _assemble(settings, database, clock, meter, stack)
        garbage.settle()
        if settings.health_port is not None:
            shelf = Shelf(settings.backup_dir) if settings.backup_dir else None
            proof = WriteProof(database)
            places = {"files": settings.files_dir}
            if database.is_sqlite:
                places["database"] = database.path.parent
            monitor = Monitor(database, proof, service.pulse, meter, clock.now, shelf, places)
            at = (settings.health_host, settings.health_port)
            await stack.enter_async_context(listening(monitor, *at))
        await _until_stopped(service, database, clock, followed, clock_url)
    log.info("stopped")


def demand_files(folder: Path) -> None:
    """Look, at the start only, whether files could be stored; raises BadSettings if not.

    A folder that is lost later is waited for: what people sent is fetched once it is back.
    """
    if reason := folders.fault(folder):
        hint = "DEZHURNY_FILES_DIR is to be a folder that the bot may write to"
        log.error("files.cannot_store", reason=reason, hint=hint)
        raise BadSettings(("DEZHURNY_FILES_DIR",))


async def warn_of_no_school(database: Database) -> None:
    """Say in the log that there is nobody whom the bot could know."""
    async with database.read() as tx:
        if not await schools.every(tx):
            log.warning("school.none", hint="load one first: dezhurny school load PATH")


async def migrate_with_backup(database: Database) -> None:
    """Bring the schema up to date; a SQLite file that has data is copied aside first."""
    is_new = database.is_sqlite and not database.path.exists()
    current = "" if is_new else await schema.revision(database)
    if current == schema.newest():
        return
    if current and database.is_sqlite:
        copy = database.path.with_name(f"{database.path.name}.before-{schema.newest()}")
        await schema.copy_aside(database, copy)
        log.info("database.copied", revision=current)
    await schema.migrate(database)
    log.info("database.migrated", revision=schema.newest())


async def _assemble(
    settings: Settings, database: Database, clock: Clock, meter: Meter, stack: AsyncExitStack
) -> Service:
    store = FileStore(settings.files_dir)
    halves = await asyncio.to_thread(store.sweep)
    if halves:
        log.info("files.swept", halves=halves)
    lanes, ingress, messengers = [], [], []
    found = await _messengers(settings, clock, stack)
    beat = Pulse([one.lane for one, _, _ in found])
    for one, per_second, keeps in found:
        messenger = WatchedMessenger(one, meter, beat)
        ingress.append(Ingress(messenger, database, store, clock.now))
        lanes.append(
            Lane(
                messenger,
                database,
                store,
                clock.now,
                Pace(per_second, chat=messenger.lane == "telegram"),
                keeps_random_id=keeps,
            )
        )
        messengers.append(messenger)
    if settings.smtp_url:
        from bot.messengers.mail import MailCourier  # noqa: PLC0415 only when it is switched on

        mail = await stack.enter_async_context(
            MailCourier(settings.smtp_url.get_secret_value(), settings.mail_from, clock=clock.now)
        )
        courier = WatchedCourier(mail, meter)
        lanes.append(Lane(courier, database, store, clock.now, Pace(MAIL_PER_SECOND)))
    else:
        log.info("mail.off", hint="DEZHURNY_SMTP_URL is not set")
    beside: list[Job] = [partial(pulse.beating, settings.heartbeat, beat, WallClock().now)]
    if database.is_sqlite:
        beside.append(journal.Keeper(database).run)
    beside += [nightly.run for nightly in nightly_for(settings, database, clock)]
    worker = Worker(database, clock.now, meter.handled)
    return Service(worker, ingress, lanes, messengers, beat, beside)


def nightly_for(settings: Settings, database: Database, clock: Clock) -> list[Nightly]:
    """Back up every night where there is a place for it, and the clock is the real one.

    A rehearsal on another day would put its day on the shelf among the real ones.
    """
    if settings.backup_dir is None or not database.is_sqlite:
        hint = "PostgreSQL has pg_dump" if settings.backup_dir else "DEZHURNY_BACKUP_DIR is not set"
        log.info("backup.off", hint=hint)
        return []
    if not isinstance(clock, WallClock):
        log.info("backup.off", hint="the clock is set to another time")
        return []
    place = Place(database.path.resolve(), settings.files_dir, settings.vk_bookmark)
    shelf = Shelf(settings.backup_dir)
    at, keep = settings.backup_at, settings.backup_keep
    return [Nightly(place, shelf, database, clock.now, at, keep)]


async def _messengers(
    settings: Settings, clock: Clock, stack: AsyncExitStack
) -> list[tuple[Messenger, float, bool]]:
    """Start the messengers whose tokens are set; their libraries take seconds to import."""
    found: list[tuple[Messenger, float, bool]] = []
    if settings.telegram_token:
        from bot.messengers.telegram import Telegram  # noqa: PLC0415 slow: only when switched on

        telegram = await stack.enter_async_context(
            Telegram(
                settings.telegram_token.get_secret_value(),
                settings.telegram_api_url,
                clock=clock.now,
                proxy=settings.telegram_proxy.get_secret_value(),
            )
        )
        found.append((telegram, TELEGRAM_PER_SECOND, False))
    else:
        log.info("telegram.off", hint="DEZHURNY_TELEGRAM_TOKEN is not set")
    if settings.vk_token:
        from bot.messengers.bookmark import FileBookmark  # noqa: PLC0415
        from bot.messengers.vk import Vk  # noqa: PLC0415 slow: only when switched on

        vk = await stack.enter_async_context(
            Vk(
                settings.vk_token.get_secret_value(),
                settings.vk_api_url,
                clock=clock.now,
                group_id=settings.vk_group_id or 0,
                bookmark=FileBookmark(settings.vk_bookmark),
            )
        )
        found.append((vk, VK_PER_SECOND, True))
    else:
        log.info("vk.off", hint="DEZHURNY_VK_TOKEN is not set")
    return found


async def _until_stopped(
    service: Service,
    database: Database,
    clock: Clock,
    followed: FollowedClock | None,
    clock_url: str,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    lanes = [lane.name for lane in service.lanes]
    way_round = Detour(database)

    async def fall_due(now: datetime) -> bool:
        is_well = await plan.tick(database, now)
        await way_round.clear(now)
        return is_well

    async def tick() -> None:
        try:
            if await fall_due(clock.now()):
                service.pulse.ticked()
        except Exception:
            log.exception("tick.failed")

    async def visit(now: datetime) -> None:
        await come_to_rest(database, now, lanes)
        await fall_due(now)
        await come_to_rest(database, now, lanes)

    async with asyncio.TaskGroup() as group:
        running = []
        if followed is not None:
            follower = Follower(
                clock_url, followed, visit, lambda after: plan.next_due(database, after)
            )
            running.append(group.create_task(follower.run()))
            await followed.known(CLOCK_SECONDS)
        running += [group.create_task(service.worker.run())]
        running += [group.create_task(ingress.run()) for ingress in service.ingress]
        running += [group.create_task(_deliver(lane, service.ingress)) for lane in service.lanes]
        running += [group.create_task(_introduce(one)) for one in service.messengers]
        running += [group.create_task(job()) for job in service.beside]
        log.info("running", lanes=lanes)
        async with ticking(FOLLOWED_TICK_SECONDS if followed else TICK_SECONDS, tick):
            await stop.wait()
        log.info("stopping")
        async with asyncio.TaskGroup() as last:
            for lane in service.lanes:
                last.create_task(lane.stop())
        for task in running:
            task.cancel()


async def _deliver(lane: Lane, sources: Sequence[Ingress]) -> None:
    """Run a lane, once what its messenger has kept for us is stored."""
    for source in sources:
        if source.name == lane.name:
            await source.caught_up(CATCH_UP_SECONDS)
    await lane.run()


async def _introduce(messenger: Messenger) -> None:
    """Set commands and descriptions; a messenger that is away is introduced at the next start."""
    t = Texts()
    try:
        await messenger.introduce(
            commands_for_menu(t), t("bot-description"), t("bot-short-description")
        )
    except NotSent as error:
        log.warning("introduction.failed", messenger=messenger.lane, cause=str(error))
    except Exception:
        log.exception("introduction.failed", messenger=messenger.lane)


async def come_to_rest(database: Database, now: datetime, lanes: Sequence[str]) -> None:
    """Wait until nothing is under way at an instant, for half a minute at most."""
    deadline = asyncio.get_running_loop().time() + REST_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        async with database.read() as tx:
            busy = await inbox.unfinished(tx) + await outbox.unfinished(tx, lanes, now)
        if not busy:
            return
        await asyncio.sleep(0.02)
    log.warning("rest.not_found", seconds=REST_SECONDS)
