"""Why a backup could not be made or put back; whatever happens, the old state stays whole."""

from enum import Enum


class Fault(Enum):
    """What is wrong with a backup or a database, where that has a name; the value is for a log."""

    NO_ARCHIVE = "{name} is no archive: {error}"
    NO_BACKUP = "{name} does not come first: this is no backup"
    NO_MANIFEST = "{name} makes no sense: {error}"
    FORMAT = "{name}: format {found}, known is {known}"
    PARTS = "{name}: other parts than there should be"
    MISSING = "{name} is missing"
    EXTRA = "{name}: a member that should not be there"
    SIZE = "{name}: another size than the manifest says"
    DAMAGED = "{name}: damaged"
    NO_LIST = "{name}: this is no list of files"
    OTHER_DATABASE = "the database is another than the manifest says"
    OTHER_LIST = "the list of files is another than the database says"
    OTHER_COPY = "the copy reads back differently"
    LOST_REFERENCE = "a row of {table} refers to nothing in {other}"


class BackupFailed(Exception):
    """No backup was made, or nothing was restored; the message says why, for a log.

    `fault` and `params` say the same for a sentence; without a fault it is in another's words.
    """

    count = 0

    def __init__(self, why: Fault | str, **params: str) -> None:
        super().__init__(why.value.format(**params) if isinstance(why, Fault) else why)
        self.fault = why if isinstance(why, Fault) else None
        self.params = params


class ShelfInUse(BackupFailed):
    """Another backup is being made on the same shelf."""


class Unsound(BackupFailed):
    """The database is damaged, or it is none of ours."""


class NoRoom(BackupFailed):
    """A disk is full; the message names the folder."""


class DiskFailed(BackupFailed):
    """A disk does not read or write; nobody knows whether that of the database or of the copy."""


class BadArchive(BackupFailed):
    """The archive is damaged, incomplete, or something else."""


class Interrupted(BackupFailed):
    """The program was told to stop meanwhile."""


class Occupied(BackupFailed):
    """There is a database already, and nobody said that it may be set aside."""


class InUse(BackupFailed):
    """Another program has the database open."""


class FilesLacking(BackupFailed):
    """Files that the backup names are not beside it; `count` says how many."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} files are not beside the archive")
        self.count = count
