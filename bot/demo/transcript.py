"""The transcript: what the sandbox received, written for a reader, with the clause beside it."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.sandbox.wire import CallView, LetterView
from handlers.texts import Texts

TELEGRAM_SENDS = {
    "sendMessage": "",
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVoice": "voice",
    "sendAudio": "audio",
    "sendMediaGroup": "album",
    "editMessageText": "edit",
}
VK_SENDS = {"messages.send": "", "messages.edit": "edit"}
INDENT = "      "


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as a person got it: to which chat, how, its text, its buttons and its files."""

    chat: str
    manner: str
    text: str
    buttons: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step of the script."""

    clause: str
    title: str
    note: str
    happened: bool


class Transcript:
    """Writes to a console; `names` tells who sits in a chat ("telegram:100" → «Маша»)."""

    def __init__(self, console: Console, t: Texts) -> None:
        self.console = console
        self.t = t
        self.names: dict[str, str] = {}
        self.outcomes: list[Outcome] = []
        self._shown: dict[str, set[str]] = {}

    def chapter(self, title: str) -> None:
        """Begin a part of the day."""
        self.console.print()
        self.console.rule(Text(title, style="bold"), align="left")

    def step(self, clause: str, title: str) -> None:
        """Begin a step."""
        self.console.print()
        self.console.print(Text.assemble((f"{clause:<7}", "bold cyan"), (title, "bold")))

    def does(self, who: str, what: str) -> None:
        """Write what a person did."""
        self.console.print(Text(f"{INDENT}{who} ▸ {what}", style="green"), soft_wrap=False)

    def call(self, call: CallView) -> None:
        """Write a message that reached the sandbox; other calls are not for the reader."""
        for heard in heard_in(call):
            who = self.names.get(f"{call.messenger}:{heard.chat}", heard.chat)
            manner = f" ({self.t(f'demo-{heard.manner}')})" if heard.manner else ""
            self.console.print(Text(f"{INDENT}{self.t('demo-bot')} → {who}{manner}", style="blue"))
            lines = [(line, "") for line in heard.text.splitlines()]
            lines += [(" ".join(f"[{label}]" for label in row), "yellow") for row in heard.buttons]
            before = self._shown.get(who, set()) if heard.manner == "edit" else set()
            for line, style in lines:
                if line not in before:
                    self._quote(line, style)
            self._shown[who] = {line for line, _ in lines}

    def letter(self, letter: LetterView) -> None:
        """Write a letter that reached the mail server."""
        to = ", ".join(letter.recipients)
        self.console.print(Text(f"{INDENT}✉ {to}: {letter.subject}", style="magenta"))

    def letters(self, letters: list[LetterView]) -> None:
        """Write several letters: the first one, and how many more there were."""
        if letters:
            self.letter(letters[0])
        if len(letters) > 1:
            more = self.t("demo-more-letters", count=len(letters) - 1)
            self.console.print(Text(f"{INDENT}{more}", style="magenta"))

    def done(self, clause: str, title: str, note: str, *, happened: bool) -> None:
        """Keep a step's outcome for the closing table, and say so at once if it failed."""
        self.outcomes.append(Outcome(clause, title, note, happened))
        if not happened:
            self.console.print(Text(f"{INDENT}✗ {note}", style="bold red"))

    def close(self) -> bool:
        """Print the closing table and tell whether every step happened."""
        table = Table(title=self.t("demo-table"), title_justify="left")
        for column in ("clause", "step", "seen"):
            table.add_column(self.t(f"demo-column-{column}"), overflow="fold")
        for outcome in self.outcomes:
            mark = "✓" if outcome.happened else "✗"
            style = "" if outcome.happened else "bold red"
            table.add_row(
                outcome.clause, outcome.title, Text(f"{mark} {outcome.note}", style=style)
            )
        self.console.print()
        self.console.print(table)
        happened = sum(outcome.happened for outcome in self.outcomes)
        self.console.print(self.t("demo-sum", done=happened, all=len(self.outcomes)))
        return happened == len(self.outcomes)

    def _quote(self, text: str, style: str = "") -> None:
        width = self.console.width - len(INDENT) - 2
        for line in textwrap.wrap(text, width) or [""]:
            self.console.print(Text(f"{INDENT}│ {line}", style=style))


def heard_in(call: CallView) -> Iterator[Heard]:
    """Read the message out of a call, Telegram's or VK's; nothing if it was refused."""
    if call.method in TELEGRAM_SENDS and _went_through(call):
        params = call.params
        yield Heard(
            chat=str(params.get("chat_id", "")),
            manner=TELEGRAM_SENDS[call.method],
            text=_telegram_text(params),
            buttons=_telegram_buttons(params),
        )
    elif call.method in VK_SENDS and _went_through(call):
        params = call.params
        yield Heard(
            chat=str(params.get("peer_ids") or params.get("peer_id") or params.get("user_id")),
            manner=VK_SENDS[call.method] or _vk_manner(params),
            text=str(params.get("message") or ""),
            buttons=_vk_buttons(params),
        )


def _went_through(call: CallView) -> bool:
    answer = call.answer
    return not (isinstance(answer, Mapping) and ("error" in answer or answer.get("ok") is False))


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value


def _telegram_text(params: Mapping[str, Any]) -> str:
    if "media" in params:
        media = _decoded(params["media"])
        return str(next((item["caption"] for item in media if item.get("caption")), ""))
    return str(params.get("text") or params.get("caption") or "")


def _telegram_buttons(params: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    markup = _decoded(params.get("reply_markup")) or {}
    rows = markup.get("inline_keyboard", [])
    return tuple(tuple(button["text"] for button in row) for row in rows)


def _vk_manner(params: Mapping[str, Any]) -> str:
    attached = str(params.get("attachment") or "")
    if not attached:
        return ""
    if "," in attached:
        return "album"
    known = {"photo": "photo", "audio_message": "voice", "doc": "document"}
    return next((manner for kind, manner in known.items() if attached.startswith(kind)), "document")


def _vk_buttons(params: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    keyboard = _decoded(params.get("keyboard")) or {}
    if not keyboard.get("inline"):
        return ()
    return tuple(
        tuple(button["action"]["label"] for button in row) for row in keyboard.get("buttons", [])
    )
