"""The ends of dates and numbers as people may type or forge them: what reads a text reads these."""

NUMBERS = (
    "0",
    "-1",
    "+1",
    "2147483648",
    "9223372036854775808",
    "1" + "0" * 30,
    "000000005999",
    "9" * 4301,
    "1e400",
    "0x10",
    "1_0",
    "٣٤",
    "²³",
    "Ⅻ",
    "１２",
    "½",
    "NaN",
    "inf",
)
DATES = (
    "0001-01-01",
    "9999-12-31",
    "0000-01-01",
    "10000-01-01",
    "00010101",
    "9999-W53-7",
    "01.01.0001",
    "31.12.9999",
    "29.02.1900",
    "٠١.٠١.٠٠٠١",
    "²³.¹¹.2026",
)
TIMES = ("24:00", "23:60", "00:00", "٢٥:٠٠", "²³:⁵⁹")
INSTANTS = tuple(f"{day} {time}" for day in DATES for time in ("00:00", "23:59"))
EXTREMES = (*NUMBERS, *DATES, *TIMES, *INSTANTS)
