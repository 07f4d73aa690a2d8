"""Turns parse_mode=HTML into a plain text with entities, and finds commands in what people say."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.rules import bad

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s[^<>]*)?)>")
HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)')""")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")

Entities = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as people see it; offsets of entities count UTF-16 units."""

    text: str
    entities: Entities = ()


def units(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def read_text(params: Params, name: str, entities_name: str) -> Formatted:
    """Read a text parameter by its parse_mode, or refuse; spaces around it are cut off."""
    text = params.text(name)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        formatted = _from_html(text)
    elif mode in {"", "none"}:
        formatted = Formatted(text, _given(params.text(entities_name)))
    else:
        raise bad("unsupported parse_mode")
    return _trimmed(formatted)


def commands_in(text: str) -> Entities:
    """Find the bot commands in what a person wrote."""
    return tuple(
        {
            "type": "bot_command",
            "offset": units(text[: found.start()]),
            "length": units(found.group()),
        }
        for found in COMMAND.finditer(text)
    )


def _given(text: str) -> Entities:
    if not text:
        return ()
    try:
        entities = json.loads(text)
    except ValueError:
        raise bad("can't parse entities JSON object") from None
    if not isinstance(entities, list) or not all(_is_entity(one) for one in entities):
        raise bad("can't parse MessageEntity: expected an Object with a type, offset and length")
    return tuple(entities)


def _is_entity(one: object) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("type"), str)
        and isinstance(one.get("offset"), int)
        and isinstance(one.get("length"), int)
    )


def _trimmed(formatted: Formatted) -> Formatted:
    stripped = formatted.text.strip()
    cut = units(formatted.text) - units(formatted.text.lstrip())
    most = units(stripped)
    entities = []
    for entity in formatted.entities:
        start = max(0, int(entity["offset"]) - cut)
        end = min(most, int(entity["offset"]) + int(entity["length"]) - cut)
        if end > start:
            entities.append({**entity, "offset": start, "length": end - start})
    return Formatted(stripped, tuple(entities))


def _from_html(source: str) -> Formatted:
    text = ""
    entities: list[dict[str, Any]] = []
    opened: list[tuple[str, int, dict[str, Any]]] = []
    at = 0
    while at < len(source):
        if source[at] != "<":
            end = source.find("<", at)
            end = len(source) if end < 0 else end
            text += REFERENCE.sub(lambda found: html.unescape(found.group()), source[at:end])
            at = end
            continue
        found = TAG.match(source, at)
        where = f"at byte offset {len(source[:at].encode())}"
        if found is None:
            raise _cannot(f"Unclosed start tag {where}")
        closing, tag, attributes = found.group(1), found.group(2).lower(), found.group(3)
        if closing:
            entities.extend(_close(opened, tag, text, where))
        else:
            opened.append((tag, units(text), _entity(tag, attributes, where)))
        at = found.end()
    if opened:
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text, tuple(entities))


def _entity(tag: str, attributes: str, where: str) -> dict[str, Any]:
    kind = TAGS.get(tag)
    if tag == "span" and "tg-spoiler" in attributes:
        kind = "spoiler"
    if kind is None:
        raise _cannot(f'Unsupported start tag "{tag}" {where}')
    if kind == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    if kind == "text_link":
        href = HREF.search(attributes)
        if href is not None:
            return {"type": kind, "url": html.unescape(href.group(1) or href.group(2) or "")}
    return {"type": kind}


def _close(
    opened: list[tuple[str, int, dict[str, Any]]], tag: str, text: str, where: str
) -> list[dict[str, Any]]:
    if not opened:
        raise _cannot(f"Unexpected end tag {where}")
    expected, start, entity = opened.pop()
    if tag not in {"", expected}:
        raise _cannot(f'Unmatched end tag {where}, expected "</{expected}>", found "</{tag}>"')
    length = units(text) - start
    nameless = entity["type"] == "text_link" and not entity.get("url")
    return [{**entity, "offset": start, "length": length}] if length and not nameless else []


def _cannot(reason: str) -> Exception:
    return bad(f"can't parse entities: {reason}")
