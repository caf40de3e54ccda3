"""Whatever a person can do on screen, a token of that person can do over the API."""

from collections.abc import Callable

from apiflask import APIFlask

from tests.support import client_rights, message_rights, text_rights
from tests.support.app import sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api
from tests.support.way import Way

People = Callable[[str], Api]
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# What a browser needs and a program doesn't: it has a token instead of a session, and a header for the language.
OF_BROWSERS = {
    "/sign-in",
    "/sign-out",
    "/language",
    "/account/sessions/<token_hash>/end",
    "/account/sessions/end",
    # A password is chosen by its person alone, where nobody else reads it.
    # The SMS gateway tells at an address of its own.
    "/sms/reports/<idx>/<signed>",
    "/account/forgotten",
    "/account/links/<token>",
    # Of a mail, for whoever has it.
    "/unsubscribe/<token>",
    "/account/password",
    "/account/strength",
    "/account/links/<token>/strength",
    # The second step guards a browser's way in; a program that could switch it off with its token would undo it.
    "/sign-in/code",
    *client_rights.OF_BROWSERS,
    *(f"/account/second-factor{act}" for act in ("", "/confirmation", "/codes", "/codes/kept", "/end")),
}
_DEALER, _ABSENCE = "/dealers/<dealer_id>", "/absences/<absence_id>"
_CUSTOMER, _OF_CUSTOMER = "/customers/<customer_id>", ("/contacts/<contact_id>", "/points/<point_id>")
_TICKET, _SUBTICKET = "/tickets/<number>", "/subtickets/<subticket_id>"
_REQUESTS = f"{_TICKET}/extension-requests"
# A page's form -> what a program calls. `company` also confirms, by the button that is pressed.
PAIRS: dict[str, tuple[str, ...]] = {
    "/tickets/new": ("POST /tickets",),
    "/tickets/import": ("POST /imports", "POST /tickets/import"),
    "/tickets/imports/<draft_id>/confirmation": ("POST /imports/<draft_id>/confirmation",),
    "/tickets/bulk": ("POST /tickets/bulk-reassignments", "POST /tickets/bulk-extensions"),
    "/tickets/bulk/<batch>/undo": ("POST /bulk/<batch>/undo",),
    f"{_TICKET}/handovers/<handover_id>/undo": (f"POST {_TICKET}/handovers/<handover_id>/undo",),
    "/tickets/imports/<draft_id>/discarding": ("DELETE /imports/<draft_id>",),
    f"{_TICKET}/<noun>": tuple(
        f"POST {_TICKET}/{noun}"
        for noun in (
            "taking",
            "export",
            "suspension",
            "resumption",
            "resignation",
            "reassignment",
            "cancellation",
            "reopening",
        )
    ),
    f"{_TICKET}/company": (f"PUT {_TICKET}/company", f"POST {_TICKET}/company/confirmation"),
    f"{_TICKET}/quotes/new": (f"POST {_TICKET}/quotes",),
    f"{_TICKET}/quotes/<version>/<noun>": tuple(
        f"POST {_TICKET}/quotes/<version>/{noun}" for noun in ("acceptance", "decline")
    ),
    f"{_TICKET}/files": (f"POST {_TICKET}/files",),
    f"{_TICKET}/final-invoice": (f"POST {_TICKET}/final-invoice",),
    f"{_TICKET}/extension": (f"POST {_TICKET}/extensions",),
    _REQUESTS: (f"POST {_REQUESTS}",),
    f"{_REQUESTS}/<request_id>/withdrawal": (f"POST {_REQUESTS}/<request_id>/withdrawal",),
    f"{_REQUESTS}/<request_id>/decision": tuple(
        f"POST {_REQUESTS}/<request_id>/{noun}" for noun in ("grant", "refusal")
    ),
    f"{_TICKET}/notes": (f"POST {_TICKET}/notes",),
    f"{_SUBTICKET}/<noun>": tuple(
        f"POST {_SUBTICKET}/{noun}"
        for noun in ("taking", "suspension", "resumption", "resignation", "withdrawal", "reassignment", "reopening")
    ),
    f"{_SUBTICKET}/closure": (f"POST {_SUBTICKET}/closure",),
    f"{_SUBTICKET}/notes": (f"POST {_SUBTICKET}/notes",),
    "/exports": ("POST /exports",),
    **{f"/exports/<export_id>/{act}": (f"POST /exports/<export_id>/{act}",) for act in ("cancellation", "retry")},
    "/exports/<export_id>/removal": ("DELETE /exports/<export_id>",),
    "/help/opening": ("POST /materials/<material_id>/opening",),
    "/help/materials/new": ("POST /materials",),
    "/help/materials/<material_id>/edit": ("PUT /materials/<material_id>",),
    "/help/materials/<material_id>/position": ("PUT /materials/<material_id>/position",),
    "/help/materials/<material_id>/publication": ("PUT /materials/<material_id>/publication",),
    "/help/materials/<material_id>/removal": ("DELETE /materials/<material_id>",),
    "/tickets/views": ("POST /views",),
    "/tickets/views/<view_id>": ("PATCH /views/<view_id>",),
    "/tickets/views/<view_id>/removal": ("DELETE /views/<view_id>",),
    "/prices/new": ("POST /prices",),
    "/prices/<item_id>": ("PUT /prices/<item_id>",),
    "/prices/<item_id>/<noun>": tuple(f"POST /prices/<item_id>/{noun}" for noun in ("activation", "deactivation")),
    "/prices/<item_id>/offers": ("POST /prices/<item_id>/offers",),
    "/prices/<item_id>/offers/<offer_id>/withdrawal": ("DELETE /prices/<item_id>/offers/<offer_id>",),
    "/account/data": ("PUT /me",),
    "/account/picture": ("PUT /me/picture",),
    "/account/picture/removal": ("DELETE /me/picture",),
    "/people/new": ("POST /accounts",),
    "/people/<user_id>/edit": ("PUT /accounts/<user_id>",),
    "/people/<user_id>/link": ("POST /accounts/<user_id>/link",),
    "/people/<user_id>/<noun>": tuple(f"POST /accounts/<user_id>/{noun}" for noun in ("activation", "deactivation")),
    "/people/<user_id>/sessions/end": ("DELETE /accounts/<user_id>/sessions",),
    "/people/<user_id>/second-factor/removal": ("DELETE /accounts/<user_id>/second-factor",),
    "/people/<user_id>/removal": ("DELETE /accounts/<user_id>",),
    "/dealers/new": ("POST /dealers",),
    f"{_DEALER}/edit": (f"PUT {_DEALER}",),
    f"{_DEALER}/<noun>": tuple(f"POST {_DEALER}/{noun}" for noun in ("activation", "deactivation")),
    f"{_DEALER}/deletion": (f"DELETE {_DEALER}",),
    "/dealers/contacts/new": ("POST /vendor-contacts",),
    "/dealers/contacts/<contact_id>": ("PUT /vendor-contacts/<contact_id>",),
    "/dealers/contacts/<contact_id>/deletion": ("DELETE /vendor-contacts/<contact_id>",),
    **{f"{of}/absences": (f"POST {of}/absences",) for of in (_DEALER, "/my-company")},
    **{f"{of}{_ABSENCE}": (f"PUT {of}{_ABSENCE}",) for of in (_DEALER, "/my-company")},
    **{f"{of}{_ABSENCE}/end": (f"DELETE {of}{_ABSENCE}",) for of in (_DEALER, "/my-company")},
    "/customers/new": ("POST /customers",),
    f"{_CUSTOMER}/edit": (f"PUT {_CUSTOMER}",),
    f"{_CUSTOMER}/owner": (f"PUT {_CUSTOMER}/owner",),
    f"{_CUSTOMER}/deletion": (f"DELETE {_CUSTOMER}",),
    **{f"{_CUSTOMER}/{of}/new": (f"POST {_CUSTOMER}/{of}",) for of in ("contacts", "points")},
    **{f"{_CUSTOMER}{one}": (f"PUT {_CUSTOMER}{one}",) for one in _OF_CUSTOMER},
    **{f"{_CUSTOMER}{one}/deletion": (f"DELETE {_CUSTOMER}{one}",) for one in _OF_CUSTOMER},
    f"{_CUSTOMER}/consents": (f"POST {_CUSTOMER}/consents",),
    "/account/consents": ("POST /me/consents",),
    "/consents/texts": ("POST /consent-texts",),
    "/account/data-export": ("POST /me/data-export",),
    "/personal-data/<code>/export": ("POST /personal-data/<code>/export",),
    "/personal-data/<code>/anonymisation": ("POST /personal-data/<code>/anonymisation",),
    "/my-company/digest": ("PUT /my-company",),
    "/paper-forms/<paper>": ("POST /paper-forms/<paper>/versions",),
    "/paper-forms/<paper>/<form_number>/in-force": ("POST /paper-forms/<paper>/versions/<form_number>/in-force",),
    "/paper-forms/<paper>/shipped": ("DELETE /paper-forms/<paper>/in-force",),
    **text_rights.PAIRS,
    "/points/<point_id>": ("PUT /points/<point_id>",),
    "/files/<file_id>/rejection": ("POST /files/<file_id>/rejection",),
    "/deliveries/<delivery_id>/retry": ("POST /deliveries/<delivery_id>/retry",),
    "/supervision/jobs/<job>/runs": ("POST /jobs/<job>/runs",),
    **message_rights.PAIRS,
    **client_rights.PAIRS,
}


def unsafe(app: APIFlask) -> set[tuple[str, str]]:
    """Every route that changes something as (method, path), the path without its converters."""
    return {
        (method, "".join(f"<{part}>" if is_name else part for is_name, part in rule._trace).removeprefix("|"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & UNSAFE
    }


@sqlite_only
def test_every_form_of_the_pages_has_its_pair_in_the_api(app: APIFlask):
    routes = unsafe(app)
    pages = {path for _method, path in routes if not path.startswith("/api/")}
    assert pages == set(PAIRS) | OF_BROWSERS
    wanted = {pair for pairs in PAIRS.values() for pair in pairs}
    there = {f"{method} {path.removeprefix('/api/v1')}" for method, path in routes if path.startswith("/api/")}
    assert wanted == there


@sqlite_only
def test_every_act_of_the_pages_is_one_of_the_apis(app: APIFlask):
    """The acts' names stand in one route of the page."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in {"tickets.act", "tickets.subticket_act", "tickets.decide_quote"}:
            path = "".join(f"<{part}>" if is_name else part for is_name, part in rule._trace).removeprefix("|")
            nouns = rule._converters["noun"].regex.removeprefix("(?:").removesuffix(")").split("|")
            assert {pair.rpartition("/")[2] for pair in PAIRS[path]} == set(nouns)


def test_notes_on_one_shop_are_written_and_read_over_the_api(api: People, way: Way):
    way.contract(SAM)
    [subticket] = way.subtickets(SAM)
    alfa, path = api("alfa"), f"/subtickets/{subticket}/notes"
    alfa.post(f"/tickets/{SAM}/notes", {"note": "O zgłoszeniu."})
    written = alfa.post(path, {"note": "Kasa stoi w piwnicy."})
    assert (written.status_code, written.json["subticket"]) == (201, subticket)
    for name in ("alfa", "operator"):
        assert [one["text"] for one in api(name).get(path).json["items"]] == ["Kasa stoi w piwnicy."]
    assert len(alfa.get(f"/tickets/{SAM}/notes").json["items"]) == 2
    assert api("seller").post(path, {"note": "x"}).status_code == 403
    assert api("beta").get(path).status_code == api("beta").post(path, {"note": "x"}).status_code == 404


@sqlite_only
def test_an_act_without_its_words_is_refused_alike_however_they_are_left_out(api: People, way: Way):
    way.points_saved(SAM)
    [subticket] = way.subtickets(SAM)
    acts = [
        *(("alfa", f"/tickets/{SAM}/{noun}", "note") for noun in ("suspension", "resignation")),
        *(("alfa", f"/subtickets/{subticket}/{noun}", "note") for noun in ("suspension", "resignation")),
        *(("admin", f"/tickets/{SAM}/{noun}", "reason") for noun in ("reassignment", "cancellation")),
        ("admin", f"/subtickets/{subticket}/reassignment", "reason"),
    ]
    for who, path, field in acts:
        for body in ({}, {field: ""}, {field: " \n "}):
            answer = api(who).post(path, body)
            assert answer.status_code == 409, (path, body, answer.json)
            assert [one["code"] for one in answer.json["blockers"]] == [f"{field}_is_given"]


@sqlite_only
def test_a_plain_note_that_says_nothing_is_an_unfilled_field(api: People, way: Way):
    way.contract(SAM)
    [subticket] = way.subtickets(SAM)
    for path in (f"/tickets/{SAM}/notes", f"/subtickets/{subticket}/notes"):
        for body in ({}, {"note": ""}, {"note": " \n "}):
            answer = api("alfa").post(path, body)
            assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [("note", "required")]
