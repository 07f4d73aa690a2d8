"""The methods about the bot itself: who it is, its commands and descriptions, its webhook."""

import json
import re
from typing import Any

from bot.sandbox.nouns import BotAccount
from bot.sandbox.telegram.backend import Backend
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.shape import Json, bot_json, chat_json

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LIMIT = 512
SHORT_DESCRIPTION_LIMIT = 120
MOST_COMMANDS = 100
COMMAND_DESCRIPTION_LIMIT = 256


def get_me(backend: Backend, bot: BotAccount, _params: Params) -> Json:
    """Answer getMe."""
    return bot_json(bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not backend.rules.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer setMyCommands, kept for each scope and language."""
    commands = _parsed(params, "commands", [])
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    backend.profiles[bot.id][_scope("commands", params)] = [
        {"command": one["command"].lstrip("/"), "description": one["description"]}
        for one in commands
    ]
    return True


def get_my_commands(backend: Backend, bot: BotAccount, params: Params) -> list[Json]:
    """Answer getMyCommands."""
    commands: list[Json] = backend.profiles[bot.id].get(_scope("commands", params), [])
    return commands


def delete_my_commands(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer deleteMyCommands."""
    backend.profiles[bot.id].pop(_scope("commands", params), None)
    return True


def set_my_description(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer setMyDescription."""
    return _set_words(backend, bot, params, "description", DESCRIPTION_LIMIT)


def get_my_description(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer getMyDescription."""
    return {"description": backend.profiles[bot.id].get(_scope("description", params), "")}


def set_my_short_description(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer setMyShortDescription."""
    return _set_words(backend, bot, params, "short_description", SHORT_DESCRIPTION_LIMIT)


def get_my_short_description(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer getMyShortDescription."""
    words = backend.profiles[bot.id].get(_scope("short_description", params), "")
    return {"short_description": words}


def delete_webhook(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer deleteWebhook: there never is one here."""
    if params.flag("drop_pending_updates"):
        backend.queue(bot).drop()
    return True


def get_webhook_info(backend: Backend, bot: BotAccount, _params: Params) -> Json:
    """Answer getWebhookInfo."""
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": backend.queue(bot).pending(),
    }


def leave_chat(backend: Backend, bot: BotAccount, params: Params) -> bool:
    """Answer leaveChat, which private chats refuse."""
    chat = backend.chat(bot, params)
    if not chat.is_group:
        raise bad("chat member status can't be changed in private chats")
    chat.members.discard(bot.id)
    backend.world.news.tell()
    return True


def get_chat(backend: Backend, bot: BotAccount, params: Params) -> Json:
    """Answer getChat."""
    chat = backend.chat(bot, params)
    user = None if chat.is_group else backend.world.user(bot.messenger, chat.id)
    return chat_json(chat, user) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def _set_words(backend: Backend, bot: BotAccount, params: Params, name: str, limit: int) -> bool:
    words = params.text(name)
    if len(words) > limit:
        raise bad(f"bot {name} is too long")
    backend.profiles[bot.id][_scope(name, params)] = words
    return True


def _scope(name: str, params: Params) -> str:
    scope = _parsed(params, "scope", {"type": "default"})
    return json.dumps([name, scope, params.text("language_code")], sort_keys=True)


def _parsed(params: Params, name: str, default: object) -> Any:
    text = params.text(name)
    if not text:
        return default
    try:
        return json.loads(text)
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


def _check_command(command: object) -> None:
    if not isinstance(command, dict):
        raise bad("can't parse BotCommand: expected an Object")
    name, words = command.get("command"), command.get("description")
    if not isinstance(name, str) or not isinstance(words, str):
        raise bad('can\'t parse BotCommand: fields "command" and "description" must be Strings')
    if not COMMAND.fullmatch(name.lstrip("/")):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(words) <= COMMAND_DESCRIPTION_LIMIT:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
