"""Remembers across restarts how far a messenger's events were read, where it does not itself."""

import asyncio
import os
from pathlib import Path
from typing import Protocol


class Bookmark(Protocol):
    """A short text that outlives the process."""

    async def read(self) -> str:
        """Give what was written last, "" if nothing was."""
        ...

    async def write(self, text: str) -> None:
        """Replace it; a crash leaves the old text or the new one. Raises OSError."""
        ...


class MemoryBookmark:
    """Remembers nothing beyond the process: for tests."""

    def __init__(self, text: str = "") -> None:
        self.text = text

    async def read(self) -> str:
        """Give what was written last."""
        return self.text

    async def write(self, text: str) -> None:
        """Replace it."""
        self.text = text


class FileBookmark:
    """Keeps the text in a file, replaced in one step."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self) -> str:
        """Give what was written last, "" if nothing was or it cannot be read."""
        return await asyncio.to_thread(self._read)

    async def write(self, text: str) -> None:
        """Replace it, safe from a power cut as well."""
        await asyncio.to_thread(self._write, text)

    def _read(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _write(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
