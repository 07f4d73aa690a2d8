"""A file's name as people may see it: what is shown is what it is, on every system."""

import re
import unicodedata

from bot.messengers.text import title

_APART = re.compile(r"[\\/]+")
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}


def shown(name: str) -> str:
    """Take from a name what hides its end or leads elsewhere; "" stays "".

    Marks of direction would show «fdp.exe» as «exe.pdf»; slashes name folders, and CON or NUL
    name devices on Windows. It is cut to 255 characters and keeps its suffix.
    """
    seen = "".join(one for one in name if unicodedata.category(one) not in _UNSEEN)
    whole = title(_APART.sub("_", " ".join(seen.split())))
    return f"-{whole}" if _DEVICE.fullmatch(whole) else whole
