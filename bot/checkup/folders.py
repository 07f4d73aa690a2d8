"""Whether anything could be stored in a folder: the doctor asks, and so does `run` as it starts."""

import errno
import os
from pathlib import Path

from bot.disks import nearest


def fault(folder: Path) -> str:
    """Say why nothing could be stored there, "" where it could; changes nothing.

    A folder that is yet to be made needs one above it that may be written to.
    """
    try:
        if folder.is_symlink() and not folder.exists():
            return os.strerror(errno.ENOENT)
        there = nearest(folder)
        if not there.is_dir():
            return os.strerror(errno.ENOTDIR)
    except OSError as error:
        return error.strerror or str(error)
    return "" if os.access(there, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)
