"""How a changed row is named to the school: in the columns and the values of its own sheets."""

from collections.abc import Mapping
from typing import Any

from school.loading.records import Record
from school.rules.names import ClassName

COLUMNS = {
    "name": "название",
    "time_zone": "часовой_пояс",
    "country": "производственный_календарь",
    "morning": "утро",
    "mail_check": "почта",
    "review_nudges": "проверка",
    "review_cutoff": "срок_проверки",
    "digest": "дайджест",
    "quiet_from": "тишина",
    "quiet_until": "тишина",
    "platform_url": "платформа",
    "informal_parallels": "обращение",
    "language": "язык",
    "surname": "фамилия",
    "given_name": "имя",
    "patronymic": "отчество",
    "birth_date": "дата_рождения",
    "email": "email",
    "phone": "телефон",
    "left_on": "выбытие",
    "role": "роли",
    "mode": "режим",
    "class_id": "класс",
    "student_id": "ученик_id",
    "group_id": "группа",
    "subject_id": "предмет",
    "teacher_id": "учитель",
    "relation": "степень_родства",
    "is_legal": "законный_представитель",
    "week_days": "учебная_неделя",
    "shift": "смена",
    "class_teacher_id": "классный_руководитель",
    "starts": "начало",
    "ends": "конец",
    "starts_on": "дата_с",
    "ends_on": "дата_по",
    "day": "дата",
    "weekday": "день",
    "lesson": "урок",
    "week": "неделя",
    "format": "формат",
    "link": "ссылка",
    "instead_of": "вместо",
    "kind": "вид",
    "parallels": "параллели",
    "note": "примечание",
    "order_ref": "приказ",
    "subjects": "предметы",
    "number": "№",
    "topic": "тема",
    "hours": "часы",
}
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
LABELS = {
    "classes": ("parallel", "letter"),
    "subjects": ("name",),
    "groups": ("class_id", "subject_id", "name"),
    "teachings": ("teacher_id", "class_id", "subject_id", "group_id"),
    "bells": ("shift", "lesson"),
    "lessons": ("class_id", "weekday", "lesson", "subject_id", "group_id"),
    "substitutions": ("day", "lesson", "class_id", "group_id", "subject_id"),
    "periods": ("name", "starts_on", "parallels"),
    "study_modes": ("student_id", "class_id", "starts_on", "subjects"),
    "plan_topics": ("class_id", "subject_id", "number"),
}


def person_label(record: Record) -> str:
    """Give a person's full name with the id of the sheet: «Соколова Мария (S701)»."""
    names = (record["surname"], record["given_name"], record["patronymic"])
    row_id = record["roster_key"].partition(":")[2]
    return f"{' '.join(filter(None, names))} ({row_id})"


def row_label(table: str, record: Record, names: Mapping[str, str]) -> str:
    """Tell what a row of any other table is about; `names` spells the folded subjects."""
    if table == "classes":
        return str(ClassName(record["parallel"], record["letter"]))
    parts = (_shown(column, record[column], names) for column in LABELS[table])
    return " · ".join(part for part in parts if part)


def _shown(column: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    text: str
    match column:
        case "subject_id":
            text = names.get(value, value)
        case "group_id":
            text = value.name
        case "teacher_id" | "student_id":
            text = value.partition(":")[2]
        case "starts_on" | "day":
            text = f"{value:%d.%m.%Y}"
        case "weekday":
            text = WEEKDAYS[value - 1]
        case _:
            text = str(value)
    return text
