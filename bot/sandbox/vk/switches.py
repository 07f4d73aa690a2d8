"""The switches that only VK has, for tests and for the page: POST /vk/switch/<name> with JSON.

`refuse` {"code", "count", "methods"} plans errors; `expire`, `trim` and `lose` make the Long Poll
of a community (`group_id`, else the first) fail with 2, 1 and 3; `pace` {"on"} turns the limit of
twenty calls a second on and off.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.sandbox.nouns import Messenger
from bot.sandbox.vk.state import VkState
from bot.sandbox.world import UnknownError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Switch(BaseModel):
    """What a switch is told."""

    model_config = ConfigDict(extra="forbid")

    code: int = 10
    count: int | None = 1
    methods: list[str] = []
    group_id: int | None = None
    on: bool = True


def switch_handler(state: VkState) -> Handler:
    """Give the handler of all switches."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            switch = Switch.model_validate_json(await request.read() or b"{}")
            queue = state.queue(state.world.bot(Messenger.VK, switch.group_id))
        except (ValidationError, UnknownError) as error:
            return web.json_response({"error": str(error)}, status=400)
        match request.match_info["name"]:
            case "refuse":
                state.refuse(switch.code, switch.count, frozenset(switch.methods))
            case "expire":
                queue.expire_keys()
            case "trim":
                queue.trim()
            case "lose":
                queue.lose()
            case "pace":
                state.rules.pace = switch.on
            case name:
                return web.json_response({"error": f"no switch {name}"}, status=404)
        return web.json_response({"ok": True})

    return handle
