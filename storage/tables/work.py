"""What is set, handed in and answered: tasks, drafts, works, reviews, files, steps of a day.

What a button names by its number is `sqlite_autoincrement`: an old button must never name a new
thing, neither after the newest one was deleted nor after a restore.
"""

import sqlalchemy as sa

from storage.tables.base import Instant, key, metadata, personal, plain, ref

files = sa.Table(
    "files",
    metadata,
    key(),
    plain("sha256", sa.Text, unique=True),
    plain("size", sa.Integer),
    plain("content_type", sa.Text),
    plain("stored_at", Instant),
)

tasks = sa.Table(
    "tasks",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    ref("teacher_id", "persons.id"),
    ref("class_id", "classes.id"),
    ref("group_id", "groups.id", nullable=True),
    ref("subject_id", "subjects.id"),
    personal("text", sa.Text),
    plain("set_at", Instant),
    plain("due_at", Instant, index=True),
    plain("revision", sa.Integer),
    plain("channel", sa.Text),
    plain("withdrawn_at", Instant, nullable=True),
    sqlite_autoincrement=True,
)

task_files = sa.Table(
    "task_files",
    metadata,
    ref("task_id", "tasks.id", primary_key=True, index=False),
    plain("position", sa.Integer, primary_key=True),
    ref("file_id", "files.id"),
    plain("kind", sa.Text),
    personal("name", sa.Text),
)

drafts = sa.Table(
    "drafts",
    metadata,
    key(),
    plain("messenger", sa.Text),
    personal("chat_ref", sa.Text),
    ref("author_id", "persons.id"),
    ref("student_id", "persons.id", nullable=True),
    ref("task_id", "tasks.id", nullable=True),
    plain("version", sa.Integer),
    plain("started_at", Instant),
    sa.UniqueConstraint("messenger", "chat_ref"),
    sqlite_autoincrement=True,
)

draft_parts = sa.Table(
    "draft_parts",
    metadata,
    key(),
    ref("draft_id", "drafts.id"),
    ref("file_id", "files.id", nullable=True),
    plain("kind", sa.Text),
    personal("name", sa.Text),
    personal("text", sa.Text),
    plain("source", sa.Text),
)

works = sa.Table(
    "works",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    ref("task_id", "tasks.id"),
    ref("student_id", "persons.id"),
    ref("author_id", "persons.id"),
    plain("attempt", sa.Integer),
    plain("number", sa.Text),
    plain("state", sa.Text, index=True),
    plain("sent_at", Instant),
    plain("received_at", Instant),
    plain("is_late", sa.Boolean),
    plain("review_due_on", sa.Date, index=True),
    plain("answer_on", sa.Date),
    sa.UniqueConstraint("school_id", "number"),
    sa.UniqueConstraint("task_id", "student_id", "attempt"),
    sqlite_autoincrement=True,
)

work_parts = sa.Table(
    "work_parts",
    metadata,
    ref("work_id", "works.id", primary_key=True, index=False),
    plain("position", sa.Integer, primary_key=True),
    ref("file_id", "files.id", nullable=True),
    plain("kind", sa.Text),
    personal("name", sa.Text),
    personal("text", sa.Text),
    plain("source", sa.Text),
)

work_numbers = sa.Table(
    "work_numbers",
    metadata,
    ref("class_id", "classes.id", primary_key=True, index=False),
    plain("last", sa.Integer),
)

reviews = sa.Table(
    "reviews",
    metadata,
    key(),
    ref("work_id", "works.id"),
    ref("reviewer_id", "persons.id"),
    plain("outcome", sa.Text),
    personal("mark", sa.Text),
    personal("comment", sa.Text),
    ref("audio_file_id", "files.id", nullable=True),
    plain("released_at", Instant, nullable=True),
    plain("opened_at", Instant, nullable=True),
    ref("opened_by", "persons.id", nullable=True, index=False),
    plain("started_at", Instant),
    sqlite_autoincrement=True,
)

day_steps = sa.Table(
    "day_steps",
    metadata,
    ref("student_id", "persons.id", primary_key=True, index=False),
    plain("day", sa.Date, primary_key=True),
    plain("step", sa.Text, primary_key=True),
    plain("done_at", Instant),
    ref("done_by", "persons.id", index=False),
)
