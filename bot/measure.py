"""What one sender may still bring within the hour: all of their files under way draw on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Full(Exception):
    """The sender's measure of the hour does not hold the file."""


@dataclass(eq=False, slots=True)
class Measure:
    """How many files and bytes are left; they are taken when a file begins to come."""

    files: int
    size: int

    @contextmanager
    def share(self, size: int) -> Iterator["Share"]:
        """Set a file's part aside, of the bytes that it declares; a block that fails gives it back.

        Raises Full where it is not there. What declares nothing (0) takes its bytes as they come.
        """
        if self.files < 1 or self.size < max(size, 1):
            raise Full
        share = Share(self)
        share.be(size)
        self.files -= 1
        try:
            yield share
        except BaseException:
            share.be(0)
            self.files += 1
            raise


@dataclass(eq=False, slots=True)
class Share:
    """A file's part of a measure, in bytes."""

    measure: Measure
    size: int = 0

    def hold(self, size: int) -> None:
        """Grow to so many bytes if it is smaller; raises Full where the measure has no more."""
        if size - self.size > self.measure.size:
            raise Full
        self.be(max(size, self.size))

    def be(self, size: int) -> None:
        """Take so many bytes, no more and no less."""
        self.measure.size -= size - self.size
        self.size = size
