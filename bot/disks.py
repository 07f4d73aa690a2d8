"""How much room is left where the bot keeps things."""

import shutil
from pathlib import Path

LEAST_BYTES = 32 << 20
"""A file that a person sends may take twenty megabytes."""


def nearest(place: Path) -> Path:
    """Give a folder, or where it would be made."""
    place = place.resolve()
    while not place.exists():
        place = place.parent
    return place


def is_full(place: Path) -> bool:
    """Say whether a disk has no room for what comes; SQLite may find some in its own journal."""
    try:
        return shutil.disk_usage(nearest(place)).free < LEAST_BYTES
    except OSError:
        return True
