"""Errors as programs read them: problem documents with stable codes, in the language that was asked for."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.people import Api
from tests.support.way import Way

pytestmark = sqlite_only


@pytest.mark.parametrize(
    ("line", "options", "status", "code"),
    [
        ("GET /nothing", {}, 404, "not_found"),
        (f"GET /tickets/{ARKLITY}", {}, 404, "not_found"),
        ("GET /tickets/99999999999999999999999999", {}, 404, "not_found"),
        ("GET /subtickets/99999999999", {}, 404, "not_found"),
        (f"GET /tickets/{SAM}/documents/secret.pdf", {}, 404, "not_found"),
        (f"DELETE /tickets/{SAM}", {}, 405, "method_not_allowed"),
        (f"POST /tickets/{SAM}/suspension", {"data": "{", "content_type": "application/json"}, 400, "bad_request"),
        (f"POST /tickets/{SAM}/suspension", {"data": "note=x"}, 415, "unsupported_media_type"),
        (f"POST /tickets/{SAM}/files", {"json": {"kind": "other"}}, 415, "unsupported_media_type"),
        (f"POST /tickets/{SAM}/suspension", {"json": {}}, 409, "refused"),
        (f"POST /tickets/{SAM}/notes", {"json": {}}, 422, "invalid"),
        (f"POST /tickets/{SAM}/resumption", {}, 409, "refused"),
        (f"POST /tickets/{SAM}/cancellation", {"json": {"reason": "x"}}, 403, "forbidden"),
    ],
)
def test_every_error_is_a_problem_document_with_its_code(
    api: Callable[[str], Api], line: str, options: dict[str, Any], status: int, code: str
) -> None:
    method, path = line.split(" ")
    answer = api("alfa").send(method, path, **options)
    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert answer.json["type"] == f"urn:mikroserwis:{code}"
    assert answer.json["title"]
    assert answer.json["detail"]


def test_a_wrong_method_names_the_right_ones(api: Callable[[str], Api]) -> None:
    assert "GET" in api("alfa").send("DELETE", f"/tickets/{SAM}").headers["Allow"]


def test_a_body_above_the_limit_is_refused_unread(api: Callable[[str], Api]) -> None:
    answer = api("alfa").post(f"/tickets/{SAM}/notes", {"note": "x" * 4_000_000})
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_each_wrong_value_is_named_by_its_path(api: Callable[[str], Api]) -> None:
    body = {
        "crm_id": True,
        "type": "insoft",
        "colour": "blue",
        "company": {"tax_id": 7974569439, "name": "x" * 1001},
        "subtickets": [{"stations_buy": -1}, {"stations_buy": "2"}],
    }
    errors = {one["field"]: one["code"] for one in api("operator").post("/tickets", body).json["errors"]}
    assert errors == {
        "crm_id": "wrong_kind",
        "colour": "unknown_field",
        "company.tax_id": "wrong_kind",
        "company.name": "too_long",
        "subtickets.0.stations_buy": "too_small",
        "subtickets.1.stations_buy": "wrong_kind",
    }


def test_a_stale_change_says_what_the_others_wrote(api: Callable[[str], Api], way: Way) -> None:
    way.taken(SAM)
    read = api("alfa").get(f"/tickets/{SAM}/company").json["version"]
    api("operator").put(f"/tickets/{SAM}/company", {"phone": "600 100 200", "version": read})
    answer = api("alfa").put(f"/tickets/{SAM}/company", {"phone": "600 300 400", "version": read})
    assert (answer.status_code, answer.json["code"]) == (409, "changed_meanwhile")
    [changed] = answer.json["changed"]
    assert (changed["field"], changed["theirs"], changed["yours"]) == ("phone", "+48 600 100 200", "+48 600 300 400")
    assert answer.json["version"] > read
    answer = api("alfa").put(f"/tickets/{SAM}/company", {"phone": "600 300 400"})
    assert answer.json["phone"] == "+48 600 300 400"


def test_words_come_in_the_language_that_is_asked_for(api: Callable[[str], Api]) -> None:
    path = f"/tickets/{SAM}/resumption"
    english = api("alfa").post(path, headers={"Accept-Language": "en-GB,en;q=0.9"}).json["title"]
    assert english == "This is not possible now"
    asked_for_nothing = api("alfa").post(path).json["title"]
    unknown = api("alfa").post(path, headers={"Accept-Language": "fr"}).json["title"]
    assert asked_for_nothing == unknown


def test_the_same_key_acts_once_and_is_answered_the_same(api: Callable[[str], Api], way: Way) -> None:
    way.taken(SAM)
    alfa, key = api("alfa"), {"Idempotency-Key": "one"}
    first = alfa.post(f"/tickets/{SAM}/notes", {"note": "Dzwoniłem."}, headers=key)
    second = alfa.post(f"/tickets/{SAM}/notes", {"note": "Dzwoniłem."}, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert len(alfa.get(f"/tickets/{SAM}/notes").json["items"]) == 1
    elsewhere = alfa.post(f"/tickets/{SAM}/suspension", {"note": "x"}, headers=key)
    assert (elsewhere.status_code, elsewhere.json["code"]) == (409, "key_used_for_something_else")


def test_a_key_is_its_owners_alone(api: Callable[[str], Api], way: Way) -> None:
    way.taken(SAM)
    for name in ("alfa", "operator"):
        api(name).post(f"/tickets/{SAM}/notes", {"note": name}, headers={"Idempotency-Key": "one"})
    assert {one["text"] for one in api("alfa").get(f"/tickets/{SAM}/notes").json["items"]} == {"alfa", "operator"}


def test_an_upload_larger_than_the_limit_says_the_limit(api: Callable[[str], Api], way: Way) -> None:
    way.taken(SAM)
    answer = api("alfa").upload(f"/tickets/{SAM}/files", io.BytesIO(bytes(2 * 1024 * 1024 + 1)), kind="other")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert "2" in answer.json["detail"]
