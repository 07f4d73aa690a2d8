"""Keeps what people write from becoming a link on VK, which has no other way to say so."""

import re

_LINK = re.compile(r"\[(?=[^\[\]|\n]+\|)")
_MENTION = re.compile(r"(?<!\w)[@*](?=(?:id|club|public|event)\d)")
_ALIKE = {"[": "［", "@": "＠", "*": "＊"}


def unlinked(text: str) -> str:
    """Write the first sign of «[club1|words]» and «@id1» as one that looks like it.

    VK shows the words alone, as a link to wherever the writer wants; the text keeps its length.
    """
    for pattern in (_LINK, _MENTION):
        text = pattern.sub(lambda found: _ALIKE[found[0]], text)
    return text
