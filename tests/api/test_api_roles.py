"""Who may use which resource: the table of product and workflows, walked with each person's token."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask

from tests.support import account_rights, client_rights, consent_rights, customer_rights, message_rights, text_rights
from tests.support.app import sqlite_only
from tests.support.cast import LICENCE, PEOPLE, POINT, SAM
from tests.support.drafts import brought
from tests.support.people import Api
from tests.support.records import (
    a_bulk_act,
    a_customer_of,
    a_form,
    a_handover,
    a_material,
    a_request,
    a_run,
    a_view,
    an_absence,
)
from tests.support.way import Way
from tests.sweeps.shelf import Shelf

STAFF = {"operator", "admin", "master"}
ADMIN = {"admin", "master"}
CARETAKER = {"alfa"}
SIGHT = STAFF | CARETAKER | {"seller"}
WORK = STAFF | CARETAKER
LISTS = STAFF | {"alfa", "beta", "seller", "rival"}
EVERYBODY = set(PEOPLE)
ROOMS: tuple[Any, ...] = (account_rights, client_rights, consent_rights, message_rights, text_rights)

# Operations that belong to no record: those who may not are told so. Of the others, who can't see the record gets 404.
AT_LARGE = {
    **{name: who for room in ROOMS for name, who in room.OPERATIONS.items()},
    "tickets": LISTS,
    "ticket_sheet": LISTS,
    "add_ticket": STAFF | {"alfa", "beta"},
    "import_tickets": STAFF,
    **dict.fromkeys(("reassign_many", "extend_many", "list_bulk", "show_bulk", "undo_bulk"), STAFF),
    "import_template": STAFF,
    "add_import": STAFF,
    "list_imports": STAFF,
    **dict.fromkeys(("dealers", "add_dealer", "dealer_areas", "dealer", "change_dealer", "dealer_history"), STAFF),
    **dict.fromkeys(("activate_dealer", "deactivate_dealer", "dealer_absences"), STAFF),
    **dict.fromkeys(("add_absence", "change_absence", "end_absence"), STAFF),
    **dict.fromkeys(("vendor_contacts", "vendor_contact", "vendor_contact_history"), STAFF),
    **dict.fromkeys(("add_vendor_contact", "change_vendor_contact"), STAFF),
    **{key: {"master"} for key in ("delete_dealer", "delete_vendor_contact")},
    **customer_rights.OF_NONE,
    **{name: {"alfa", "beta"} for name in ("my_company", "change_my_company", "my_absences", "add_my_absence")},
    **{name: STAFF | {"alfa", "beta"} for name in ("prices", "price")},
    **dict.fromkeys(("add_price", "change_price", "activate_price", "deactivate_price"), ADMIN),
    **dict.fromkeys(("add_offer", "withdraw_offer"), ADMIN),
    **dict.fromkeys(("paper_forms", "paper_form", "shipped_form", "add_form", "form_content", "form_trial"), ADMIN),
    **dict.fromkeys(("put_form_in_force", "back_to_shipped_form"), ADMIN),
    **dict.fromkeys(("tonight", "simulator"), STAFF),
    "extension_requests": STAFF,
    **dict.fromkeys(("supervision", "compare_dealers", "jobs", "job_runs", "job_run", "run_job"), STAFF),
    **dict.fromkeys(("audit", "audit_chain"), ADMIN),
    **dict.fromkeys(("exports", "start_export"), LISTS),
    "views": LISTS,
    "save_view": LISTS,
    **dict.fromkeys(("materials", "material", "material_content", "open_material"), EVERYBODY - {"sam"}),
    **dict.fromkeys(("add_material", "change_material", "move_material", "publish_material"), STAFF),
    "remove_material": {"master"},
}
# What belongs to one person isn't there for anybody else.
OWN = {
    **message_rights.OWN,
    **{name: {"alfa"} for name in ("change_view", "remove_view")},
    **{name: {"alfa"} for name in ("export", "export_file", "cancel_export", "retry_export", "remove_export")},
    **{name: {"operator"} for name in ("show_import", "import_bad_rows", "confirm_import", "discard_import")},
}
OF_THE_TICKET = {
    "ticket": SIGHT,
    "take": CARETAKER,
    "suspend": WORK,
    "resume": WORK,
    "resign": CARETAKER,
    "reassign": STAFF,
    "undo_handover": STAFF,
    "cancel": STAFF,
    "export_scans": CARETAKER,
    "company": SIGHT,
    "change_company": WORK,
    "confirm": WORK,
    "document": WORK,
    **dict.fromkeys(("quotes", "quote", "quote_paper"), SIGHT),
    **dict.fromkeys(("make_quote", "accept_quote", "decline_quote"), WORK),
    "extensions": WORK,
    **dict.fromkeys(("ask_for_extension", "withdraw_extension_request"), CARETAKER),
    **dict.fromkeys(("grant_extension", "refuse_extension", "extend_deadline"), STAFF),
    "final_invoice": SIGHT,
    "give_final_invoice": WORK,
    "files": SIGHT,
    "add_file": WORK,
    "content": SIGHT,
    "reject_file": STAFF,
    "notes": SIGHT,
    "write_note": WORK,
    "subticket_notes": SIGHT,
    "write_subticket_note": WORK,
    "history": WORK,
    "deliveries": WORK,
    "package": WORK,
    "retry": STAFF,
    "subticket": SIGHT,
    "take_subticket": CARETAKER,
    "suspend_subticket": WORK,
    "resume_subticket": WORK,
    "resign_subticket": CARETAKER,
    "close_subticket": CARETAKER,
    "withdraw_subticket": STAFF,
    "reassign_subticket": STAFF,
    "point": SIGHT,
    "change_point": WORK,
    "reopen_subticket": ADMIN,
    "reopen": ADMIN,
}
# What another dealer's is isn't there; whoever is no dealer is told so.
OF_THE_DEALER = dict.fromkeys(("change_my_absence", "end_my_absence"), CARETAKER)
BODIES: dict[str, dict[str, Any]] = {
    **customer_rights.BODIES,
    **{name: body for room in ROOMS for name, body in room.BODIES.items()},
    **{name: {} for name in ("add_dealer", "change_dealer", "add_vendor_contact", "change_vendor_contact")},
    **{name: {} for name in ("add_absence", "change_absence", "add_my_absence", "change_my_absence")},
    "change_my_company": {"digest": True},
    "start_export": {},
    **{name: {"reason": "x"} for name in ("reassign_many", "undo_bulk", "undo_handover")},
    "extend_many": {"until": "2026-06-02", "reason": "x"},
    "put_form_in_force": {},
    **{name: {"note": "x"} for name in ("suspend", "resign", "suspend_subticket", "resign_subticket")},
    **{name: {"note": "x"} for name in ("write_note", "write_subticket_note")},
    **{name: {"reason": "x"} for name in ("reassign", "cancel", "reject_file", "withdraw_subticket")},
    **{name: {"reason": "x"} for name in ("reassign_subticket", "reopen_subticket", "reopen")},
    "save_view": {"name": "x"},
    "move_material": {"direction": "up"},
    "publish_material": {"published": True},
    "change_view": {},
    "make_quote": {"lines": [{"item": LICENCE, "quantity": "1"}]},
    **{name: {"note": "x"} for name in ("accept_quote", "decline_quote")},
    "change_company": {},
    **{name: {"until": "2026-06-02", "reason": "x"} for name in ("ask_for_extension", "extend_deadline")},
    "grant_extension": {},
    "refuse_extension": {"answer": "x"},
    "add_price": {},
    "change_price": {},
    "add_offer": {"name": "x", "net": "1", "valid_from": "x"},
    "change_point": {},
    "add_ticket": {"type": "insoft", "company": {}, "subtickets": [{}]},
}

FIELDS = {
    "add_file": {"kind": "other"},
    "give_final_invoice": {"number": "FV/1", "issued_on": "2026-05-27", "gross": "1"},
}


@pytest.fixture
def spec(app: APIFlask) -> dict[str, tuple[str, str]]:
    """Method and path by operation."""
    paths = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    return {
        operation["operationId"]: (method, path.removeprefix("/api/v1"))
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


def test_the_table_names_every_route_of_the_api(app: APIFlask, spec: dict[str, tuple[str, str]]) -> None:
    described = {f"{method} /api/v1{path}" for method, path in spec.values()}
    routes = {
        f"{method.lower()} {app.url_map.bind('localhost').build(rule.endpoint, SAMPLES, method, url_scheme='http')}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE", "PATCH"}
        if rule.rule.startswith("/api/v1") and not getattr(app.view_functions[rule.endpoint], "is_public", False)
    }
    assert len(routes) == len(described)
    assert (
        set(spec)
        == AT_LARGE.keys()
        | OF_THE_TICKET.keys()
        | customer_rights.OF_THE_CUSTOMER.keys()
        | OWN.keys()
        | OF_THE_DEALER.keys()
    )


SAMPLES = {
    "number": SAM,
    "version": 1,
    "ending": "pdf",
    "subticket_id": 1,
    "point_id": POINT,
    **client_rights.SAMPLES,
    **dict.fromkeys(("file_id", "delivery_id"), 1),
    **dict.fromkeys(("message_id", "notification_id"), 1),
    "event": "offered",
    "view_id": 1,
    **dict.fromkeys(("user_id", "owner_id"), 1),
    "material_id": 1,
    "export_id": 1,
    "request_id": 1,
    "draft_id": 1,
    "code": "u1",
    "batch": "0" * 32,
    "handover_id": 1,
    "run_id": 1,
    "job": "tidy",
    "name": "contract.pdf",
    **dict.fromkeys(("dealer_id", "absence_id", "contact_id", "customer_id"), 1),
}

SAMPLES |= {"item_id": 2, "offer_id": 1, "paper": "contract", "form_number": 1, "suffix": "pdf", **text_rights.SAMPLES}


@sqlite_only
def test_each_person_may_do_what_the_table_says_and_nothing_else(
    api: Callable[[str], Api], way: Way, spec: dict[str, tuple[str, str]]
) -> None:
    way.closed(SAM)
    where = dict(
        SAMPLES,
        **account_rights.ids(way.parts),
        **text_rights.ids(way.parts),
        **message_rights.ids(way.parts),
        **client_rights.ids(way.parts),
        subticket_id=way.subtickets(SAM)[0],
        view_id=a_view(way.parts),
        material_id=a_material(way.parts),
    )
    where["customer_id"] = a_customer_of(way.parts, SAM)
    where["form_number"] = a_form(way.parts)
    where["absence_id"] = an_absence(way.parts)
    where["batch"], where["handover_id"] = a_bulk_act(way.parts), a_handover(way.parts)
    where["request_id"], where["run_id"] = a_request(way.parts), a_run(way.parts)
    where["export_id"] = Shelf(way.parts).order("alfa")
    where["draft_id"] = brought(way.parts, way.actor("operator@office.example"))
    wrong = []
    for operation, permitted in (
        AT_LARGE | OF_THE_TICKET | customer_rights.OF_THE_CUSTOMER | OWN | OF_THE_DEALER
    ).items():
        method, path = spec[operation]
        for name in sorted(PEOPLE, key=lambda name: name in permitted):
            status = _send(api(name), operation, method, path.format(**where))
            if _verdict(status) != _expected(operation, name, permitted):
                wrong.append((operation, name, status))
    assert wrong == []


def _expected(operation: str, name: str, permitted: set[str]) -> int:
    if name in permitted:
        return 200
    if operation in OWN or (operation in OF_THE_DEALER and name == "beta"):
        return 404
    if operation in OF_THE_DEALER:
        return 403
    if operation in customer_rights.OF_THE_CUSTOMER:
        return 403 if name in customer_rights.OWNERS else 404
    return 403 if operation in AT_LARGE or name in SIGHT else 404


def _verdict(status: int) -> int:
    """Refused by the record's state or by wrong values is not refused to the person."""
    return status if status in {401, 403, 404} or status >= 500 else 200


def _send(who: Api, operation: str, method: str, path: str) -> int:
    if operation in {"give_final_invoice", "add_file", "import_tickets", "add_import", "add_form"}:
        answer = who.upload(path, io.BytesIO(b"x"), **FIELDS.get(operation, {}))
    elif operation in {"add_material", "change_material"}:
        form = {"kind": "text", "title": "x", "text": "x"}
        answer = who.send(method.upper(), path, data=form, content_type="multipart/form-data")
    else:
        body = {"json": BODIES[operation]} if operation in BODIES else {}
        answer = who.send(method.upper(), path, **body)
    status: int = answer.status_code
    return status


@sqlite_only
def test_nobody_gets_anything_without_a_token(app: APIFlask, spec: dict[str, tuple[str, str]]) -> None:
    client = app.test_client()
    for headers in ({}, {"Authorization": "Bearer mks_nobody"}, {"Authorization": "Basic YWxmYTphbGZh"}):
        for method, path in spec.values():
            answer = client.open(f"/api/v1{path.format(**SAMPLES)}", method=method, headers=headers)
            assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthorised"), path
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@sqlite_only
def test_a_browsers_session_opens_no_door_of_the_api(web: Callable[[str], Any]) -> None:
    assert web("alfa").get("/api/v1/tickets").status_code == 401
    assert web("alfa").post(f"/api/v1/tickets/{SAM}/taking").status_code == 401
