"""Texts over the API: the same checks, the same versions, the same codes."""

from typing import Any

import pytest

from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE
from tests.texts.conftest import OWN, Pen

TEXT = "/texts/offered/email/pl"


@pytest.fixture
def admin(api: Any) -> Any:
    return api("admin")


def test_a_text_is_read_written_brought_back_and_restored(admin: Any, pen: Pen):
    shipped = admin.get(TEXT).get_json()
    assert (shipped["own"], shipped["version"], shipped["subject"]) == (False, 0, shipped["shipped"]["subject"])
    assert {one["name"] for one in shipped["variables"] if one["required"]} == {"news", "facts"}
    own = admin.put(TEXT, {**OWN, "version": 0}).get_json()
    assert (own["own"], own["version"], own["subject"], own["changed_by"]) == (
        True,
        1,
        OWN["subject"],
        "Adam Administrator",
    )
    assert pen.told().subject == "Nowość: 115"
    admin.put(TEXT, {"subject": "Druga"})
    assert admin.post(f"{TEXT}/versions/1/in-force", {"version": 2}).get_json()["subject"] == OWN["subject"]
    assert admin.send("DELETE", TEXT).get_json()["own"] is False
    versions = admin.get(f"{TEXT}/versions").get_json()["items"]
    assert [(one["number"], one["shipped"], one["subject"]) for one in versions][1:] == [
        (3, False, OWN["subject"]),
        (2, False, "Druga"),
        (1, False, OWN["subject"]),
    ]
    assert versions[0]["shipped"]


@sqlite_only
def test_whoever_is_late_and_whatever_is_wrong_is_told_by_code(admin: Any):
    admin.put(TEXT, OWN)
    late = admin.put(TEXT, {"subject": "Moje", "version": 0})
    assert (late.status_code, late.get_json()["code"], late.get_json()["version"]) == (409, "changed_meanwhile", 1)
    assert late.get_json()["changed"] == [{"field": "subject", "theirs": OWN["subject"], "yours": "Moje"}]
    wrong = admin.put(TEXT, {"body": "{{ facts.x }}{{ nws }}"}).get_json()
    assert [(one["field"], one["code"]) for one in wrong["errors"]] == [
        ("body", "text_forbidden"),
        ("body", "text_unknown"),
        ("body", "text_missing"),
        ("body", "text_missing"),
    ]
    assert admin.put(TEXT, {"subjekt": "x"}).status_code == 422
    assert admin.post(f"{TEXT}/versions/9/in-force", {}).status_code == 404


@sqlite_only
def test_a_link_that_bears_a_secret_is_refused_wherever_something_could_lead_it_elsewhere(admin: Any, web: Any):
    given = {"subject": "Hasło {{ url }}", "body": "Hasło:\nhttps://evil.example/?u={{ url }} do {{ until }}"}
    wrong = admin.put("/texts/account_recovery/email/pl", given)
    assert (wrong.status_code, [(one["field"], one["code"]) for one in wrong.get_json()["errors"]]) == (
        422,
        [("subject", "text_link_in_subject"), ("body", "text_link_alone")],
    )
    page = web("admin").post("/texts/account_recovery/email/pl", {**given, "version": 0})
    assert page.status_code == 422
    assert " 28: {{ url }}" in page.text, "its sign, in words"


@sqlite_only
def test_a_preview_and_a_trial_save_nothing(admin: Any, pen: Pen):
    seen = admin.post(f"{TEXT}/preview", {**OWN, "ticket": 80}).get_json()
    assert (seen["subject"], seen["parts"]) == ("Nowość: 80", None)
    assert "8213457130" in seen["body"]
    short = admin.post("/texts/offered/sms/pl/preview", {"body": "Zgłoszenie {{ ticket }}"}).get_json()
    assert (short["parts"], short["places"], short["plain"], short["odd"]) == (1, 14, False, "ł")
    assert admin.post(f"{TEXT}/preview", {"ticket": 4711}).get_json()["errors"][0]["code"] == "no_such_ticket"
    trial = admin.post(f"{TEXT}/test", OWN)
    assert (trial.status_code, trial.get_json()) == (202, {"recipient": PEOPLE["admin"].email})
    assert pen.versions() == []


@sqlite_only
def test_the_list_is_the_pages(admin: Any, api: Any, pen: Pen):
    pen.save()
    [own] = admin.get("/texts?view=own").get_json()["items"]
    assert (own["event"], own["language"], own["own"], own["broken"]) == ("offered", "pl", True, False)
    english = admin.get("/texts?channel=sms&q=PASSWORD", headers={"Accept-Language": "en"}).get_json()["items"]
    assert "account_recovery" in {one["event"] for one in english}
    assert {one["language"] for one in english} == {"en"}
    assert api("alfa").get("/texts").status_code == 403
