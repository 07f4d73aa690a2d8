"""The school's time: subjects, groups, bells, lessons, substitutions, the year and study modes."""

import sqlalchemy as sa

from storage.tables.base import key, metadata, personal, plain, ref

subjects = sa.Table(
    "subjects",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    plain("name", sa.Text),
    sa.UniqueConstraint("school_id", "name"),
)

groups = sa.Table(
    "groups",
    metadata,
    key(),
    ref("class_id", "classes.id"),
    ref("subject_id", "subjects.id"),
    plain("name", sa.Text),
    sa.UniqueConstraint("class_id", "subject_id", "name"),
)

group_members = sa.Table(
    "group_members",
    metadata,
    ref("group_id", "groups.id", primary_key=True, index=False),
    ref("student_id", "persons.id", primary_key=True),
)

teachings = sa.Table(
    "teachings",
    metadata,
    key(),
    ref("teacher_id", "persons.id"),
    ref("class_id", "classes.id"),
    ref("subject_id", "subjects.id"),
    ref("group_id", "groups.id", nullable=True),
)

bells = sa.Table(
    "bells",
    metadata,
    ref("school_id", "schools.id", primary_key=True, index=False),
    plain("shift", sa.Integer, primary_key=True),
    plain("lesson", sa.Integer, primary_key=True),
    plain("starts", sa.Time),
    plain("ends", sa.Time),
)

lessons = sa.Table(
    "lessons",
    metadata,
    key(),
    ref("class_id", "classes.id"),
    ref("subject_id", "subjects.id"),
    ref("group_id", "groups.id", nullable=True),
    ref("teacher_id", "persons.id"),
    plain("starts_on", sa.Date, nullable=True),
    plain("ends_on", sa.Date, nullable=True),
    plain("weekday", sa.Integer),
    plain("lesson", sa.Integer),
    plain("week", sa.Text),
    plain("format", sa.Text),
    plain("link", sa.Text),
)

substitutions = sa.Table(
    "substitutions",
    metadata,
    key(),
    ref("class_id", "classes.id"),
    ref("group_id", "groups.id", nullable=True),
    plain("day", sa.Date, index=True),
    plain("lesson", sa.Integer),
    ref("subject_id", "subjects.id", nullable=True),
    ref("teacher_id", "persons.id", nullable=True),
    plain("instead_of", sa.Text),
    plain("format", sa.Text),
    plain("link", sa.Text),
)

periods = sa.Table(
    "periods",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    plain("kind", sa.Text),
    plain("name", sa.Text),
    plain("starts_on", sa.Date),
    plain("ends_on", sa.Date),
    plain("parallels", sa.Text),
    plain("note", sa.Text),
)

study_modes = sa.Table(
    "study_modes",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    ref("student_id", "persons.id", nullable=True),
    ref("class_id", "classes.id", nullable=True),
    plain("mode", sa.Text),
    plain("starts_on", sa.Date),
    plain("ends_on", sa.Date, nullable=True),
    personal("order_ref", sa.Text),
    plain("subjects", sa.Text),
)

plan_topics = sa.Table(
    "plan_topics",
    metadata,
    key(),
    ref("class_id", "classes.id"),
    ref("subject_id", "subjects.id"),
    plain("number", sa.Integer),
    plain("topic", sa.Text),
    plain("hours", sa.Integer),
)
