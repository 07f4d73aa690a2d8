"""Why a backup could not be made or put back; whatever happens, the old state stays whole."""


class BackupFailed(Exception):
    """No backup was made, or nothing was restored; the message says why, for the operator."""

    count = 0


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
