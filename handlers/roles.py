"""What the deputy heads hear of roles that see beyond one's own classes (3.1)."""

from handlers.messages import Reply
from handlers.reader import Kind, Reader
from school.wide_roles import ROLE_GRANTED
from storage import people
from storage.people import Role


async def _granted(reader: Reader) -> Reply | None:
    """Name who has such a role now, too; None once it was taken back."""
    role = Role(reader.params["role"])
    person = await people.person(reader.tx, reader.object_id)
    if person is None or person.left_on is not None:
        return None
    if role not in await people.roles_of(reader.tx, person.id):
        return None
    return Reply(reader.t("roles-granted", role=role.value, who=person.full_name))


NOTICES: dict[str, Kind] = {ROLE_GRANTED: Kind(_granted, repeats=True)}
