"""Stored files as they are shown: photos that follow one another as albums, the rest singly."""

from collections.abc import Iterable
from itertools import groupby

from handlers.messages import ALBUM_FILES, FileKind, Reply, StoredFile
from storage.tasks import PartFile
from storage.works import Part


def stored(pieces: Iterable[PartFile | Part]) -> tuple[StoredFile, ...]:
    """Make the files among some pieces ready to be shown, in order."""
    return tuple(
        StoredFile(piece.file_id, FileKind(piece.kind), piece.name)
        for piece in pieces
        if piece.file_id
    )


def albums(files: Iterable[StoredFile]) -> list[Reply]:
    """Lay files out in messages, in order: up to ten photos to one, each other file alone."""
    replies = []
    for is_photo, run in groupby(files, key=lambda file: file.kind is FileKind.PHOTO):
        of_run, size = list(run), ALBUM_FILES if is_photo else 1
        replies += [
            Reply(files=tuple(of_run[first : first + size]))
            for first in range(0, len(of_run), size)
        ]
    return replies
