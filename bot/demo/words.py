"""The words of the page, as it fills them in itself: `{ $name }` becomes `{name}`."""

from fluent.syntax.ast import Message, Pattern, Placeable, TextElement, VariableReference

from handlers.texts import page_resource


def page_words(language: str) -> dict[str, str]:
    """Return the messages that are text with places in it; what chooses or counts is left out."""
    found = {}
    for resource in page_resource(language).values():
        for entry in resource.body:
            if isinstance(entry, Message) and entry.value is not None:
                text = _plain(entry.value)
                if text is not None:
                    found[entry.id.name] = text
    return found


def _plain(pattern: Pattern) -> str | None:
    parts = []
    for element in pattern.elements:
        match element:
            case TextElement(value=text):
                parts.append(text)
            case Placeable(expression=VariableReference(id=name)):
                parts.append(f"{{{name.name}}}")
            case _:
                return None
    return "".join(parts)
