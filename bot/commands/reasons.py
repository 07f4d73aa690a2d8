"""Why a disk, a connection or a backup failed, in the operator's language."""

import errno
import os

from handlers.texts import Texts
from storage.backups.failures import BackupFailed, Fault

SYSTEM = {
    os.strerror(number): key
    for number, key in (
        (errno.ENOENT, "cli-why-absent"),
        (errno.EACCES, "cli-why-forbidden"),
        (errno.EPERM, "cli-why-forbidden"),
        (errno.EISDIR, "cli-why-folder"),
        (errno.ENOTDIR, "cli-why-no-folder"),
        (errno.EEXIST, "cli-why-taken"),
        (errno.EROFS, "cli-why-read-only"),
        (errno.ENOSPC, "cli-why-full"),
        (errno.EDQUOT, "cli-why-full"),
        (errno.EIO, "cli-why-disk"),
        (errno.ECONNREFUSED, "cli-why-refused"),
    )
}
FAULTS = {
    Fault.NO_ARCHIVE: "cli-fault-no-archive",
    Fault.NO_BACKUP: "cli-fault-no-backup",
    Fault.NO_MANIFEST: "cli-fault-no-manifest",
    Fault.FORMAT: "cli-fault-format",
    Fault.PARTS: "cli-fault-parts",
    Fault.MISSING: "cli-fault-missing",
    Fault.EXTRA: "cli-fault-extra",
    Fault.SIZE: "cli-fault-size",
    Fault.DAMAGED: "cli-fault-damaged",
    Fault.NO_LIST: "cli-fault-no-list",
    Fault.OTHER_DATABASE: "cli-fault-other-database",
    Fault.OTHER_LIST: "cli-fault-other-list",
    Fault.OTHER_COPY: "cli-fault-other-copy",
    Fault.LOST_REFERENCE: "cli-fault-lost-reference",
}


def of_system(t: Texts, error: OSError) -> str:
    """Say why the system refused; what has no words here keeps the system's own."""
    if error.errno == errno.ECONNREFUSED:  # asyncio tells it in words of its own
        return t(SYSTEM[os.strerror(error.errno)])
    return worded(t, error.strerror or str(error))


def worded(t: Texts, reason: str) -> str:
    """Say what the system's own words say; others stay as they are."""
    key = SYSTEM.get(reason)
    return t(key) if key else reason


def of_backup(t: Texts, error: BackupFailed) -> str:
    """Say what is wrong with a backup or a database; the words of SQLite stay as they are."""
    return t(FAULTS[error.fault], **error.params) if error.fault else str(error)
