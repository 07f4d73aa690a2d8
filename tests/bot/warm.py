"""Reads, when it is imported, what every life of the bot reads first: its texts and holidays.

A process forked after that has them already, so that twenty lives do not spend their time on it.
"""

import holidays

from handlers.texts import Texts, commands

HAS_TEXTS = bool(commands()) and Texts()("apology")
HAS_HOLIDAYS = bool(holidays.country_holidays("RU", years=range(2026, 2028), language="ru"))
