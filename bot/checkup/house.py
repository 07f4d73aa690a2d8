"""The doctor looks at the machine: disk, the last backup, and whether the bot is alive."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from bot import pulse
from bot.checkup.report import Report
from bot.commands.terminal import say
from bot.pulse import Heartbeat
from bot.settings import Settings
from storage.backups import archive
from storage.backups.failures import BadArchive
from storage.backups.shelf import Shelf

GIGABYTE = 1 << 30
LEAST_BYTES = GIGABYTE
LEAST_SHARE = 0.1
ENOUGH_BYTES = 10 * GIGABYTE
"""So much is enough on any disk, however small a share of it."""
LONGEST_WITHOUT_BACKUP = timedelta(hours=36)
SILENCE = timedelta(minutes=2)
UNHEARD = timedelta(minutes=3)


def examine_disks(places: list[Path], report: Report) -> None:
    """Complain where less than 1 GiB is left, or less than a tenth and no 10 GiB."""
    seen = set()
    for place in places:
        there = _nearest(place)
        device = there.stat().st_dev
        if device in seen:
            continue
        seen.add(device)
        usage = shutil.disk_usage(there)
        free = f"{usage.free / GIGABYTE:.1f}"
        report.line("cli-free" if len(seen) == 1 else str(there), say("cli-gigabytes", size=free))
        is_short = usage.free < min(ENOUGH_BYTES, LEAST_SHARE * usage.total)
        if usage.free < LEAST_BYTES or is_short:
            report.complain("cli-disk-full", place=str(there), size=free)


def examine_backups(configured: Settings, now: datetime, report: Report) -> None:
    """Complain where the newest backup is older than a day and a half, or cannot be read."""
    if configured.backup_dir is None:
        report.line("cli-last-backup", "—")
        report.note("cli-no-backups")
        return
    try:
        newest = next(iter(Shelf(configured.backup_dir).archives()), None)
        report.line("cli-last-backup", report.local.stamp(newest.made_at) if newest else "—")
        if newest is None:
            report.complain("cli-never-backed-up", folder=str(configured.backup_dir))
            return
        if now - newest.made_at > LONGEST_WITHOUT_BACKUP:
            report.complain("cli-backup-is-old", made=report.local.stamp(newest.made_at))
        archive.read(newest.path)
    except BadArchive as error:
        report.complain("cli-backup-unreadable", reason=str(error))
    except OSError as error:
        reason = error.strerror or str(error)
        report.complain("cli-backup-unreadable", reason=reason)


def examine_life(configured: Settings, real_now: datetime, report: Report) -> None:
    """Look at the heartbeat that `run` leaves; `real_now` is the wall clock's."""
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
        report.line(f"{messenger}: {say('cli-heard')}", heard)
        if beat.at - poll.succeeded > UNHEARD:
            trouble = poll.trouble or "—"
            report.complain("cli-unheard", messenger=messenger, since=heard, trouble=trouble)


def _nearest(place: Path) -> Path:
    """Give a folder, or where it would be made."""
    place = place.resolve()
    while not place.exists():
        place = place.parent
    return place
