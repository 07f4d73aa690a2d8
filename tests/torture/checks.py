"""The verdict: what the messengers saw against what the school's database and files hold."""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.nouns import Chat, Message, Messenger
from scheduler.parcels import OUTDATED
from storage.files import FileStore
from tests.torture.field import Field
from tests.torture.ledger import HandedIn, Ledger

MOST_TOLD = 10
QUIET_ENDS = ("no longer useful", "a newer version is on its way", "its reason is gone")


@dataclass
class Verdict:
    """What was found. The lists tell each finding; all but `repeats` and `uncertain` are faults.

    `repeats` counts, by lane, messages that arrived without our learning of it, most of which then
    came again; `uncertain` counts nudges on Telegram whose fate nobody knows, which did not.
    """

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    false_receipts: list[str] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    uncertain: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.out_of_order or self.false_receipts)

    def told(self) -> str:
        """Everything that is wrong, a line each; `.ci/run` knows them by their first words."""
        kinds = ("lost", "doubled", "out_of_order", "false_receipts")
        return "\n".join(
            f"broken promise, {kind}: {one}"
            for kind in kinds
            for one in getattr(self, kind)[:MOST_TOLD]
        )


def judge(torture: Field) -> Verdict:
    """Compare the two sides once the field is at rest."""
    verdict, ledger = Verdict(), torture.crowd.ledger
    _events(torture, ledger, verdict)
    _works(torture, ledger, verdict)
    _marks(torture, ledger, verdict)
    _ticks(torture, ledger, verdict)
    _tasks(torture, ledger, verdict)
    _messages(torture, verdict)
    _letters(torture, verdict)
    return verdict


def _events(torture: Field, ledger: Ledger, verdict: Verdict) -> None:
    """Each event is in the inbox once, handled, and in the order in which its sender acted."""
    kept: dict[str, list[str]] = {}
    for sender, raw, state, error in torture.rows(
        "SELECT i.sender, w.raw, i.state, i.error FROM inbox i JOIN witness w USING (id)"
        " ORDER BY i.id"
    ):
        name = act_in(json.loads(raw)) if sender else ""
        if name:
            kept.setdefault(sender, []).append(name)
            if state != "done":
                verdict.lost.append(f"{name} of {sender} is {state}: {error}")
    for sender, acts in ledger.acts.items():
        found = kept.pop(sender, [])
        verdict.lost += [f"{act} of {sender}" for act in acts if act not in set(found)]
        verdict.doubled += [f"{a} of {sender}" for a, n in Counter(found).items() if n > 1]
        if found != acts and set(found) == set(acts) and len(found) == len(acts):
            verdict.out_of_order.append(f"events of {sender}: {_first_difference(found, acts)}")
    verdict.doubled += [f"events of a stranger {sender}" for sender in kept]


def act_in(raw: dict[str, Any]) -> str:
    """Name the message or the press that a raw update tells of, "" for anything else."""
    if "update_id" in raw:
        if "callback_query" in raw:
            return f"press {raw['callback_query']['id']}"
        return f"message {raw['message']['message_id']}" if "message" in raw else ""
    if raw.get("type") == "message_event":
        return f"press {raw['object']['event_id']}"
    return f"message {raw['object']['message']['id']}" if raw.get("type") == "message_new" else ""


def _works(torture: Field, ledger: Ledger, verdict: Verdict) -> None:
    """Each work is there once, with these parts in this order, and its files are on the disk."""
    store = FileStore(torture.settings.files_dir)
    kept: dict[str, list[str]] = {}
    for number, text, sha256 in torture.rows(
        "SELECT w.number, p.text, f.sha256 FROM works w JOIN work_parts p ON p.work_id = w.id"
        " LEFT JOIN files f ON f.id = p.file_id ORDER BY w.id, p.position"
    ):
        kept.setdefault(number, []).append(sha256 or text)
        if sha256 and not _is_whole(store, sha256):
            verdict.false_receipts.append(f"a file of № {number} is not what it was")
    count = torture.rows("SELECT count(*) FROM works")[0][0]
    if count > len(ledger.works):
        verdict.doubled.append(f"{count} works, {len(ledger.works)} were handed in")
    numbers = Counter(work.number for work in ledger.works)
    verdict.doubled += [f"№ {number} given twice" for number, n in numbers.items() if n > 1]
    for work in ledger.works:
        _judge_work(work, kept.get(work.number), verdict)


def _judge_work(work: HandedIn, found: list[str] | None, verdict: Verdict) -> None:
    if found is None:
        verdict.lost.append(f"№ {work.number} of {work.student}")
        return
    if f"{work.collected()}," not in work.receipt or found != work.parts:
        verdict.false_receipts.append(f"№ {work.number}: {work.receipt!r}")
    there, wanted = Counter(found), Counter(work.parts)
    verdict.lost += [f"part {one} of № {work.number}" for one in wanted - there]
    verdict.doubled += [f"part {one} of № {work.number}" for one in there - wanted]
    if there == wanted and found != work.parts:
        verdict.out_of_order.append(f"parts of № {work.number}")


def _is_whole(store: FileStore, sha256: str) -> bool:
    try:
        content = store.path(sha256).read_bytes()
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == sha256


def _marks(torture: Field, ledger: Ledger, verdict: Verdict) -> None:
    """Each answer of a teacher was sent once, as it was written, and one notice tells of it.

    What was answered at night is told in the morning.
    """
    sent = Counter(
        torture.rows(
            "SELECT w.number, r.mark, r.comment, coalesce(f.sha256, '') FROM reviews r"
            " JOIN works w ON w.id = r.work_id LEFT JOIN files f ON f.id = r.audio_file_id"
            " WHERE r.released_at IS NOT NULL"
        )
    )
    wanted = Counter((one.number, one.mark, one.comment, one.audio) for one in ledger.marks)
    verdict.lost += [f"answer {one}" for one in wanted - sent]
    verdict.doubled += [f"answer {one}" for one in sent - wanted]
    for number, notices in torture.rows(
        "SELECT w.number, (SELECT count(*) FROM outbox o"
        "  WHERE o.kind = 'answer' AND o.object = 'review:' || r.id"
        "   AND o.state IN ('sent', 'planned'))"
        " FROM reviews r JOIN works w ON w.id = r.work_id WHERE r.released_at IS NOT NULL"
    ):
        if notices != 1:
            (verdict.doubled if notices else verdict.lost).append(
                f"{notices} notices of the answer to № {number}"
            )


def _ticks(torture: Field, ledger: Ledger, verdict: Verdict) -> None:
    kept = Counter(
        torture.rows(
            "SELECT p.roster_key, s.step FROM day_steps s JOIN persons p ON p.id = s.student_id"
        )
    )
    wanted = Counter((one.student, one.step) for one in ledger.ticks)
    verdict.lost += [f"tick {one}" for one in wanted - kept]
    verdict.doubled += [f"tick {one}" for one in kept - wanted]


def _tasks(torture: Field, ledger: Ledger, verdict: Verdict) -> None:
    kept = Counter(row[0] for row in torture.rows("SELECT text FROM tasks"))
    wanted = Counter([*ledger.tasks, *torture.crowd.tasks])
    verdict.lost += [f"task {one!r}" for one in wanted - kept]
    verdict.doubled += [f"task {one!r}" for one in kept - wanted]


@dataclass(frozen=True)
class _Row:
    """A row of the outbox that was on its way to a chat at least once."""

    id: int
    ref: str
    state: str
    keeps_order: bool
    random_id: int


def _messages(torture: Field, verdict: Verdict) -> None:
    """Every row of the outbox stands in its chat once, and every message of a chat is a row's."""
    for row, lane, kind, state, error in torture.rows(
        "SELECT id, lane, kind, state, error FROM outbox"
        " WHERE lane <> '' AND state IN ('dead', 'unknown', 'dropped')"
    ):
        if state == "unknown" and lane == "telegram":
            verdict.uncertain += 1
        elif kind == OUTDATED and state == "dropped":
            continue  # it takes old buttons away, and holds nobody up for it
        elif state != "dropped" or error not in QUIET_ENDS:
            verdict.lost.append(f"message {row} to {lane} ({kind}) is {state}: {error}")
    sent = _sent(torture)
    for messenger in Messenger:
        bot = torture.sandbox.world.bot(messenger)
        for chat in torture.sandbox.world.chats(bot):
            rows = sent.pop((messenger.value, str(chat.id)), [])
            judge_chat = _judge_telegram if messenger is Messenger.TELEGRAM else _judge_vk
            judge_chat(chat, rows, verdict)
            order = [int(row.ref) for row in rows if row.keeps_order and row.state == "sent"]
            if order != sorted(order):
                what = _first_difference(order, sorted(order))
                verdict.out_of_order.append(f"replies to {messenger} {chat.title}: {what}")
    verdict.lost += [f"messages to {where}" for where in sent]


def _sent(torture: Field) -> dict[tuple[str, str], list[_Row]]:
    salt = zlib.crc32(torture.rows("SELECT code_pepper FROM schools ORDER BY id")[0][0])
    sent: dict[tuple[str, str], list[_Row]] = {}
    for number, lane, address, ref, state, in_order in torture.rows(
        "SELECT id, lane, address, message_ref, state,"
        "  is_reply AND key LIKE 'reply|%' AND payload ->> 'edit' IS NULL"
        " FROM outbox WHERE attempts > 0 AND lane IN ('telegram', 'vk') ORDER BY id"
    ):
        row = _Row(number, ref, state, bool(in_order), (salt + number) % 0x7FFFFFFF + 1)
        sent.setdefault((lane, address), []).append(row)
    return sent


def _judge_telegram(chat: Chat, rows: Sequence[_Row], verdict: Verdict) -> None:
    """Count what no row knows of: it arrived, a life ended, and it went again or was overtaken."""
    shown = {str(message.id) for message in _firsts(chat)}
    known = {row.ref for row in rows if row.state == "sent"}
    verdict.lost += [f"message {ref} to telegram {chat.title}" for ref in known - shown]
    verdict.repeats["telegram"] += len(shown - known)


def _judge_vk(chat: Chat, rows: Sequence[_Row], verdict: Verdict) -> None:
    """VK is told which message it is: each that a row stands for is there, and there once."""
    shown = [message for message in chat.messages if message.direction == "out"]
    known = {row.random_id for row in rows}
    numbers = {str(message.number) for message in shown}
    verdict.lost += [
        f"message {row.id} to vk {chat.title}"
        for row in rows
        if row.state == "sent" and row.ref not in numbers
    ]
    times = Counter(message.random_id for message in shown)
    extra = [one for one in shown if times[one.random_id] > 1 or one.random_id not in known]
    verdict.doubled += [f"message to vk {chat.title}: {one.text!r}" for one in extra]


def _firsts(chat: Chat) -> Iterator[Message]:
    """Give what the bot wrote; of an album, whose parts are one message to us, the first part."""
    albums: set[str] = set()
    for message in chat.messages:
        if message.direction == "in" or message.album in albums:
            continue
        if message.album:
            albums.add(message.album)
        yield message


def _letters(torture: Field, verdict: Verdict) -> None:
    letters = Counter(letter.message_id for letter in torture.sandbox.mailbox.after())
    verdict.repeats["mail"] += sum(letters.values()) - len(letters)
    (sent,) = torture.rows("SELECT count(*) FROM outbox WHERE lane = 'mail' AND state = 'sent'")[0]
    if len(letters) < sent:
        verdict.lost.append(f"{sent - len(letters)} letters")


def _first_difference(found: list[Any], wanted: list[Any]) -> str:
    pairs = enumerate(zip(found, wanted, strict=True))
    place, (one, other) = next(pair for pair in pairs if pair[1][0] != pair[1][1])
    return f"{one} stands at {place}, where {other} should"
