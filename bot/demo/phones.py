"""Who holds which phone: people of the roster as users of the sandbox, the same for every tab."""

from bot.demo.roster import Somebody
from bot.sandbox.nouns import Messenger
from bot.sandbox.world import UnknownError, World


class Phones:
    """The users made so far. One that the sandbox has forgotten is made again when asked for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._users: dict[tuple[str, Messenger], int] = {}

    def user_of(self, who: Somebody, messenger: Messenger) -> int:
        """Find a person's user on a messenger, or bring the person there."""
        known = self._known(who.id, messenger)
        if known is not None:
            return known
        side = self._world.sides[messenger]
        user = side.add_user(who.person.given_name, who.person.surname)
        self._users[who.id, messenger] = user.id
        return user.id

    def of(self, who_id: str) -> dict[str, int | None]:
        """Give a person's users by messenger."""
        return {messenger.value: self._known(who_id, messenger) for messenger in Messenger}

    def holder(self, lane: str, address: str) -> str:
        """Give the id of the person who holds the phone of a chat, "" for nobody of the roster."""
        for (who_id, messenger), user_id in self._users.items():
            if messenger == lane and str(user_id) == address:
                return who_id
        return ""

    def _known(self, who_id: str, messenger: Messenger) -> int | None:
        user_id = self._users.get((who_id, messenger))
        if user_id is None:
            return None
        try:
            return self._world.user(messenger, user_id).id
        except UnknownError:
            return None
