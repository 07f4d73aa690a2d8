"""When a child comes of age, which ends the parents' right to look (3.6)."""

from datetime import date

ADULT = 18


def is_adult(born: date | None, on: date) -> bool:
    """Say whether somebody born on a date has turned 18; without a birth date nobody has.

    Born on 29 February, one comes of age on 1 March of a common year.
    """
    if born is None:
        return False
    return (on.year - born.year, on.month, on.day) >= (ADULT, born.month, born.day)
