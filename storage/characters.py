"""What characters a database keeps: PostgreSQL knows no NUL, and neither knows half a character."""


def storable(text: str) -> str:
    """Put a question mark for half a character, and a replacement character for NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
