"""The routes of the host, as the page calls them."""

import pytest

from bot.demo.keeper import Life
from bot.demo.live import Live
from tests.bot.demo.conftest import CODES
from tests.bot.demo.http import Page
from tests.chat import House

MASHA = {"person": "S701", "messenger": "telegram"}


async def test_before_the_school_is_loaded_the_page_is_answered_at_once(
    waking: Live, page: Page
) -> None:
    told = await page.gets("/demo/state", language="ru")
    assert told["ready"] is False
    assert told["people"] == told["scene"] == []
    assert told["addresses"] == {"page": waking.sandbox.url, "smtp": waking.sandbox.smtp_url}
    assert (await page.gets("/demo/moments"))["day"]["title"] == "понедельник, 23 ноября"
    assert (await page.gets("/demo/glass", person="S701"))["outbox"] == []
    assert (await page.posts("/demo/phones", MASHA)).status == 409
    assert (await page.posts("/demo/bot", {"do": "start"})).status == 409


async def test_the_state_names_the_people_their_slips_and_the_scene(live: Live, page: Page) -> None:
    told = await page.gets("/demo/state", language="ru")
    assert told["ready"] is True
    assert told["school"] == {"name": "Школа «Образец»", "zone": "Europe/Moscow"}
    masha = next(one for one in told["people"] if one["id"] == "S701")
    assert masha == {
        "id": "S701",
        "name": "Соколова Мария Андреевна",
        "first_name": "Мария",
        "last_name": "Соколова",
        "roles": ["student"],
        "class": "7Б",
        "about": "7Б",
        "code": CODES["S701"],
        "bound": [],
        "users": {"telegram": None, "vk": None},
    }
    assert told["scene"] == [
        MASHA,
        {"person": "T01", "messenger": "telegram"},
        {"person": "P001", "messenger": "vk"},
    ]
    assert live.sandbox.url == told["addresses"]["page"]


async def test_the_state_speaks_the_language_asked_for(live: Live, page: Page) -> None:
    assert live.house is not None
    deputy = {
        language: next(
            one["about"]
            for one in (await page.gets("/demo/state", language=language))["people"]
            if one["id"] == "T14"
        )
        for language in ("ru", "en", "xx")
    }
    assert deputy["ru"].startswith("заместитель директора")
    assert deputy["en"].startswith("deputy head")
    assert deputy["xx"] == deputy["ru"]


async def test_a_bound_chat_is_told(live: Live, house: House, page: Page) -> None:
    await house.chat("S701", "vk")
    told = await page.gets("/demo/state")
    assert {one["id"]: one["bound"] for one in told["people"] if one["bound"]} == {"S701": ["vk"]}
    assert live.house is not None


async def test_the_glass_tells_on_which_messengers_somebody_is_in(
    live: Live, house: House, page: Page
) -> None:
    assert live.house is not None
    assert (await page.gets("/demo/glass", person="S701"))["bound"] == []
    await house.chat("S701", "vk")
    await house.chat("P001", "telegram")
    assert (await page.gets("/demo/glass", person="S701"))["bound"] == ["vk"]
    await house.chat("S701", "telegram")
    assert (await page.gets("/demo/glass", person="S701"))["bound"] == ["vk", "telegram"]
    assert (await page.gets("/demo/glass"))["bound"] == []


async def test_a_phone_is_the_same_for_every_tab(live: Live, page: Page) -> None:
    first = await page.posts("/demo/phones", MASHA)
    again = await page.posts("/demo/phones", MASHA)
    other = await page.posts("/demo/phones", MASHA | {"messenger": "vk"})
    assert first.body == again.body != other.body
    users = {(user.id, user.name) for user in live.sandbox.world.users()}
    ids = (first.body["user_id"], other.body["user_id"])
    assert users == {(ids[0], "Мария Соколова"), (ids[1], "Мария Соколова")}
    told = await page.gets("/demo/state")
    masha = next(one for one in told["people"] if one["id"] == "S701")
    assert masha["users"] == {"telegram": ids[0], "vk": ids[1]}


async def test_a_phone_is_made_anew_when_the_sandbox_has_started_over(
    live: Live, page: Page
) -> None:
    first = await page.posts("/demo/phones", MASHA)
    live.sandbox.world.reset()
    again = await page.posts("/demo/phones", MASHA)
    assert again.body["user_id"] > first.body["user_id"]
    assert live.phones.holder("telegram", str(first.body["user_id"])) == ""


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"person": "S999", "messenger": "vk"}, 404, "nobody of the roster has that id"),
        ({"person": "S701", "messenger": "icq"}, 400, "messenger: "),
        ({"person": "S701"}, 400, "messenger: Field required"),
        (MASHA | {"user_id": 1}, 400, "user_id: Extra inputs are not permitted"),
        ({"person": "S" * 200, "messenger": "vk"}, 400, "person: "),
        ([], 400, "body: "),
    ],
)
async def test_a_bad_request_is_refused_with_one_reason(
    page: Page, body: object, status: int, reason: str
) -> None:
    answer = await page.posts("/demo/phones", body)
    assert answer.status == status
    assert list(answer.body) == ["error"]
    assert answer.body["error"].startswith(reason)


@pytest.mark.usefixtures("live")
async def test_a_form_of_a_foreign_page_is_refused(page: Page) -> None:
    for path in ("/demo/phones", "/demo/bot"):
        answer = await page.asks("POST", path, data={"do": "kill"})
        assert answer.status == 415


@pytest.mark.usefixtures("live")
async def test_a_stranger_to_the_roster_has_no_steps(page: Page) -> None:
    answer = await page.asks("GET", "/demo/glass?person=S999")
    assert answer.status == 404


async def test_the_bot_is_started_killed_and_started_again(live: Live, page: Page) -> None:
    assert (await page.posts("/demo/bot", {"do": "start"})).body["bot"]["state"] in {
        "starting",
        "running",
    }
    killed = (await page.posts("/demo/bot", {"do": "kill"})).body["bot"]
    assert (killed["state"], killed["pid"], killed["kills"]) == ("dead", None, 1)
    assert (await page.posts("/demo/bot", {"do": "kill"})).body["bot"]["kills"] == 1
    again = (await page.posts("/demo/bot", {"do": "start"})).body["bot"]
    assert again["pid"] is not None
    alive = (await page.posts("/demo/bot", {"do": "kill", "start": True})).body["bot"]
    assert alive["kills"] == 2
    assert alive["pid"] not in (None, again["pid"])
    assert live.keeper.state().state is not Life.DEAD


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_the_words_have_places_that_the_page_fills(page: Page, language: str) -> None:
    words = await page.gets("/demo/words", language=language)
    assert words["page-about-child"] == "{name}, {where}"
    assert all(key.startswith("page-") for key in words)
    assert not [key for key, text in words.items() if "{ $" in text or "->" in text]
