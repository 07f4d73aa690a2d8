"""The file that the slips with codes go to: it is there whole or not at all, and replaces none."""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.commands import reasons
from bot.commands.terminal import refuse, say

SHEET_BYTES = 256 << 10
SLIP_BYTES = 4096
"""What a PDF takes at most: its fonts, and two QR codes a slip."""


class Paper:
    """A file of slips: taken before the codes are issued, since they can be shown only once.

    Nobody but the owner may read it. At the end of the block it is gone again unless it was filled.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1
        self._is_ours = False
        self.is_filled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        if self._is_ours and not self.is_filled:
            self._path.unlink(missing_ok=True)

    def take(self, slips: int) -> None:
        """Make the file; refuses where there is one, or no room. What is no file is only opened."""
        try:
            self._open()
        except OSError as error:
            reason = reasons.of_system(say, error)
            refuse("cli-slips-shut", file=str(self._path), reason=reason)
        if self._is_ours and _room_at(self._path) < SHEET_BYTES + slips * SLIP_BYTES:
            refuse("cli-slips-no-room", file=str(self._path))

    def fill(self, content: bytes) -> None:
        """Write the slips; refuses where that fails."""
        try:
            self._write(content)
        except OSError as error:
            reason = reasons.of_system(say, error)
            refuse("cli-slips-lost", file=str(self._path), reason=reason)
        self.is_filled = True

    def _open(self) -> None:
        if self._path.is_file():
            refuse("cli-slips-exist", file=str(self._path))
        is_new = not self._path.exists()
        only_new = os.O_CREAT | os.O_EXCL if is_new else 0
        self._handle = os.open(self._path, os.O_WRONLY | only_new, 0o600)
        self._is_ours = is_new

    def _write(self, content: bytes) -> None:
        with os.fdopen(self._handle, "wb", closefd=False) as file:
            file.write(content)


def _room_at(path: Path) -> int:
    return shutil.disk_usage(path.parent).free
