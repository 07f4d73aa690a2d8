"""What a message brings to a work: text and files, and a word about what cannot be taken."""

from handlers.messages import Attachment, FileKind, FileState
from handlers.turn import Turn
from school import handing_in
from storage.works import Part


def parts_of(turn: Turn) -> list[Part]:
    """Take an event apart: its text, then its files, each knowing where it came from."""
    incoming = turn.incoming
    source = f"album:{incoming.album}" if incoming.album else f"event:{turn.event_id}"
    parts = [Part(handing_in.TEXT, incoming.text, source=source)] if incoming.text.strip() else []
    return parts + [
        Part(file.kind.value, file_id=file.file_id, name=file.name, source=source)
        for file in incoming.attachments
        if file.state is FileState.STORED
    ]


def word_about_refused(turn: Turn) -> str:
    """Say why files were not taken and what to do instead, "" if all were; each thing once."""
    refused = [file for file in turn.incoming.attachments if file.state is not FileState.STORED]
    return "\n\n".join(dict.fromkeys(_problem(turn, file) for file in refused))


def _problem(turn: Turn, file: Attachment) -> str:
    """Say why a file was not taken, and what to do instead."""
    if file.kind is FileKind.STICKER:
        return turn.t("hand-in-sticker")
    if file.kind is FileKind.VIDEO and file.state is FileState.UNSUPPORTED:
        return turn.t("hand-in-video")
    name = f" «{file.name}»" if file.name else ""
    text = turn.t(f"hand-in-file-{file.state.replace('_', '-')}", name=name)
    url = turn.school.platform_url
    if file.state is FileState.MISSING or not url:
        return text
    return f"{text} {turn.t('hand-in-or-platform', url=url)}"
