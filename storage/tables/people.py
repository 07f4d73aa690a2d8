"""Schools and people: who belongs to a school, in which role, and on which messenger."""

import sqlalchemy as sa

from storage.tables.base import Instant, key, metadata, personal, plain, ref

schools = sa.Table(
    "schools",
    metadata,
    key(),
    plain("name", sa.Text),
    plain("time_zone", sa.Text),
    plain("country", sa.Text),
    plain("morning", sa.Time),
    plain("mail_check", sa.Time),
    plain("review_nudges", sa.Text),
    plain("review_cutoff", sa.Time),
    plain("digest", sa.Time),
    plain("quiet_from", sa.Time),
    plain("quiet_until", sa.Time),
    plain("platform_url", sa.Text),
    plain("informal_parallels", sa.Text),
    plain("language", sa.Text),
    plain("code_pepper", sa.LargeBinary),
)

persons = sa.Table(
    "persons",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    plain("roster_key", sa.Text),
    personal("surname", sa.Text),
    personal("given_name", sa.Text),
    personal("patronymic", sa.Text),
    personal("birth_date", sa.Date, nullable=True),
    personal("email", sa.Text),
    personal("phone", sa.Text),
    plain("left_on", sa.Date, nullable=True),
    sa.UniqueConstraint("school_id", "roster_key"),
)

roles = sa.Table(
    "roles",
    metadata,
    ref("person_id", "persons.id", primary_key=True, index=False),
    plain("role", sa.Text, primary_key=True),
)

classes = sa.Table(
    "classes",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    plain("parallel", sa.Integer),
    plain("letter", sa.Text),
    plain("week_days", sa.Integer),
    plain("shift", sa.Integer),
    ref("class_teacher_id", "persons.id", nullable=True),
    sa.UniqueConstraint("school_id", "parallel", "letter"),
)

students = sa.Table(
    "students",
    metadata,
    ref("person_id", "persons.id", primary_key=True, index=False),
    ref("class_id", "classes.id"),
    plain("mode", sa.Text),
)

guardianships = sa.Table(
    "guardianships",
    metadata,
    ref("guardian_id", "persons.id", primary_key=True, index=False),
    ref("student_id", "persons.id", primary_key=True),
    plain("relation", sa.Text),
    plain("is_legal", sa.Boolean),
)

accounts = sa.Table(
    "accounts",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    ref("person_id", "persons.id"),
    plain("messenger", sa.Text),
    personal("user_ref", sa.Text),
    personal("chat_ref", sa.Text),
    plain("bound_at", Instant),
    plain("last_seen_at", Instant),
    plain("unbound_at", Instant, nullable=True),
    plain("blocked_at", Instant, nullable=True),
)
sa.Index(
    "uq_accounts_bound",
    accounts.c.messenger,
    accounts.c.user_ref,
    unique=True,
    sqlite_where=accounts.c.unbound_at.is_(None),
    postgresql_where=accounts.c.unbound_at.is_(None),
)

activation_codes = sa.Table(
    "activation_codes",
    metadata,
    key(),
    ref("school_id", "schools.id"),
    ref("person_id", "persons.id"),
    plain("fingerprint", sa.Text, unique=True),
    plain("issued_at", Instant),
    plain("expires_at", Instant),
    plain("used_at", Instant, nullable=True),
    plain("revoked_at", Instant, nullable=True),
)

code_tries = sa.Table(
    "code_tries",
    metadata,
    key(),
    plain("messenger", sa.Text),
    personal("user_ref", sa.Text),
    plain("tried_at", Instant, index=True),
    sa.Index("ix_code_tries_who", "messenger", "user_ref", "tried_at"),
)

registrations = sa.Table(
    "registrations",
    metadata,
    ref("person_id", "persons.id", primary_key=True, index=False),
    plain("state", sa.Text),
    plain("told_at", Instant),
    ref("told_by", "persons.id", index=False),
)

audit = sa.Table(
    "audit",
    metadata,
    key(),
    plain("school_id", sa.Integer, index=True),
    plain("at", Instant),
    plain("actor_id", sa.Integer, nullable=True),
    plain("what", sa.Text, index=True),
    plain("object", sa.Text),
    personal("details", sa.JSON),
)
