"""Whatever is sent, the answer is one of ours: never an error of the server."""

import json
from collections.abc import Callable
from typing import Any

from tests.support.cast import POINT, SAM, intake
from tests.support.people import Api
from tests.support.way import Way

JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    2**63,
    10**400,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e" * 50,
    "x" * 5000,
    "²",
    "१२३",
    "'; DROP TABLE tickets; --",
    [],
    [[]],
    {},
    {"": ""},
]
QUERIES = [
    f"{name}={value}"
    for name in ("q", "number", "tax_id", "company", "state", "caretaker", "opened_from", "days_min", "sort", "page")
    for value in ("%00%ff", "²", "-1", "9" * 40, "0001-01-01", "%ED%A0%80%25_")
]
RAW = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"\xff\xfe",
    b"NaN",
    b'{"note": NaN}',
    b"[" * 100_000,
    b'{"note":' * 50_000,
    b"1" * 5000,
    b'{"note": "x", "note": 1}',
]


def test_no_value_of_an_address_is_an_error_of_ours(api: Callable[[str], Api]) -> None:
    for name in ("operator", "alfa"):
        answers = {query: api(name).get(f"/tickets?{query}").status_code for query in QUERIES}
        assert {query: status for query, status in answers.items() if status != 200} == {}


def test_no_body_is_an_error_of_ours(api: Callable[[str], Api], way: Way) -> None:
    way.taken(SAM)
    operator = api("operator")
    for method, path in (("POST", f"/tickets/{SAM}/notes"), ("PUT", f"/tickets/{SAM}/company"), ("POST", "/tickets")):
        for raw in RAW:
            answer = operator.send(method, path, data=raw, content_type="application/json")
            assert answer.status_code in {400, 422}, (path, raw[:20], answer.text)
            assert answer.content_type == "application/problem+json"


def test_no_value_of_a_company_is_an_error_of_ours(api: Callable[[str], Api]) -> None:
    for value in JUNK:
        for field in ("phone", "name", "tax_id", "email", "iban", "regon", "postal_code", "representative"):
            answer = _put(api("operator"), f"/tickets/{SAM}/company", {field: value})
            assert answer.status_code in {200, 422}, (field, value, answer.text)


def test_no_value_of_a_point_or_version_is_an_error_of_ours(api: Callable[[str], Api]) -> None:
    for value in JUNK:
        for body in ({"name": value}, {"contact": value}, {"version": value}):
            answer = _put(api("operator"), f"/points/{POINT}", body)
            assert answer.status_code in {200, 409, 422}, (body, answer.text)


def test_no_words_of_an_act_are_an_error_of_ours(api: Callable[[str], Api], way: Way) -> None:
    way.taken(SAM)
    operator = api("operator")
    for value in JUNK:
        for path, field in (
            ("suspension", "note"),
            ("notes", "note"),
            ("reassignment", "reason"),
            ("reopening", "reason"),
        ):
            answer = _post(operator, f"/tickets/{SAM}/{path}", {field: value})
            assert answer.status_code in {200, 201, 403, 409, 422}, (path, value, answer.text)
        answer = _post(operator, f"/tickets/{SAM}/reassignment", {"reason": "x", "to": value})
        assert answer.status_code == 422, (value, answer.text)


def test_no_value_of_an_intake_is_an_error_of_ours(api: Callable[[str], Api]) -> None:
    operator = api("operator")
    whole = intake(SAM)
    for value in JUNK:
        bodies = [{**whole, name: value} for name in whole]
        bodies += [{**whole, "opened_on": value}, {**whole, "subtickets": [{"point": value}]}]
        bodies += [{**whole, "subtickets": [{"point": {"id": value}, "stations_buy": value}]}]
        for body in bodies:
            answer = _post(operator, "/tickets", body)
            assert answer.status_code in {200, 409, 422}, (value, answer.text)


def test_no_key_is_an_error_of_ours(api: Callable[[str], Api]) -> None:
    for key in ("\x01", "x" * 10_000, "ż", " "):
        answer = api("operator").post(f"/tickets/{SAM}/notes", {"note": "x"}, headers={"Idempotency-Key": key})
        assert answer.status_code == 201


def _put(who: Api, path: str, body: Any) -> Any:
    return who.send("PUT", path, data=json.dumps(body), content_type="application/json")


def _post(who: Api, path: str, body: Any) -> Any:
    return who.send("POST", path, data=json.dumps(body), content_type="application/json")
