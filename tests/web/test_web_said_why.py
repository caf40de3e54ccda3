"""Words that people can check: why this dealer, which state is needed, how large a file may be, what kind of value."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Delivery, File, OutboxItem
from mikroserwis.rulebook import RULES
from tests.support.app import sqlite_only
from tests.support.cast import POOLED, SAM, intake
from tests.support.people import Api, Web
from tests.support.way import Way

pytestmark = sqlite_only
ApiOf = Callable[[str], Api]
WebOf = Callable[[str], Web]
CHOSEN = 701


def by_the_rules(api: Api) -> None:
    assert api.post("/tickets", intake(CHOSEN, dealer_crm_id=None)).status_code == 201


def test_dealer_and_staff_read_why_the_rules_chose_this_dealer(api: ApiOf, web: WebOf):
    by_the_rules(api("operator"))
    for name in ("alfa", "operator"):
        page = web(name).get(f"/tickets/{CHOSEN}").text
        assert "obejmuje 26" in page
        assert "otwarte zgłoszenia: 1 z " in page
        assert "jedyny dealer, który spełnia warunki" in page
        choice = api(name).get(f"/tickets/{CHOSEN}").json["choice"]
        assert (choice["area"], choice["open_tickets"], choice["decided_by"]) == ("26", 1, "only_one")
        assert choice["message"] in page


def test_nobody_is_told_of_a_choice_that_the_rules_did_not_make(api: ApiOf, web: WebOf):
    assert api("alfa").get(f"/tickets/{SAM}").json["choice"] is None
    assert "Wybór według reguł" not in web("alfa").get(f"/tickets/{SAM}").text
    assert api("alfa").get(f"/tickets/{POOLED}").json["choice"] is None
    by_the_rules(api("operator"))
    assert api("seller").get(f"/tickets/{CHOSEN}").json["choice"] is None


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("export", "W stanie „Podjęte” nie jest to możliwe, tylko w stanie: Umowa."),
        ("resumption", "W stanie „Podjęte” nie jest to możliwe, tylko w stanie: Zawieszone."),
        ("taking", "W stanie „Podjęte” nie jest to możliwe, tylko w stanie: Nowe."),
    ],
)
def test_a_wrong_state_names_the_one_that_is_needed(api: ApiOf, way: Way, path: str, says: str):
    way.taken(SAM)
    assert [one["message"] for one in api("alfa").post(f"/tickets/{SAM}/{path}").json["blockers"]] == [says]


def test_a_sub_tickets_states_bear_their_own_names(api: ApiOf, way: Way):
    way.points_saved(SAM)
    [subticket] = way.subtickets(SAM)
    [blocker] = api("alfa").post(f"/subtickets/{subticket}/resumption").json["blockers"]
    assert blocker["message"] == "W stanie „W trakcie pracy” nie jest to możliwe, tylko w stanie: Zawieszone."


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"note": 5}, "Potrzebny jest tekst."),
        ({"note": ["x"]}, "Potrzebny jest tekst."),
        ({"note": None}, "Potrzebny jest tekst."),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_which_is_right(api: ApiOf, body: dict[str, Any], says: str):
    [error] = api("alfa").post(f"/tickets/{SAM}/notes", body).json["errors"]
    assert (error["code"], error["message"]) == ("wrong_kind", says)


def test_every_kind_of_value_has_its_sentence(api: ApiOf):
    wrong = {**intake(702), "crm_id": "x", "acquired_by_dealer": "x", "company": 1, "subtickets": "x"}
    said = {one["field"]: one["message"] for one in api("operator").post("/tickets", wrong).json["errors"]}
    assert said == {
        "crm_id": "Potrzebna jest liczba całkowita.",
        "acquired_by_dealer": "Potrzebna jest wartość true lub false.",
        "company": "Potrzebny jest obiekt z nazwanymi polami.",
        "subtickets": "Potrzebna jest lista.",
    }


def test_a_body_above_the_limit_is_told_the_limit(api: ApiOf, web: WebOf):
    answer = api("alfa").post(f"/tickets/{SAM}/notes", {"note": "x" * 4_000_000})
    assert (answer.status_code, "2 MB" in answer.json["detail"]) == (413, True)
    page = web("alfa").post(f"/tickets/{SAM}/notes", {"note": "x" * 4_000_000})
    assert (page.status_code, "2 MB" in page.text) == (413, True)


def test_every_page_leads_to_the_installation_page(web: WebOf):
    assert f'href="{RULES.contacts.installation_page}"' in web("alfa").get("/tickets").text


def test_a_package_with_a_rejected_scan_is_not_offered_to_be_sent_again(web: WebOf, way: Way, parts: Parts):
    way.exported(SAM)
    with parts.database.transaction() as session:
        delivery = session.scalars(select(Delivery)).one()
        session.get_one(OutboxItem, delivery.item_id).state = "rejected"
        path = f"/deliveries/{delivery.id}/retry"
    assert path in web("operator").get(f"/tickets/{SAM}").text
    with parts.database.transaction() as session:
        file = session.scalars(select(File).limit(1)).one()
        file.rejected_at, file.rejection = file.uploaded_at, "Nieczytelne"
    operator = web("operator")
    assert path not in operator.get(f"/tickets/{SAM}").text
    assert "Dodaj nowy skan" in operator.post(path).text
