"""Tickets from the CRM and from dealers: once, however often and however many at once they come."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.support.cast import COMPANIES, PEOPLE, POOLED, SAM, intake
from tests.support.people import Api


def test_the_same_intake_again_changes_nothing_and_another_one_is_refused(api: Callable[[str], Api]) -> None:
    operator = api("operator")
    first = operator.post("/tickets", intake(7001))
    assert (first.status_code, first.json["crm_id"], first.json["caretaker"]["crm_id"]) == (201, 7001, 1001)
    assert operator.post("/tickets", intake(7001)).status_code == 200
    other = operator.post("/tickets", intake(7001, type="fiscal"))
    assert (other.status_code, other.json["code"]) == (409, "number_taken")


def test_a_dealers_own_ticket_is_its_own_from_the_start(api: Callable[[str], Api]) -> None:
    company = {**COMPANIES[POOLED], "tax_id": "1234563218"}
    body = intake(0, crm_id=None, dealer_crm_id=None, company=company, subtickets=[{"stations_buy": 2}])
    made = api("beta").post("/tickets", body)
    assert made.status_code == 201, made.text
    assert (made.json["crm_id"], made.json["caretaker"]["name"], made.json["state"]) == (None, "Dealer Beta", "taken")
    assert made.json["acquired_by_dealer"] is True
    assert api("alfa").get(f"/tickets/{made.json['number']}").status_code == 404


def test_a_tax_id_alone_opens_no_other_dealers_customer(api: Callable[[str], Api]) -> None:
    shops = [{"stations_buy": 1}]
    body = intake(0, crm_id=None, dealer_crm_id=None, company=COMPANIES[SAM], subtickets=shops)
    refused = api("beta").post("/tickets", body)
    assert refused.status_code == 422
    assert [one["code"] for one in refused.json["errors"]] == ["company_is_known"]
    assert api("alfa").post("/tickets", body).status_code == 201


def test_every_wrong_value_of_an_intake_is_named_at_once(api: Callable[[str], Api]) -> None:
    company = {**COMPANIES[SAM], "tax_id": "7974569438", "postal_code": "26922X"}
    answer = api("operator").post("/tickets", intake(7002, company=company, type="boat", subtickets=[{}]))
    assert {(one["field"], one["code"]) for one in answer.json["errors"]} == {
        ("type", "unknown_type"),
        ("company.tax_id", "nip_check_digit"),
        ("company.postal_code", "postal_code"),
        ("subtickets.0.stations_buy", "no_stations"),
    }
    assert api("operator").get("/tickets/7002").status_code == 404


def test_of_many_same_intakes_at_once_one_is_new_and_the_others_are_answered_the_same(served: str) -> None:
    headers = {"Authorization": f"Bearer {PEOPLE['operator'].token}"}

    def send(_number: int) -> tuple[int, int]:
        answer = requests.post(f"{served}/api/v1/tickets", json=intake(7003), headers=headers, timeout=30)
        return answer.status_code, answer.json().get("number", 0)

    with ThreadPoolExecutor(8) as senders:
        answers = sorted(senders.map(send, range(8)))
    assert answers == [(200, 7003)] * 7 + [(201, 7003)]


def test_the_list_is_filtered_sorted_and_paged_by_its_address(api: Callable[[str], Api]) -> None:
    operator = api("operator")
    for number in range(7100, 7112):
        assert operator.post("/tickets", intake(number)).status_code == 201
    page = operator.get("/tickets?sort=number&size=10").json
    assert (page["total"], page["pages"], page["size"], len(page["items"])) == (15, 2, 10, 10)
    assert not page["total_is_bounded"]
    last = operator.get("/tickets?sort=number&size=10&page=2").json["items"]
    assert [line["number"] for line in last] == [7107, 7108, 7109, 7110, 7111]
    assert {line["number"] for line in operator.get("/tickets?q=arklity").json["items"]} == {80}
    assert {line["number"] for line in operator.get("/tickets?view=pool").json["items"]} == {POOLED}
    assert [line["number"] for line in api("seller").get("/tickets?number=115").json["items"]] == [SAM]
    dealers = {line["crm_id"] for line in operator.get("/dealers").json["items"]}
    assert dealers == {1001, 1002}
