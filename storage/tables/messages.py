"""What is said: inbox, outbox, cards that change in place, and where each conversation stands."""

import sqlalchemy as sa

from storage.tables.base import Instant, key, metadata, personal, plain, ref

inbox = sa.Table(
    "inbox",
    metadata,
    key(),
    plain("messenger", sa.Text),
    plain("update_ref", sa.Text),
    plain("sender", sa.Text),
    plain("state", sa.Text),
    personal("raw", sa.Text),
    personal("event", sa.Text),
    plain("received_at", Instant),
    plain("attempts", sa.Integer),
    plain("error", sa.Text),
    plain("done_at", Instant, nullable=True),
    sa.UniqueConstraint("messenger", "update_ref"),
    sa.Index("ix_inbox_state", "state", "id"),
    sa.Index("ix_inbox_sender", "sender", "state", "id"),
)

inbox_files = sa.Table(
    "inbox_files",
    metadata,
    ref("event_id", "inbox.id", primary_key=True, index=False),
    plain("position", sa.Integer, primary_key=True),
    plain("state", sa.Text),
    ref("file_id", "files.id", nullable=True),
)

outbox = sa.Table(
    "outbox",
    metadata,
    key(),
    plain("school_id", sa.Integer, index=True),
    plain("key", sa.Text, unique=True),
    plain("kind", sa.Text),
    plain("object", sa.Text, index=True),
    plain("person_id", sa.Integer, index=True),
    plain("lane", sa.Text),
    personal("address", sa.Text),
    plain("is_reply", sa.Boolean),
    plain("card", sa.Text),
    personal("payload", sa.JSON),
    personal("rendered", sa.Text),
    plain("created_at", Instant),
    plain("send_after", Instant),
    plain("useful_until", Instant, nullable=True),
    plain("state", sa.Text),
    plain("attempts", sa.Integer),
    plain("message_ref", sa.Text),
    plain("error", sa.Text),
    plain("sent_at", Instant, nullable=True),
    sa.Index("ix_outbox_lane", "lane", "state", "is_reply", "send_after", "id"),
    sa.Index("ix_outbox_chat", "lane", "address", "state", "id"),
)

letters = sa.Table(
    "letters",
    metadata,
    ref("outbox_id", "outbox.id", primary_key=True, index=False),
    ref("student_id", "persons.id", primary_key=True),
    plain("day", sa.Date),
)

cards = sa.Table(
    "cards",
    metadata,
    plain("messenger", sa.Text, primary_key=True),
    personal("chat_ref", sa.Text, primary_key=True),
    plain("card", sa.Text, primary_key=True),
    plain("message_ref", sa.Text),
)

sessions = sa.Table(
    "sessions",
    metadata,
    plain("messenger", sa.Text, primary_key=True),
    personal("chat_ref", sa.Text, primary_key=True),
    plain("step", sa.Text),
    personal("data", sa.JSON),
    plain("asked", sa.Text),
    plain("since", Instant),
)

moments = sa.Table(
    "moments",
    metadata,
    ref("school_id", "schools.id", primary_key=True, index=False),
    plain("day", sa.Date, primary_key=True),
    plain("moment", sa.Text, primary_key=True),
    plain("planned_at", Instant),
)
