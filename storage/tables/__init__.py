"""Every table; importing this package fills `metadata`."""

from storage.tables import messages, people, pulse, timetable, work
from storage.tables.base import metadata

__all__ = ["messages", "metadata", "people", "pulse", "timetable", "work"]
