"""The doctor looks at the machine: disk, the last backup, and whether the bot is alive."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from bot import pulse
from bot.checkup.report import Report
from bot.commands import reasons
from bot.commands.terminal import say
from bot.disks import nearest
from bot.pulse import UNSTORED, Heartbeat, LastPoll
from bot.settings import Settings
from storage.backups import archive
from storage.backups.failures import BadArchive
from storage.backups.manifest import Manifest
from storage.backups.shelf import Shelf
from storage.files import FileStore

GIGABYTE = 1 << 30
LEAST_BYTES = GIGABYTE
LEAST_SHARE = 0.1
ENOUGH_BYTES = 10 * GIGABYTE
"""So much is enough on any disk, however small a share of it."""
LONGEST_WITHOUT_BACKUP = timedelta(hours=36)
SILENCE = timedelta(minutes=2)
UNHEARD = timedelta(minutes=3)
REFUSED = "token_refused"
"""The trouble of a poll with a token that the messenger does not take: waiting mends nothing."""


def examine_disks(places: list[Path], report: Report) -> None:
    """Complain where less than 1 GiB is left, or less than a tenth and no 10 GiB."""
    seen = set()
    for place in places:
        try:
            there = nearest(place)
            device, usage = there.stat().st_dev, shutil.disk_usage(there)
        except OSError as error:
            reason = reasons.of_system(say, error)
            report.complain("cli-place-shut", place=str(place), reason=reason)
            continue
        if device in seen:
            continue
        seen.add(device)
        free = f"{usage.free / GIGABYTE:.1f}"
        report.line("cli-free" if len(seen) == 1 else str(there), say("cli-gigabytes", size=free))
        is_short = usage.free < min(ENOUGH_BYTES, LEAST_SHARE * usage.total)
        if usage.free < LEAST_BYTES or is_short:
            report.complain("cli-disk-full", place=str(there), size=free)


def examine_backups(configured: Settings, now: datetime, report: Report) -> None:
    """Complain where the newest backup is older than a day and a half, or cannot be read.

    One that is dated later than `now` is no newest, and a complaint of its own.
    """
    if configured.backup_dir is None:
        report.line("cli-last-backup", "—")
        report.note("cli-no-backups")
        return
    try:
        shelf = Shelf(configured.backup_dir)
        newest = next(iter(shelf.made_by(now)), None)
        report.line("cli-last-backup", report.local.stamp(newest.made_at) if newest else "—")
        ahead = [one.path.name for one in shelf.archives() if one.made_at > now]
        if ahead:
            report.complain("cli-backup-ahead", file=ahead[0], count=len(ahead))
        if newest is None:
            report.complain("cli-never-backed-up", folder=str(configured.backup_dir))
            return
        if now - newest.made_at > LONGEST_WITHOUT_BACKUP:
            report.complain("cli-backup-is-old", made=report.local.stamp(newest.made_at))
        _examine_missing(configured, archive.read(newest.path), report)
    except BadArchive as error:
        report.complain("cli-backup-unreadable", reason=reasons.of_backup(say, error))
    except OSError as error:
        report.complain("cli-backup-unreadable", reason=reasons.of_system(say, error))


def _examine_missing(configured: Settings, said: Manifest, report: Report) -> None:
    if said.missing:
        first = FileStore(configured.files_dir).path(said.missing[0])
        report.complain("cli-backup-lacks", count=len(said.missing), file=str(first))


def examine_life(configured: Settings, real_now: datetime, report: Report) -> None:
    """Look at who can write to the bot, and at the heartbeat that `run` leaves.

    `real_now` is the wall clock's.
    """
    if not configured.telegram_is_on and not configured.vk_is_on:
        report.complain("cli-nobody-to-serve")
    beat = pulse.read(configured.heartbeat)
    if beat is None:
        report.line("cli-running", "—")
        return
    at = report.local.stamp(beat.at)
    if beat.stopped:
        report.line("cli-running", say("cli-stopped-at", at=at))
        report.complain("cli-is-stopped", at=at)
    elif real_now - beat.at > SILENCE:
        report.line("cli-running", say("cli-silent-since", at=at))
        report.complain("cli-is-silent", at=at)
    else:
        report.line("cli-running", say("cli-alive", number=str(beat.pid)))
        _examine_beat(beat, report)


def _examine_beat(beat: Heartbeat, report: Report) -> None:
    if beat.at - beat.ticked > SILENCE:
        report.complain("cli-does-not-tick", at=report.local.stamp(beat.ticked))
    for messenger, poll in sorted(beat.polls.items()):
        heard = report.local.stamp(poll.succeeded)
        report.line(f"{messenger}: {say('cli-heard')}", _answer(poll, heard))
        if poll.trouble == REFUSED:
            report.complain("cli-bot-token-refused", messenger=messenger)
        elif beat.at - poll.succeeded > UNHEARD and poll.trouble == UNSTORED:
            report.complain("cli-unstored", messenger=messenger, since=heard)
        elif beat.at - poll.succeeded > UNHEARD:
            trouble = poll.trouble or "—"
            report.complain("cli-unheard", messenger=messenger, since=heard, trouble=trouble)


def _answer(poll: LastPoll, heard: str) -> str:
    """Tell when a messenger last answered; while there is trouble, it may never have."""
    if poll.trouble == REFUSED:
        return say("cli-refuses")
    if not poll.is_heard:
        return say("cli-not-heard-yet", since=heard)
    return heard if poll.trouble in {"", UNSTORED} else say("cli-silence", since=heard)
