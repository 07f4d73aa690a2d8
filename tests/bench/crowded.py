"""A school as large as a region, made by SQL in seconds: what the benches measure against.

Every class learns at a distance, and everybody has a chat. Students are the persons 1…N, their
guardians N+1…2N, and the class teachers follow.
"""

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from storage import schema, schools
from storage.database import Database
from storage.tables import metadata
from storage.tables.base import Instant

CLASS_SIZE = 25
LESSONS = 6

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
_ROWS = (
    """INSERT INTO persons
         (id, school_id, roster_key, surname, given_name, patronymic, email, phone)
       SELECT i, :school, 'x:' || i, 'Фамилия' || i, 'Имя', 'Отчество',
              CASE WHEN i % 2 = 0 THEN i || '@example.org' ELSE '' END, ''
         FROM n""",
    """INSERT INTO classes (id, school_id, parallel, letter, week_days, shift, class_teacher_id)
       SELECT i, :school, 1 + i % 11, 'К' || i, 5, 1, :first_teacher + i - 1
         FROM n WHERE i <= :classes""",
    """INSERT INTO students (person_id, class_id, mode)
       SELECT i, 1 + (i - 1) / :size, 'ordinary' FROM n WHERE i <= :students""",
    """INSERT INTO guardianships (guardian_id, student_id, relation, is_legal)
       SELECT :students + i, i, 'мать', :yes FROM n WHERE i <= :students""",
    """INSERT INTO roles (person_id, role)
       SELECT i, CASE WHEN i <= :students THEN 'student'
                      WHEN i < :first_teacher THEN 'guardian' ELSE 'teacher' END
         FROM n""",
    """INSERT INTO accounts
         (school_id, person_id, messenger, user_ref, chat_ref, bound_at, last_seen_at)
       SELECT :school, i, 'telegram', '' || i, '' || i, :at, :at FROM n""",
    """INSERT INTO subjects (id, school_id, name) VALUES (:subject, :school, 'Алгебра')""",
    """INSERT INTO study_modes (school_id, class_id, mode, starts_on, order_ref, subjects)
       SELECT :school, i, 'distance', :day, 'Приказ 1', '' FROM n WHERE i <= :classes""",
    """INSERT INTO lessons
         (class_id, subject_id, teacher_id, weekday, lesson, week, format, link)
       SELECT 1 + (i - 1) / :lessons, :subject, :first_teacher + (i - 1) / :lessons, :weekday,
              1 + i % :lessons, 'every', 'online', ''
         FROM n WHERE i <= :classes * :lessons""",
    """INSERT INTO teachings (teacher_id, class_id, subject_id)
       SELECT :first_teacher + i - 1, i, :subject FROM n WHERE i <= :classes""",
    """INSERT INTO bells (school_id, shift, lesson, starts, ends)
       SELECT :school, 1, i, :eight, :nine FROM n WHERE i <= :lessons""",
)
_TYPES: dict[str, Any] = {
    "at": Instant(),
    "day": sa.Date(),
    "eight": sa.Time(),
    "nine": sa.Time(),
    "yes": sa.Boolean(),
}
_SCHOOL = {
    "name": "Школа",
    "time_zone": "Europe/Moscow",
    "country": "RU",
    "morning": time(7, 30),
    "mail_check": time(15, 0),
    "review_nudges": "15:00;18:00",
    "review_cutoff": time(18, 0),
    "digest": time(18, 30),
    "quiet_from": time(21, 0),
    "quiet_until": time(7, 0),
    "platform_url": "",
    "informal_parallels": "5,6,7,8,9",
    "language": "ru",
    "code_pepper": b"pepper",
}


async def crowded(database: Database, students: int, at: datetime) -> None:
    """Migrate an empty database and put one school with so many students in it.

    `at` is an instant of the day on which distance learning begins.
    """
    await schema.migrate(database)
    day: date = at.date()
    classes = -(-students // CLASS_SIZE)
    async with database.write() as tx:
        values = {
            "school": await schools.add(tx, _SCHOOL),
            "students": students,
            "classes": classes,
            "first_teacher": 2 * students + 1,
            "last": 2 * students + classes,
            "size": CLASS_SIZE,
            "lessons": LESSONS,
            "subject": 1,
            "weekday": day.isoweekday(),
            "day": day,
            "at": at,
            "eight": time(8, 30),
            "nine": time(9, 10),
            "yes": True,
        }
        for insert in _ROWS:
            numbered = insert if "VALUES" in insert else f"{_NUMBERS} {insert}"
            statement = sa.text(numbered)
            asked = {name: values[name] for name in statement.compile().params}
            typed = [sa.bindparam(name, type_=_TYPES.get(name)) for name in asked]
            await tx.execute(statement.bindparams(*typed), asked)
        if not database.is_sqlite:
            for table in metadata.tables:
                await tx.execute(sa.text(f"ANALYZE {table}"))
