"""The methods about communities and people: who am I, who is that, where are my events."""

from typing import Any

from bot.sandbox.nouns import BotAccount, Messenger
from bot.sandbox.vk.query import TRUE, Query
from bot.sandbox.vk.rules import GROUPS_OBJECT_VERSION, Refusal, invalid
from bot.sandbox.vk.state import VkState

MOST_PEOPLE = 1000
MOST_GROUPS = 500


def get_groups(state: VkState, query: Query) -> dict[str, Any] | list[dict[str, Any]]:
    """Give the communities asked for, or the token's own; the shape depends on the version."""
    asked = query.text("group_ids") or query.text("group_id")
    names = [name.strip() for name in asked.split(",") if name.strip()]
    if len(names) > MOST_GROUPS:
        raise invalid(f"group_ids should contain not more than {MOST_GROUPS} items")
    known = state.world.bots(Messenger.VK)
    wanted = [bot for name in names for bot in known if name in {str(bot.id), bot.username}]
    if names and not wanted:
        raise invalid("group_ids is invalid")
    groups = [_group(bot) for bot in wanted or [query.bot]]
    if query.version >= GROUPS_OBJECT_VERSION:
        return {"groups": groups, "profiles": []}
    return groups


def get_users(state: VkState, query: Query) -> list[dict[str, Any]]:
    """Give people by id; those who do not exist are left out."""
    ids = query.numbers("user_ids", MOST_PEOPLE) or query.numbers("user_id", MOST_PEOPLE)
    people = {user.id: user for user in state.world.users(Messenger.VK)}
    return [
        {
            "id": user.id,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "can_access_closed": True,
            "is_closed": False,
        }
        for user in (people.get(user_id) for user_id in ids)
        if user is not None
    ]


def get_long_poll_server(state: VkState, query: Query) -> dict[str, str]:
    """Give where to poll, a fresh key, and the number of the latest event."""
    _own_group(query)
    queue = state.queue(query.bot)
    if not queue.settings.enabled:
        raise invalid("longpoll for this group is not enabled")
    return {"key": queue.open(), "server": f"/vk/lp/{query.bot.id}", "ts": str(queue.ts)}


def get_long_poll_settings(state: VkState, query: Query) -> dict[str, Any]:
    """Tell which events the community asks for."""
    _own_group(query)
    settings = state.queue(query.bot).settings
    events = {name: int(on) for name, on in settings.events.items()}
    return {
        "is_enabled": settings.enabled,
        "api_version": settings.version,
        "events": events,
    }


def set_long_poll_settings(state: VkState, query: Query) -> int:
    """Turn Long Poll and its events on and off; what is not said stays."""
    _own_group(query)
    settings = state.queue(query.bot).settings
    if query.text("enabled"):
        settings.enabled = query.flag("enabled")
    settings.version = query.text("api_version") or settings.version
    for name in settings.events:
        if query.text(name):
            settings.events[name] = query.text(name) in TRUE
    return 1


def set_settings(state: VkState, query: Query) -> int:
    """Turn the abilities of a bot on and off: without them a keyboard is refused with 912."""
    _own_group(query)
    if query.text("bots_capabilities"):
        state.queue(query.bot).settings.bots = query.flag("bots_capabilities")
    return 1


def _own_group(query: Query) -> None:
    if query.need_number("group_id") != query.bot.id:
        raise Refusal(15)


def _group(bot: BotAccount) -> dict[str, Any]:
    return {
        "id": bot.id,
        "name": bot.name,
        "screen_name": bot.username,
        "is_closed": 0,
        "type": "group",
    }
