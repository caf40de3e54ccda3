"""What an answer shows is what holds now, as much as the page shows, with a number of queries that doesn't grow."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select, update

from mikroserwis.edge import Parts
from mikroserwis.models import Dealer, Subticket
from tests.support import cast
from tests.support.cast import POOLED, SAM
from tests.support.people import Api, Web
from tests.support.way import Way

People = Callable[[str], Api]
BETA = 1002
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def counted(parts: Parts) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(parts.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(parts.database.engine, "before_cursor_execute", note)


def of_shops(api: People, parts: Parts, number: int, shops: int) -> None:
    """A ticket of Alfa's all of whose sub-tickets Beta holds."""
    points = [
        {"point": {"id": number * 1000 + each, "name": "Sklep", "postal_code": "26-600"}, "stations_buy": 1}
        for each in range(shops)
    ]
    assert api("operator").post("/tickets", cast.intake(number, subtickets=points)).status_code == 201
    with parts.database.transaction() as session:
        beta = session.scalars(select(Dealer.id).where(Dealer.crm_id == BETA)).one()
        held = Subticket.point_id.between(number * 1000, number * 1000 + shops)
        session.execute(update(Subticket).where(held).values(dealer_id=beta))


def test_after_a_ticket_is_given_on_its_shops_show_the_new_dealer_at_once(api: People) -> None:
    given = api("operator").post(f"/tickets/{SAM}/reassignment", {"reason": "Urlop", "to": BETA}).json
    assert [one["dealer"]["name"] for one in given["subtickets"]] == ["Dealer Beta"]
    pooled = api("operator").post(f"/tickets/{SAM}/reassignment", {"reason": "Urlop", "to": "pool"}).json
    assert [one["dealer"] for one in pooled["subtickets"]] == [None]


def test_a_ticket_taken_from_the_pool_shows_its_new_dealer_in_its_shops_at_once(api: People) -> None:
    taken = api("alfa").post(f"/tickets/{POOLED}/taking").json
    assert [one["dealer"]["name"] for one in taken["subtickets"]] == ["Dealer Alfa"]


def test_a_sub_ticket_taken_from_the_pool_shows_its_new_dealer_at_once(api: People, way: Way) -> None:
    way.acknowledged(SAM)
    [shop] = way.subtickets(SAM)
    api("operator").post(f"/subtickets/{shop}/reassignment", {"reason": "Urlop", "to": "pool"})
    assert api("beta").post(f"/subtickets/{shop}/taking").json["dealer"]["name"] == "Dealer Beta"


def test_a_sub_tickets_dealer_can_be_called_and_written_to(api: People) -> None:
    [shop] = api("operator").get(f"/tickets/{SAM}").json["subtickets"]
    dealer = {"crm_id": 1001, "name": "Dealer Alfa", "phone": "22 100 20 30", "email": "biuro.1001@dealer.example"}
    assert shop["dealer"] == dealer


def test_who_only_holds_a_shop_is_not_shown_the_caretakers_deadlines(
    api: People, web: Callable[[str], Web], way: Way
) -> None:
    way.acknowledged(SAM)
    [shop] = way.subtickets(SAM)
    api("operator").post(f"/subtickets/{shop}/reassignment", {"reason": "Urlop", "to": BETA})
    seen = api("beta").get(f"/tickets/{SAM}").json
    assert (seen["deadlines"], seen["due"]) == ([], None)
    assert 'id="deadlines"' not in web("beta").get(f"/tickets/{SAM}").text
    assert len(api("alfa").get(f"/tickets/{SAM}").json["deadlines"]) == 3
    assert 'id="deadlines"' in web("alfa").get(f"/tickets/{SAM}").text


def test_a_ticket_with_more_shops_needs_no_more_queries(api: People, web: Callable[[str], Web], parts: Parts) -> None:
    of_shops(api, parts, 501, 2)
    of_shops(api, parts, 502, 12)
    alfa, browser = api("alfa"), web("alfa")
    for get in (alfa.get, browser.get):
        get("/tickets")
        needed = []
        for number in (501, 502):
            with counted(parts) as statements:
                assert get(f"/tickets/{number}").status_code == 200
            needed.append(len(statements))
        assert needed[0] == needed[1]


def test_more_deliveries_need_no_more_queries(api: People, way: Way, parts: Parts) -> None:
    way.closed(SAM)
    way.exported(cast.ARKLITY)
    api("operator").get(f"/tickets/{SAM}")
    needed = []
    for number, count in ((cast.ARKLITY, 1), (SAM, 2)):
        with counted(parts) as statements:
            answer = api("operator").get(f"/tickets/{number}/deliveries")
        assert len(answer.json["items"]) == count
        needed.append(len(statements))
    assert needed[0] == needed[1]
