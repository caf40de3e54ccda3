import io
from collections.abc import Callable
from typing import Any

import pytest

from mikroserwis.edge import Parts
from tests.exports.form_cast import form
from tests.support.app import sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api
from tests.support.records import a_form

OWN = form("Umowa własna")


@pytest.fixture
def desk(api: Callable[[str], Api]) -> Api:
    return api("admin")


def upload(desk: Api, content: bytes, **fields: str) -> Any:
    return desk.upload("/paper-forms/contract/versions", io.BytesIO(content), "wzor.docx", **fields)


def test_a_program_uploads_tries_and_puts_a_form_in_force(desk: Api):
    made = upload(desk, OWN, remark="Z programu")
    assert made.status_code == 201
    assert (made.json["number"], made.json["in_force"], made.json["warnings"]) == (1, False, [])
    assert upload(desk, OWN).status_code == 200
    assert desk.get(f"/paper-forms/contract/versions/1/trial.pdf?ticket={SAM}").data.startswith(b"%PDF")
    assert desk.get("/paper-forms/contract/versions/1/content").data == OWN
    forced = desk.post("/paper-forms/contract/versions/1/in-force", {"instead_of": 0})
    assert (forced.status_code, forced.json["in_force"]) == (200, 1)
    assert {one["paper"]: one["in_force"] for one in desk.get("/paper-forms").json["items"]} == {
        "quote": 0,
        "contract": 1,
        "power_of_attorney": 0,
    }
    assert desk.send("DELETE", "/paper-forms/contract/in-force").json["in_force"] == 0
    assert desk.send("DELETE", "/paper-forms/contract/in-force").status_code == 200


@sqlite_only
def test_each_problem_of_a_form_is_an_error_of_its_own(desk: Api):
    answer = upload(desk, form("{{ a }}", "{{ b }}", "{{ points }} x"))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json["errors"]] == ["file"] * 3
    assert upload(desk, OWN, remark="x" * 501).status_code == 422


@sqlite_only
def test_stale_and_unknown_versions_are_refused(desk: Api, parts: Parts):
    a_form(parts, content=OWN)
    assert desk.post("/paper-forms/contract/versions/1/in-force", {"instead_of": 7}).status_code == 409
    assert desk.post("/paper-forms/contract/versions/2/in-force", {}).status_code == 404
    assert desk.post("/paper-forms/contract/versions/1/in-force", {}).status_code == 200
    assert desk.get("/paper-forms/contract/versions/1/trial.pdf").status_code == 422
    assert desk.get("/paper-forms/contract/versions/1/trial.pdf?ticket=").status_code == 422


@sqlite_only
def test_the_shipped_form_and_what_a_form_may_say_are_there_to_read(desk: Api):
    assert desk.get("/paper-forms/quote/shipped").data.startswith(b"PK")
    words = desk.get("/paper-forms/quote", headers={"Accept-Language": "en"}).json["placeholders"]
    assert {"name": "quote.gross", "kind": "value", "meaning": "gross sum", "required": True} in words
    assert ("unit_net", "lines") in {(one["name"], one["kind"]) for one in words}
