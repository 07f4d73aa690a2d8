"""What the host tells the page, as JSON: its state, the moments ahead, and what is behind glass."""

from collections.abc import Sequence

from bot.demo import glass, moments, person, roster
from bot.demo.glass import Onlooker
from bot.demo.house import Host, House
from bot.demo.keeper import Life
from bot.demo.roster import Somebody
from bot.demo.steps import Asking
from handlers.texts import LANGUAGES, Texts
from storage.glass import bound_where

Json = dict[str, object]


def news(host: Host) -> Json:
    """Tell what the feed pushes: whether the school is loaded, and how the bot is."""
    bot = host.keeper.state()
    return {
        "ready": host.house is not None,
        "bot": {
            "state": bot.state,
            "pid": bot.pid,
            "kills": bot.kills,
            "since": bot.since,
            "log": bot.log,
        },
    }


async def state(host: Host, language: str) -> Json:
    """Tell who can be played; until the school is loaded nobody can."""
    house, sandbox = host.house, host.sandbox
    told: Json = {
        "ready": house is not None,
        "language": language,
        "languages": LANGUAGES,
        "school": {"name": "", "zone": str(host.show.start.tzinfo)},
        "people": [],
        "scene": [],
        "addresses": {"page": sandbox.url, "smtp": sandbox.smtp_url},
        "loopback": True,
    }
    if house is None:
        return told
    school = house.everybody.school
    t = _texts(house, language)
    async with house.window.read() as tx:
        bound = await bound_where(tx, school.id)
    return told | {
        "school": {"name": school.name, "zone": school.time_zone},
        "people": [
            _person(host, house, who, bound.get(who.person.id, ()), t)
            for who in house.everybody.by_id.values()
        ],
        "scene": [
            {"person": who, "messenger": messenger} for who, messenger in house.everybody.scene()
        ],
    }


async def ahead(host: Host, language: str) -> Json:
    """Tell what kind of day it is, and which moments come next."""
    now, house = host.sandbox.world.now(), host.house
    if house is None:
        t = Texts(language, of_page=True)
        day = moments.DayKind(now.date(), t.day(now.date()), is_working=True, why="")
        return {"now": now, "day": day, "next": []}
    school = house.everybody.school
    local = now.astimezone(school.zone)
    t = _texts(house, language)
    async with house.window.read() as tx:
        days = await moments.days_of_school(tx, school)
        coming = await moments.ahead(tx, days, now, t)
    return {"now": local, "day": moments.kind_of(days, local.date(), t), "next": coming}


async def behind_glass(host: Host, who: Somebody | None, language: str) -> Json:
    """Tell the outbox, its counts, and the steps of one person's day."""
    empty: Json = {
        "outbox": [],
        "counts": {},
        "steps": [],
        "enrolled": False,
        "bound": [],
        "about": "",
    }
    house = host.house
    if house is None:
        return empty
    now, t = host.sandbox.world.now(), _texts(house, language)
    lives = host.keeper.state().state is not Life.DEAD
    eyes = Onlooker(house.everybody, host.phones, t, now, lives)
    async with house.window.read() as tx:
        told = empty | {
            "outbox": await glass.rows(tx, eyes, who.person.id if who else 0),
            "counts": await glass.counts(tx),
        }
        if who is None:
            return told
        day = await person.day_of(Asking(tx, house.everybody.school, now, t), who)
        bound = (await bound_where(tx, house.everybody.school.id)).get(who.person.id, ())
    return told | {
        "steps": day.steps,
        "enrolled": day.enrolled,
        "bound": bound,
        "about": day.about,
    }


def _person(host: Host, house: House, who: Somebody, bound: Sequence[str], t: Texts) -> Json:
    return {
        "id": who.id,
        "name": who.person.full_name,
        "first_name": who.person.given_name,
        "last_name": who.person.surname,
        "roles": who.roles,
        "class": who.class_name,
        "about": roster.about(who, t),
        "code": house.codes.get(who.id),
        "bound": bound,
        "users": host.phones.of(who.id),
    }


def _texts(house: House, language: str) -> Texts:
    return Texts(language, zone=house.everybody.school.zone, of_page=True)
