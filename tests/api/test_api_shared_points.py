"""One shop under several tickets at once: its data is checked once for all the work that is going on there."""

from collections.abc import Callable

import pytest

from tests.support import cast
from tests.support.cast import POINT, SAM
from tests.support.people import Api, Web
from tests.support.way import Way

People = Callable[[str], Api]
SECOND = 640
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def first(api: People, way: Way) -> int:
    """SAM's sub-ticket, taken, with a second ticket for the same shop that came in afterwards."""
    way.subtickets_taken(SAM)
    shop = {"point": {"id": POINT, "name": "SAM"}, "stations_buy": 1, "stations_exchange": 0}
    answer = api("operator").post("/tickets", cast.intake(SECOND, subtickets=[shop]))
    assert answer.status_code == 201, answer.json
    [subticket] = way.subtickets(SAM)
    return subticket


def test_a_second_ticket_for_a_shop_does_not_keep_the_first_from_closing(api: People, way: Way, first: int) -> None:
    alfa = api("alfa")
    assert alfa.get(f"/points/{POINT}").json["subticket"] == first
    assert alfa.put(f"/points/{POINT}", {"contact": "pani Bożena"}).status_code == 200
    way.platform.switch(POINT, 1, 2, online=True)
    assert alfa.post(f"/subtickets/{first}/closure").json["state"] == "closed"


def test_the_shop_is_saved_for_each_of_the_dealers_tickets_at_work_there(api: People, way: Way, first: int) -> None:
    way.subtickets_taken(SECOND)
    [second] = way.subtickets(SECOND)
    alfa = api("alfa")
    assert alfa.put(f"/points/{POINT}", {}).status_code == 200
    for one in (first, second):
        [close] = [each for each in alfa.get(f"/subtickets/{one}").json["actions"] if each["trigger"] == "close"]
        assert close["allowed"], close
    for number in (SAM, SECOND):
        assert "point" in [one["verb"] for one in alfa.get(f"/tickets/{number}/history").json["items"]]


def test_what_another_dealer_does_in_the_shop_is_not_saved_for_it(api: People, way: Way, first: int) -> None:
    way.subtickets_taken(SECOND)
    [second] = way.subtickets(SECOND)
    api("operator").post(f"/subtickets/{second}/reassignment", {"reason": "Urlop", "to": 1002})
    assert api("beta").post(f"/subtickets/{second}/taking").status_code == 200
    assert api("alfa").put(f"/points/{POINT}", {}).json["subticket"] == first
    [close] = [each for each in api("beta").get(f"/subtickets/{second}").json["actions"] if each["trigger"] == "close"]
    assert [one["code"] for one in close["blockers"]] == ["point_is_saved"]


def test_the_shops_form_is_the_one_of_the_work_under_way(web: Callable[[str], Web], way: Way, first: int) -> None:
    page = web("alfa").get(f"/points/{POINT}").text
    assert f"/tickets/{SAM}" in page
    assert 'name="contact"' in page
