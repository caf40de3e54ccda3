"""Each route of the API names the scope that it asks for, or is for people alone; nobody gets past that."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from apiflask import APIFlask
from freezegun import freeze_time

from mikroserwis.accounts import operations
from mikroserwis.app import create_app
from mikroserwis.clients.events import EVENTS
from mikroserwis.clients.scopes import OPEN, SCOPES, needed
from mikroserwis.clients.wording import EVENTS as SAID
from mikroserwis.clients.wording import SCOPES as SAID_SCOPES
from mikroserwis.edge import Parts
from tests.clients.desk import enter
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, PEOPLE, SAM
from tests.support.client_rights import SAMPLES
from tests.support.people import Api
from tests.support.way import Way

People = Callable[[str], Api]
# For people alone: whole blueprints, and single routes of others.
BLUEPRINTS = {
    *("accounts_api", "messages_api", "event_channels_api", "notifications_api", "texts_api"),
    *("paper_forms_api", "audit_api", "personal_api"),
}
PERSONS = {
    # One's own things: views, exports, imports that are looked at first, and many at once with their undo.
    *(f"tickets_api.{name}" for name in ("views", "save_view", "change_view", "remove_view")),
    *(f"tickets_api.{name}" for name in ("exports", "start_export", "export", "remove_export", "cancel_export")),
    *(f"tickets_api.{name}" for name in ("export_file", "retry_export", "add_import", "list_imports", "show_import")),
    *(f"tickets_api.{name}" for name in ("discard_import", "import_bad_rows", "confirm_import")),
    *(f"tickets_api.{name}" for name in ("list_bulk", "show_bulk", "undo_bulk", "reassign_many", "extend_many")),
    *(f"dealers_api.{name}" for name in ("my_company", "change_my_company", "my_absences", "add_my_absence")),
    *(f"dealers_api.{name}" for name in ("change_my_absence", "end_my_absence")),
    "training_api.open_material",
    # A person's own consents, and the texts that people consent to.
    *(f"consents_api.{name}" for name in ("my_consents", "decide_my_consent", "consent_texts")),
    "consents_api.publish_consent_text",
    # What not even an operator may, or what runs the house.
    *("dealers_api.delete_dealer", "dealers_api.delete_vendor_contact", "customers_api.delete_customer"),
    *("customers_api.delete_customer_point", "ledger_api.run_job"),
    *(f"prices_api.{name}" for name in ("add_price", "change_price", "activate_price", "deactivate_price")),
    *(f"prices_api.{name}" for name in ("add_offer", "withdraw_offer")),
    *(f"training_api.{act}_material" for act in ("add", "change", "move", "publish", "remove")),
    # Who keeps programs isn't a program.
    *(f"clients_api.{name}" for name in ("clients", "add_client", "client", "change_client", "activate_client")),
    *(f"clients_api.{name}" for name in ("deactivate_client", "client_tokens", "add_token", "rotate_token")),
    "clients_api.revoke_token",
}


def with_limit(parts: Parts, limit: int) -> APIFlask:
    """Another process that answers so many requests of a program in a minute."""
    settings = parts.settings.model_copy(update={"client_requests_per_minute": limit})
    return create_app(settings, replace(parts, settings=settings))


def routes(app: APIFlask) -> dict[str, tuple[str, str]]:
    """Method and address of every route of the API that needs a token."""
    adapter, values = app.url_map.bind("localhost"), {**SAMPLES, "number": SAM, "batch": "0" * 32}
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and not getattr(app.view_functions[rule.endpoint], "is_public", False):
            method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
            given = {name: values.get(name, _sample(rule, name)) for name in rule.arguments}
            found[rule.endpoint] = (method, str(adapter.build(rule.endpoint, given, method)).removeprefix("/api/v1"))
    return found


def _sample(rule: object, name: str) -> object:
    converter = rule._converters[name]  # type: ignore[attr-defined]
    choices = re.sub(r"\\(.)", r"\1", converter.regex.removeprefix("(?:").removesuffix(")")).split("|")
    return 1 if "\\d" in converter.regex else choices[0] if len(choices) > 1 else "tidy"


def test_every_route_of_the_api_names_its_scope_or_is_for_people_alone(app: APIFlask):
    every = set(routes(app))
    alone = {one for one in every if one.partition(".")[0] in BLUEPRINTS} - OPEN | PERSONS
    named = {one for of_scope in SCOPES.values() for one in of_scope}
    assert sorted(every - named - alone - OPEN) == []
    assert sorted((named | PERSONS) - every) == []
    assert sorted(named & alone) == []
    assert len(named) == sum(map(len, SCOPES.values()))


@sqlite_only
def test_without_the_scope_every_route_says_which_is_missing_whether_or_not_the_record_exists(
    app: APIFlask, parts: Parts
):
    app = with_limit(parts, 10_000)
    programs = {scope: enter(app, scope, scopes=(scope,)).api for scope in ("materials:read", "prices:read")}
    wrong = []
    for endpoint, (method, path) in routes(app).items():
        scope = needed(endpoint)
        asker = programs["prices:read" if scope == "materials:read" else "materials:read"]
        answer = asker.send(method, path)
        told = (answer.status_code, answer.json and answer.json.get("code"), answer.json and answer.json.get("scope"))
        expected = (403, "persons_only", None) if scope is None else (403, "scope_missing", scope)
        if scope != "" and told != expected:
            wrong.append((endpoint, told))
    assert wrong == []


@sqlite_only
def test_with_every_scope_a_program_may_no_more_than_an_operator(app: APIFlask, api: People, way: Way, parts: Parts):
    way.closed(SAM)
    app = with_limit(parts, 10_000)
    program, operator, wrong = enter(app).api, Api(app.test_client(), PEOPLE["operator"].token), []
    for endpoint, (method, path) in routes(app).items():
        if needed(endpoint) and not endpoint.startswith("clients_api"):
            answers = [who.send(method, path).status_code for who in (program, operator)]
            if (answers[0] == 403) != (answers[1] == 403) or answers[0] >= 500:
                wrong.append((endpoint, answers))
    assert wrong == []


@sqlite_only
def test_a_program_keeps_its_own_webhooks_and_does_not_know_of_others(app: APIFlask):
    one, other = enter(app, "one"), enter(app, "other")
    body = {"url": "https://crm.example/hooks", "events": ["ticket.taken"]}
    made = one.api.post(f"/clients/{one.id}/webhooks", body)
    assert (made.status_code, made.json["secret"][:6]) == (201, "whsec_")
    assert other.api.get(f"/clients/{other.id}/webhooks").json["items"] == []
    for path in (f"/clients/{one.id}/webhooks", f"/clients/{one.id}/webhooks/{made.json['id']}"):
        assert other.api.get(path).status_code == 404
    assert other.api.get(f"/clients/{other.id}/webhooks/{made.json['id']}").status_code == 404


@sqlite_only
def test_a_limited_token_of_a_person_may_part_of_what_its_person_may(app: APIFlask, parts: Parts, api: People):
    with parts.database.transaction() as session:
        user = operations.find_user(session, "alfa")
        assert user
        secret = operations.issue_token(session, user, "kasa", datetime.now(UTC), ["tickets:read"])
    limited = Api(app.test_client(), secret)
    assert [limited.get(path).status_code for path in ("/me", "/tickets", f"/tickets/{SAM}")] == [200, 200, 200]
    assert limited.get(f"/tickets/{ARKLITY}").status_code == 404
    assert limited.post(f"/tickets/{SAM}/taking").json["scope"] == "tickets:write"
    assert limited.get("/views").json["code"] == "persons_only"
    assert api("alfa").get("/views").status_code == 200


@pytest.mark.parametrize("limit", [1, 5, 100])
def test_so_many_requests_a_minute_are_answered_by_all_processes_together(app: APIFlask, parts: Parts, limit: int):
    processes = [with_limit(parts, limit) for _ in range(2)]
    with freeze_time("2026-11-22T10:00:10Z") as clock:
        program = enter(app)
        askers = [Api(one.test_client(), program.secret) for one in processes]
        answers = [askers[number % 2].get("/me") for number in range(limit + 20)]
        answered = [one for one in answers if one.status_code == 200]
        assert limit - limit // 30 <= len(answered) <= limit
        refused = answers[-1]
        assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
        assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"] == "50"
        assert refused.headers["RateLimit-Limit"] == str(limit)
        assert int(answered[0].headers["RateLimit-Remaining"]) <= limit - 1
        assert api_of_a_person(processes[0]) == 200
        clock.tick(50)
        assert askers[0].get("/me").status_code == 200


def api_of_a_person(app: APIFlask) -> int:
    status: int = Api(app.test_client(), PEOPLE["alfa"].token).get("/me").status_code
    return status


def test_every_scope_and_every_event_is_said_in_words():
    assert set(SAID_SCOPES) == set(SCOPES)
    assert set(SAID) == {*EVENTS, "ping"}
    assert set(EVENTS.values()) <= set(SCOPES)
