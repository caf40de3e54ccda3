"""A program's token: shown once, kept as a hash, limited, and over at once when it is taken back."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask
from freezegun import freeze_time
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import ApiClient, ClientToken, Event, Submission
from tests.clients.desk import People, enter
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM, intake
from tests.support.people import Api


def test_a_program_acts_under_its_own_name_with_its_token_until_it_is_revoked(app: APIFlask, api: People, parts: Parts):
    crm = enter(app)
    assert crm.api.post("/tickets", intake(4711)).status_code == 201
    with parts.database.reading() as session:
        row = session.scalars(select(Event).where(Event.verb == "create").order_by(Event.id.desc())).first()
        assert row
        assert (row.actor, row.actor_id, row.source) == ("CRM", None, "api")
    assert api("admin").send("DELETE", f"/clients/{crm.id}/tokens/{crm.token_id}").json["state"] == "revoked"
    again = crm.api.get("/tickets")
    assert (again.status_code, again.json["code"]) == (401, "unauthorised")


def test_only_the_hash_of_a_token_is_kept_and_nothing_of_it_is_logged(
    app: APIFlask, parts: Parts, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    crm = enter(app)
    crm.api.get("/tickets")
    Api(app.test_client(), f"{crm.secret}x").get("/tickets")
    with parts.database.reading() as session:
        kept = session.scalars(select(ClientToken)).one()
        said = [row.data + row.changes for row in session.scalars(select(Event).where(Event.client_id == crm.id))]
        assert crm.secret not in "".join((*said, *map(str, vars(kept).values())))
        assert kept.hint == crm.secret[-4:]
    assert crm.secret not in caplog.text


def test_whoever_sends_the_same_request_for_a_token_again_is_not_shown_it_twice(
    app: APIFlask, api: People, parts: Parts
):
    crm, key = enter(app), {"Idempotency-Key": "once"}
    first = api("admin").post(f"/clients/{crm.id}/tokens", {"name": "second"}, headers=key)
    again = api("admin").post(f"/clients/{crm.id}/tokens", {"name": "second"}, headers=key)
    assert (first.status_code, again.status_code, again.json["code"]) == (201, 409, "shown_once")
    with parts.database.reading() as session:
        assert session.scalars(select(Submission.body)).all() == [""]
        assert len(session.scalars(select(ClientToken)).all()) == 2


def test_a_replaced_token_lives_on_for_its_grace_and_no_longer(app: APIFlask, api: People):
    crm = enter(app)
    made = api("admin").post(f"/clients/{crm.id}/tokens/{crm.token_id}/rotation", {"grace_hours": 1})
    assert made.status_code == 201
    new = Api(app.test_client(), made.json["secret"])
    assert (crm.api.get("/me").status_code, new.get("/me").status_code) == (200, 200)
    with freeze_time(datetime.now(UTC) + timedelta(hours=1, minutes=1)):
        assert (crm.api.get("/me").status_code, new.get("/me").status_code) == (401, 200)


@sqlite_only
def test_a_token_is_valid_through_its_last_day_in_warsaw(app: APIFlask):
    with freeze_time("2026-11-22T10:00:00Z"):
        crm = enter(app, expires_on="2026-11-23")
    with freeze_time("2026-11-23T22:59:00Z"):
        assert crm.api.get("/me").status_code == 200
    with freeze_time("2026-11-23T23:01:00Z"):
        assert crm.api.get("/me").status_code == 401


@sqlite_only
def test_what_is_taken_from_a_program_its_tokens_lose_at_once(app: APIFlask, api: People):
    crm = enter(app, scopes=("tickets:read", "prices:read"))
    assert crm.api.get("/prices").status_code == 200
    api("admin").put(f"/clients/{crm.id}", {"scopes": ["tickets:read"]})
    refused = crm.api.get("/prices")
    assert (refused.status_code, refused.json["code"], refused.json["scope"]) == (403, "scope_missing", "prices:read")
    api("admin").post(f"/clients/{crm.id}/deactivation")
    assert crm.api.get("/tickets").status_code == 401
    api("admin").post(f"/clients/{crm.id}/activation")
    assert crm.api.get(f"/tickets/{SAM}").status_code == 200


@sqlite_only
def test_the_last_use_is_written_once_a_minute_at_most(app: APIFlask, parts: Parts):
    seen = []
    with freeze_time("2026-11-22T10:00:00Z") as clock:
        crm = enter(app)
        for seconds in (1, 30, 40):
            clock.tick(seconds)
            crm.api.get("/me")
            with parts.database.reading() as session:
                kept = session.scalars(select(ClientToken)).one()
                seen.append((kept.used_at, kept.used_from))
    assert seen[0] == seen[1] != seen[2]
    assert seen[0] == (datetime(2026, 11, 22, 10, 0, 1, tzinfo=UTC), "127.0.0.1")


@sqlite_only
def test_two_programs_that_use_the_same_key_do_not_get_each_others_answer(app: APIFlask):
    one, other = enter(app, "one"), enter(app, "other")
    key = {"Idempotency-Key": "same"}
    assert one.api.post("/tickets", intake(4711), headers=key).status_code == 201
    assert other.api.post("/tickets", intake(4712), headers=key).json["number"] == 4712


@sqlite_only
def test_a_client_is_refused_with_every_wrong_value_named(app: APIFlask, api: People):
    enter(app)
    tries: list[tuple[dict[str, object], set[str]]] = [
        ({"name": "", "scopes": []}, {"name", "scopes"}),
        ({"name": "CRM", "scopes": ["tickets:read"]}, {"name"}),
        ({"name": "ERP", "scopes": ["everything"]}, {"scopes"}),
    ]
    for body, wrong in tries:
        answer = api("admin").post("/clients", body)
        assert (answer.status_code, {one["field"] for one in answer.json["errors"]}) == (422, wrong)
    crm = enter(app, "ERP", scopes=("tickets:read",))
    tokens: list[tuple[dict[str, object], str]] = [
        ({"name": "x", "scopes": ["audit:read"]}, "scopes"),
        ({"name": "x", "scopes": ["tickets:write"]}, "scopes"),
        ({"name": "x", "expires_on": "2020-01-01"}, "expires_on"),
        ({"name": "x", "expires_on": "wczoraj"}, "expires_on"),
    ]
    for given, field in tokens:
        answer = api("admin").post(f"/clients/{crm.id}/tokens", given)
        assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, [field])


@sqlite_only
def test_of_two_who_change_a_client_the_second_sees_what_the_first_saved(app: APIFlask, api: People):
    crm = enter(app)
    version = api("admin").get(f"/clients/{crm.id}").json["version"]
    assert api("admin").put(f"/clients/{crm.id}", {"purpose": "A", "version": version}).status_code == 200
    late = api("master").put(f"/clients/{crm.id}", {"purpose": "B", "version": version})
    assert (late.status_code, late.json["changed"]) == (409, [{"field": "purpose", "theirs": "A", "yours": "B"}])


@sqlite_only
def test_a_programs_token_is_no_key_to_the_pages_nor_a_personal_one_to_its_name(app: APIFlask, parts: Parts):
    crm = enter(app)
    page = app.test_client().get("/tickets", headers={"Authorization": f"Bearer {crm.secret}"})
    assert page.status_code == 302
    assert crm.api.get("/me").json["name"] == "CRM"
    assert Api(app.test_client(), PEOPLE["alfa"].token).get("/me").json["name"] == "Łukasz Gąska"
    with parts.database.reading() as session:
        assert session.scalars(select(ApiClient.name)).all() == ["CRM"]
