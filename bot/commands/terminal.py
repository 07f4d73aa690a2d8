"""Speaks to the operator: words from `cli.ftl`, results to stdout, refusals to stderr."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console

from bot import disks, settings
from bot.commands import reasons
from bot.settings import PREFIX, BadSettings
from handlers.texts import Texts
from school.loading import UnknownReferenceError, WhichSchoolError
from storage.backups import failures as backups
from storage.backups.failures import BackupFailed
from storage.database import DatabaseInUse
from storage.failures import Cause, DatabaseFailed, NewerSchema, cause_of, is_in_trouble
from storage.schema import BrokenReferences

FAILURE, USAGE, INTERRUPTED = 1, 2, 130
WIDE = 160
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
OF_DISK = {errno.EIO, errno.EROFS}

BACKUP_FAILURES: dict[type[BackupFailed], str] = {
    backups.FilesLacking: "cli-backup-files-lacking",
    backups.ShelfInUse: "cli-backup-shelf-in-use",
    backups.Unsound: "cli-backup-unsound",
    backups.NoRoom: "cli-backup-no-room",
    backups.DiskFailed: "cli-backup-disk-failed",
    backups.BadArchive: "cli-backup-bad-archive",
    backups.Interrupted: "cli-backup-interrupted",
    backups.Occupied: "cli-backup-occupied",
    backups.InUse: "cli-backup-in-use",
}

say = Texts(os.environ.get(f"{PREFIX}LANGUAGE", "ru"))


def output() -> Console:
    """Open stdout; see `_console`."""
    return _console(is_stderr=False)


def complaints() -> Console:
    """Open stderr; see `_console`."""
    return _console(is_stderr=True)


def _console(*, is_stderr: bool) -> Console:
    """Fold words to the width of a terminal; a file or a pipe gets each sentence as one line.

    Tables there are WIDE; they are printed with soft_wrap=False, for without folding their cells
    run out of their columns.
    """
    console = Console(stderr=is_stderr, highlight=False)
    if console.is_terminal:
        return console
    return Console(stderr=is_stderr, highlight=False, width=WIDE, soft_wrap=True)


def refuse(key: str, *, code: int = FAILURE, **params: str | float) -> NoReturn:
    """End the command with one sentence on stderr."""
    complaints().print(say(key, **params), style="red", markup=False)
    raise typer.Exit(code)


def told(failure: DatabaseFailed) -> tuple[str, dict[str, Any]]:
    """Choose the sentence for a failure of the configured database, and what is said in it.

    SQLite calls a disk without room failing, or full: it is looked at.
    """
    cause, reason = cause_of(failure)
    if "readonly" in reason:
        return "cli-database-read-only", {}
    folder = _database_folder()
    if cause is Cause.OTHER and is_in_trouble(failure) and folder and disks.is_full(folder):
        return "cli-database-full", {"folder": str(folder)}
    return f"cli-{cause}", {"reason": reason}


def _database_folder() -> Path | None:
    with suppress(BadSettings):
        file = settings.load().database_file
        return file.parent if file else None
    return None


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Turn what an operator can cause into one sentence and exit code 1, without a traceback.

    So is a crash; Ctrl+C is a word and 130.
    """
    with _plain_end(), _named():
        yield


@contextmanager
def _named() -> Iterator[None]:
    """Name what an operator can cause."""
    try:
        yield
    except BadSettings as error:
        _refuse_settings(error)
    except DatabaseInUse as error:
        refuse("cli-in-use", database=str(error).removesuffix(".lock"))
    except WhichSchoolError as error:
        refuse("cli-which-school", name=str(error))
    except (UnknownReferenceError, BrokenReferences) as error:
        is_of_roster = isinstance(error, UnknownReferenceError)
        key = "cli-unknown-reference" if is_of_roster else "cli-broken-references"
        refuse(key, what=str(error))
    except NewerSchema:
        refuse("cli-newer-schema")
    except BackupFailed as error:
        reason = reasons.of_backup(say, error)
        refuse(BACKUP_FAILURES[type(error)], reason=reason, count=error.count)
    except DatabaseFailed as error:
        key, params = told(error)
        refuse(key, **params)
    except OSError as error:
        _refuse_system(error)


def _refuse_settings(error: BadSettings) -> NoReturn:
    """Name the variables that make no sense, and apart from them those that are not set."""
    wrong = [name for name in error.variables if name not in error.lacking]
    sentences = [
        say("cli-setting-lacking", variable=name, beside=beside)
        for name, beside in error.lacking.items()
    ]
    if wrong:
        sentences.append(say("cli-bad-settings", variables=", ".join(wrong), count=len(wrong)))
    complaints().print("\n".join(sentences), style="red", markup=False)
    raise typer.Exit(FAILURE)


def _refuse_system(error: OSError) -> NoReturn:
    """Tell a full disk, a file and a connection apart."""
    reason = reasons.of_system(say, error)
    if error.errno in NO_ROOM and error.filename:
        refuse("cli-no-room-for", name=str(error.filename))
    if error.errno in NO_ROOM:
        refuse("cli-no-room")
    if error.filename:
        refuse("cli-file", name=str(error.filename), reason=reason)
    refuse("cli-disk" if error.errno in OF_DISK else "cli-connection", reason=reason)


@contextmanager
def _plain_end() -> Iterator[None]:
    """End an interrupted and a crashed command in one sentence, too."""
    try:
        yield
    except typer.Exit:
        raise
    except (KeyboardInterrupt, typer.Abort):
        refuse("cli-interrupted", code=INTERRUPTED)
    except Exception as error:  # noqa: BLE001  whatever it is, it is told in one sentence
        _log_crash(error)
        refuse("cli-crashed", reason=type(error).__name__, variable=f"{PREFIX}LOG_LEVEL")


def _log_crash(error: Exception) -> None:
    """Log a crash in full if the command has a log, or is to have one by its environment."""
    import structlog  # noqa: PLC0415  only a crash needs it

    from bot import logs  # noqa: PLC0415  only a crash needs it

    if not structlog.is_configured() and os.environ.get(f"{PREFIX}LOG_LEVEL") == "DEBUG":
        logs.configure("DEBUG", os.environ.get(f"{PREFIX}LOG_FORMAT", "console"))
    if structlog.is_configured():
        structlog.get_logger("bot").critical("crashed", exc_info=error)
