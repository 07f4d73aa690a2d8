"""How the school says no: a key of a text and its parameters, never the text itself."""


class Refusal(Exception):
    """Something that must not or cannot be done; nothing of it remains in the database.

    `key` names a message in `locales/`, `params` are its parameters.
    """

    def __init__(self, key: str, **params: str | float) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


class NotYours(Refusal):
    """The object does not exist for this speaker: the same answer whether it exists at all."""

    def __init__(self) -> None:
        super().__init__("not-yours")
