"""More time on screen and over the API: asked for, granted, refused, withdrawn; what was typed is never lost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from mikroserwis.pricing import today
from tests.support.app import clock, sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api, Web
from tests.support.way import Way

pytestmark = sqlite_only
People = Callable[[str], Web]
Programs = Callable[[str], Api]
REQUESTS = f"/tickets/{SAM}/extension-requests"


def in_days(days: int) -> str:
    return (today(clock()) + timedelta(days=days)).isoformat()


def ask(web: People, until: str | None = None, reason: str = "Sklep w remoncie.") -> Any:
    return web("alfa").post(REQUESTS, {"until": until or in_days(6), "reason": reason})


def request_id(api: Programs) -> int:
    found: int = api("operator").get(f"/tickets/{SAM}/extensions").get_json()["items"][0]["id"]
    return found


def test_a_dealer_asks_near_the_deadlines_and_staff_grant_it_there(web: People, api: Programs):
    page = web("alfa").get(f"/tickets/{SAM}").text
    assert f'action="{REQUESTS}"' in page
    answer = ask(web)
    assert (answer.status_code, answer.location) == (303, f"/tickets/{SAM}#deadlines")
    assert "Sklep w remoncie." in web("alfa").get(f"/tickets/{SAM}").text
    decision = f"{REQUESTS}/{request_id(api)}/decision"
    assert f'action="{decision}"' in web("operator").get(f"/tickets/{SAM}").text
    assert f'action="{decision}"' in web("operator").get("/tickets/extensions").text
    assert web("operator").get(decision).status_code == 200
    granted = web("operator").post(decision, {"decision": "grant", "until": in_days(5), "answer": "Tyle wystarczy."})
    assert granted.status_code == 303
    [item] = api("alfa").get(f"/tickets/{SAM}/extensions").get_json()["items"]
    assert (item["state"], item["granted_until"], item["answer"]) == ("granted", in_days(5), "Tyle wystarczy.")
    assert "Tyle wystarczy." in web("alfa").get(f"/tickets/{SAM}").text
    assert f'action="{decision}"' not in web("operator").get("/tickets/extensions").text


def test_what_a_dealer_typed_stays_when_the_day_is_wrong(web: People):
    answer = ask(web, in_days(200))
    assert answer.status_code == 422
    assert in_days(200) in answer.text
    assert "Sklep w remoncie." in answer.text
    assert 'id="error-until"' in answer.text
    answer = ask(web, "kiedyś")
    assert answer.status_code == 422
    assert "Sklep w remoncie." in answer.text


def test_a_refusal_without_an_answer_keeps_the_form(web: People, api: Programs):
    ask(web)
    decision = f"{REQUESTS}/{request_id(api)}/decision"
    answer = web("operator").post(decision, {"decision": "refuse", "until": in_days(4), "answer": ""})
    assert answer.status_code == 422
    assert 'id="error-answer"' in answer.text
    assert in_days(4) in answer.text
    assert web("operator").post(decision, {"decision": "refuse", "answer": "Nie tym razem."}).status_code == 303
    assert "Nie tym razem." in web("alfa").get(f"/tickets/{SAM}").text


def test_of_two_of_staff_the_second_is_told_what_the_first_decided(web: People, api: Programs):
    ask(web)
    decision = f"{REQUESTS}/{request_id(api)}/decision"
    assert web("operator").post(decision, {"decision": "grant", "until": ""}).status_code == 303
    answer = web("master").post(decision, {"decision": "refuse", "answer": "Nie."})
    assert answer.status_code == 409
    assert "Przyznano" in answer.text


def test_a_dealer_withdraws_and_staff_who_then_grant_are_told(web: People, api: Programs):
    ask(web)
    number = request_id(api)
    assert web("alfa").post(f"{REQUESTS}/{number}/withdrawal").status_code == 303
    answer = web("operator").post(f"{REQUESTS}/{number}/decision", {"decision": "grant"})
    assert answer.status_code == 409
    assert web("alfa").post(f"{REQUESTS}/{number}/withdrawal").status_code == 409


def test_staff_move_a_deadline_unasked(web: People, api: Programs):
    assert web("operator").get(f"/tickets/{SAM}/extension").status_code == 200
    answer = web("operator").post(f"/tickets/{SAM}/extension", {"until": in_days(9), "reason": "Umówione."})
    assert answer.status_code == 303
    page = web("operator").get(f"/tickets/{SAM}").text
    assert "Umówione." in page
    again = web("operator").post(f"/tickets/{SAM}/extension", {"until": in_days(9), "reason": "Jeszcze raz."})
    assert again.status_code == 422
    assert "Jeszcze raz." in again.text


def test_where_nothing_is_owed_the_page_says_why(web: People, way: Way):
    way.closed(SAM)
    page = web("operator").get(f"/tickets/{SAM}/extension")
    assert page.status_code == 200
    assert "<form" not in page.text.split("<main")[1]
    assert web("operator").post(f"/tickets/{SAM}/extension", {"until": in_days(9), "reason": "x"}).status_code == 409


def test_another_dealers_request_is_nobody_elses(web: People, api: Programs):
    ask(web)
    number = request_id(api)
    for person in ("beta", "sam", "technician"):
        assert web(person).post(f"{REQUESTS}/{number}/withdrawal").status_code == 404
        assert web(person).get(f"{REQUESTS}/{number}/decision").status_code == 404
    assert web("operator").post(f"{REQUESTS}/{number + 1}/decision", {"decision": "grant"}).status_code == 404


def test_the_api_does_what_the_pages_do(api: Programs):
    path = f"/tickets/{SAM}/extensions"
    days = api("alfa").get(path).get_json()["days"]
    assert date.fromisoformat(days["last"]) > date.fromisoformat(days["first"]) > date.fromisoformat(days["due"])
    wanted = {"until": days["first"], "reason": "Remont."}
    asked = api("alfa").post(REQUESTS, wanted)
    assert (asked.status_code, asked.get_json()["state"]) == (201, "asked")
    assert [one["ticket"] for one in api("operator").get("/extension-requests").get_json()["items"]] == [SAM]
    assert api("alfa").post(REQUESTS, wanted).get_json()["blockers"][0]["code"] == "no_request_is_open"
    request = f"{REQUESTS}/{asked.get_json()['id']}"
    assert api("operator").post(f"{request}/refusal", {"answer": "Nie."}).get_json()["state"] == "refused"
    assert api("operator").post(f"{request}/grant", {}).get_json()["code"] == "request_decided"
    assert api("alfa").post(f"{request}/withdrawal").get_json()["code"] == "request_decided"
    given = api("operator").post(path, {"until": days["last"], "reason": "Umówione."})
    assert (given.status_code, given.get_json()["granted_until"]) == (201, days["last"])
    assert api("operator").post(path, {"until": "kiedyś", "reason": "x"}).get_json()["errors"][0]["code"] == "bad_date"
