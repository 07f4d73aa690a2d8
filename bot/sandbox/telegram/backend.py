"""What Telegram keeps beside the shared world: queues of updates, pace, profiles, file paths."""

import math
from collections import defaultdict
from typing import Any

from bot.sandbox.nouns import BotAccount, Chat, FileKind, Message, Messenger, NewFile, StoredFile
from bot.sandbox.telegram.pace import Pace
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.rules import Refusal, TelegramRules, bad
from bot.sandbox.telegram.shape import (
    THUMBNAILS,
    Json,
    bot_json,
    chat_json,
    message_json,
    thumbnail_id,
    user_json,
)
from bot.sandbox.telegram.updates import UpdateQueue
from bot.sandbox.world import World


class Backend:
    """Telegram's servers."""

    def __init__(self, world: World, rules: TelegramRules) -> None:
        self.world = world
        self.rules = rules
        self.pace = Pace(rules)
        self.profiles: dict[int, dict[str, Any]] = defaultdict(dict)
        self._queues: dict[int, UpdateQueue] = {}
        self._paths: dict[str, str] = {}
        self._path_of: dict[str, str] = {}

    def reset(self) -> None:
        """Forget what was sent and set; update ids go on."""
        for queue in self._queues.values():
            queue.drop()
        self.pace.clear()
        self.profiles.clear()
        self._paths.clear()
        self._path_of.clear()

    def queue(self, bot: BotAccount) -> UpdateQueue:
        """Give a bot's queue of updates."""
        if bot.id not in self._queues:
            self._queues[bot.id] = UpdateQueue(self.world)
        return self._queues[bot.id]

    def emit(self, bot: BotAccount, kind: str, content: Json, seconds: float = math.inf) -> None:
        """Put an update before a bot, where it waits for so many `seconds` or a day."""
        self.queue(bot).add(kind, content, seconds)

    def told_chat(self, chat: Chat) -> Json:
        """Word a chat."""
        user = None if chat.is_group else self.world.user(Messenger.TELEGRAM, chat.id)
        return chat_json(chat, user)

    def told(self, chat: Chat, message: Message) -> Json:
        """Word a message of a chat, with the one that it answers."""
        replied = chat.message(message.reply_to) if message.reply_to is not None else None
        return message_json(
            message,
            self.told_chat(chat),
            self._sender(chat, message),
            message_json(replied, self.told_chat(chat), self._sender(chat, replied))
            if replied is not None
            else None,
        )

    def _sender(self, chat: Chat, message: Message) -> Json:
        if message.direction == "out":
            return bot_json(chat.bot)
        return user_json(self.world.user(Messenger.TELEGRAM, message.sender_id))

    def chat(self, bot: BotAccount, params: Params) -> Chat:
        """Find the chat that a call means, or refuse."""
        text = params.text("chat_id").strip()
        if not text:
            raise bad("chat_id is empty")
        try:
            chat = self.world.find_chat(bot, int(text))
        except ValueError:
            chat = None
        if chat is None:
            raise bad("chat not found")
        return chat

    def writable(self, bot: BotAccount, params: Params) -> Chat:
        """Find the chat that a call writes to, or refuse where the bot may not write."""
        chat = self.chat(bot, params)
        if chat.is_group and bot.id not in chat.members:
            raise Refusal(403, "Forbidden: bot is not a member of the group chat")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if not chat.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def store(self, new: NewFile) -> StoredFile:
        """Keep a file, a photo also in its smaller sizes, which are no copies of it."""
        file = self.world.store(new)
        if file.kind is FileKind.PHOTO:
            for side in THUMBNAILS:
                small = NewFile(FileKind.PHOTO, mime="image/jpeg", size=side * 20)
                self.world.keep(StoredFile.of(thumbnail_id(file, side), small))
        return file

    def path(self, file: StoredFile) -> str:
        """Give the path under which a file can be downloaded."""
        folder = {FileKind.VOICE: "voice", FileKind.AUDIO: "music"}.get(
            file.kind, f"{file.kind.value}s"
        )
        ending = file.name.rpartition(".")[2] if "." in file.name else _ending(file.kind)
        known = self._path_of.get(file.id)
        if known is None:
            known = self._path_of[file.id] = f"{folder}/file_{len(self._paths)}.{ending}"
            self._paths[known] = file.id
        return known

    def file_at(self, path: str) -> StoredFile | None:
        """Give the file of a path that was handed out."""
        file_id = self._paths.get(path)
        return None if file_id is None else self.world.file(file_id)


def _ending(kind: FileKind) -> str:
    return {
        FileKind.PHOTO: "jpg",
        FileKind.VOICE: "oga",
        FileKind.AUDIO: "mp3",
        FileKind.VIDEO: "mp4",
        FileKind.STICKER: "webp",
    }.get(kind, "bin")
