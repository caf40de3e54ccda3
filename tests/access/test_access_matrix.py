"""Every page and form: who gets in, who is told no, for whom the record doesn't exist. A new route has to be named."""

from collections.abc import Callable

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Delivery, File
from tests.support import account_rights, client_rights, consent_rights, customer_rights, message_rights, text_rights
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, POINT, SAM
from tests.support.drafts import brought
from tests.support.people import Web
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
DECISIONS = ("acceptance", "decline")
SIGHT = STAFF | {"alfa", "seller"}
WORK = STAFF | {"alfa"}
LISTS = STAFF | {"alfa", "beta", "seller", "rival"}
DEALERS = {"alfa", "beta"}
EVERYBODY = set(PEOPLE)
READERS = EVERYBODY - {"sam"}

# (endpoint, choice within it) -> who may. Of those who may not, who sees the record gets 403, all others 404.
PAGES: dict[tuple[str, str], set[str]] = {
    ("pages.home", ""): EVERYBODY,
    **account_rights.PAGES,
    **text_rights.PAGES,
    ("tickets.index", ""): LISTS,
    ("tickets.sheet", ""): LISTS,
    **{(f"tickets.{page}", ""): STAFF for page in ("bulk", "start_bulk", "bulk_acts")},
    **{(f"tickets.{page}", ""): STAFF for page in ("bulk_act", "bulk_sheet", "undo_bulk")},
    ("tickets.new", ""): STAFF | {"alfa", "beta"},
    ("tickets.create", ""): STAFF | {"alfa", "beta"},
    ("tickets.import_form", ""): STAFF,
    ("tickets.import_tickets", ""): STAFF,
    ("tickets.import_template", ""): STAFF,
    ("tickets.import_draft", ""): {"operator"},
    ("tickets.bad_rows", ""): {"operator"},
    ("tickets.discard_import", ""): {"operator"},
    ("tickets.confirm_import", ""): {"operator"},
    **{(f"exports.{page}", ""): LISTS for page in ("index", "start")},
    **{(f"exports.{act}", ""): {"alfa"} for act in ("download", "cancel", "again", "remove")},
    ("tickets.save_view", ""): LISTS,
    ("tickets.change_view", ""): {"alfa"},
    ("tickets.remove_view", ""): {"alfa"},
    **{(f"prices.{page}", ""): STAFF | {"alfa", "beta"} for page in ("index", "item")},
    **{(f"prices.{page}", ""): ADMIN for page in ("new", "create", "save_item", "add_offer", "withdraw_offer")},
    ("prices.switch_item", "deactivation"): ADMIN,
    **{(f"dealers.{page}", ""): STAFF for page in ("index", "sheet", "areas", "new", "create", "show", "edit", "save")},
    **{(f"dealers.{page}", ""): STAFF for page in ("contacts", "new_contact", "create_contact", "contact")},
    ("dealers.save_contact", ""): STAFF,
    **{(f"dealers.{page}", ""): STAFF for page in ("add_absence", "absence", "save_absence", "end_absence")},
    ("dealers.switch", "deactivation"): STAFF,
    **{(f"dealers.{page}", ""): {"master"} for page in ("remove", "remove_contact")},
    **customer_rights.PAGES,
    **consent_rights.PAGES,
    **{(f"my_company.{page}", ""): DEALERS for page in ("show", "choose_digest", "add_absence")},
    **{(f"my_company.{page}", ""): {"alfa"} for page in ("absence", "save_absence", "end_absence")},
    **{(f"training.{name}", ""): READERS for name in ("index", "quote_form", "open_all", "show", "file", "picture")},
    **{(f"training.{name}", ""): STAFF for name in ("manage", "new", "create", "edit", "change", "move", "publish")},
    ("training.remove", ""): {"master"},
    ("tickets.show", ""): SIGHT,
    **{(f"tickets.{page}", ""): STAFF for page in ("undo_form", "undo_handover")},
    ("tickets.company", ""): SIGHT,
    ("tickets.edit_company", ""): WORK,
    ("tickets.document", "contract.pdf"): WORK,
    ("tickets.new_quote", ""): WORK,
    ("tickets.issue_quote", ""): WORK,
    ("tickets.quote_paper", "pdf"): SIGHT,
    **{(f"tickets.{name}", noun): WORK for name in ("quote_decision", "decide_quote") for noun in DECISIONS},
    ("tickets.upload", ""): WORK,
    ("tickets.add_note", ""): WORK,
    ("tickets.file", ""): SIGHT,
    ("tickets.thumbnail", ""): SIGHT,
    **{(f"paper_forms.{page}", ""): ADMIN for page in ("index", "paper", "upload", "shipped", "content", "preview")},
    **{(f"paper_forms.{page}", ""): ADMIN for page in ("put_in_force", "back_to_shipped")},
    ("paper_forms.trial", "pdf"): ADMIN,
    **{(f"tickets.{page}", ""): {"alfa"} for page in ("extension_form", "ask_extension", "withdraw_extension")},
    **{(f"tickets.{page}", ""): STAFF for page in ("extension_decision", "decide_extension", "extend_form", "extend")},
    ("tickets.extensions_index", ""): STAFF,
    ("tickets.invoice_form", ""): WORK,
    ("tickets.give_invoice", ""): WORK,
    **{(page, ""): STAFF for page in ("tonight.show", "simulator.show", "simulator.sheet_of_differences")},
    **{(f"{page}.show", ""): STAFF for page in ("dashboard", "comparison", "ledger")},
    **{(f"{page}", ""): STAFF for page in ("comparison.sheet", "ledger.index", "ledger.run_now")},
    **{(f"audit.{page}", ""): ADMIN for page in ("index", "list_sheet")},
    **message_rights.PAGES,
    **client_rights.PAGES,
    ("tickets.reject_form", ""): STAFF,
    ("tickets.reject", ""): STAFF,
    ("tickets.package", ""): WORK,
    ("tickets.retry", ""): STAFF,
    ("tickets.point", ""): SIGHT,
    ("tickets.save_point", ""): WORK,
    ("tickets.close_subticket", ""): {"alfa"},
    ("tickets.add_subticket_note", ""): WORK,
    **{("tickets.act", noun): {"alfa"} for noun in ("taking", "export", "resignation")},
    **{("tickets.act", noun): WORK for noun in ("suspension", "resumption")},
    **{("tickets.act", noun): STAFF for noun in ("reassignment", "cancellation")},
    ("tickets.act", "reopening"): ADMIN,
    **{("tickets.act_form", noun): WORK for noun in ("suspension",)},
    ("tickets.act_form", "resignation"): {"alfa"},
    **{("tickets.act_form", noun): STAFF for noun in ("reassignment", "cancellation")},
    ("tickets.act_form", "reopening"): ADMIN,
    **{("tickets.subticket_act", noun): {"alfa"} for noun in ("taking", "resignation")},
    **{("tickets.subticket_act", noun): WORK for noun in ("suspension", "resumption")},
    **{("tickets.subticket_act", noun): STAFF for noun in ("withdrawal", "reassignment")},
    ("tickets.subticket_act", "reopening"): ADMIN,
    ("tickets.subticket_act_form", "suspension"): WORK,
    ("tickets.subticket_act_form", "resignation"): {"alfa"},
    **{("tickets.subticket_act_form", noun): STAFF for noun in ("withdrawal", "reassignment")},
    ("tickets.subticket_act_form", "reopening"): ADMIN,
}
# Pages of no single record: who may not is told so.
AT_LARGE = {
    "new",
    "create",
    "import_form",
    "import_tickets",
    "import_template",
    "index",
    "sheet",
    "save_view",
    "start",
    "message",
    "send_again",
    "bulk",
    "start_bulk",
    "bulk_acts",
    "bulk_act",
    "bulk_sheet",
    "undo_bulk",
    "extensions_index",
}
WHOLLY_AT_LARGE = {
    "people",
    *("consents", "personal"),
    "channels",
    "clients",
    *("prices", "training", "paper_forms", "dealers", "texts"),
    *("dashboard", "comparison", "ledger", "tonight", "simulator", "audit"),
}
# What belongs to one person isn't there for anybody else.
OWN = {
    "end",
    "download",
    "again",
    "remove",
    "cancel",
    "change_view",
    "remove_view",
    "import_draft",
    "bad_rows",
    "discard_import",
    "confirm_import",
}


def test_every_page_stands_in_the_table(app: APIFlask):
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.rule.startswith("/api/")}
    public = {name for name in pages if name.rpartition(".")[2] in account_rights.PUBLIC}
    assert {endpoint for endpoint, _noun in PAGES} == pages - public


def test_only_what_needs_nobody_signed_in_is_public(app: APIFlask):
    public = {name for name, view in app.view_functions.items() if getattr(view, "is_public", False)}
    assert public == {
        *(f"accounts.{page}" for page in ("sign_in", "enter", "code", "enter_code", "choose_language")),
        *("consents.ask", "consents.unsubscribe"),
        *(f"recovery.{page}" for page in ("forgotten", "ask", "choose", "set_password")),
        *("strength.of_link", "sms_reports.sms_report"),
        *("pages.health", "openapi.description", "openapi.page"),
    } & set(app.view_functions)


def addresses(app: APIFlask, way: Way, parts: Parts) -> dict[tuple[str, str], tuple[str, str]]:
    """Method and path of each row of the table, for the records of ticket 115."""
    with parts.database.reading() as session:
        file_id = session.scalars(select(File.id).order_by(File.id)).first()
        delivery_id = session.scalars(select(Delivery.id)).first()
    values = {
        "number": SAM,
        "version": 1,
        "subticket_id": way.subtickets(SAM)[0],
        "point_id": POINT,
        "file_id": file_id,
        "delivery_id": delivery_id,
        "item_id": 2,
        "offer_id": 1,
        "dealer_id": 1,
        "customer_id": a_customer_of(parts, SAM),
        "contact_id": 1,
        "absence_id": an_absence(parts),
        "message_id": 1,
        "view_id": a_view(parts),
        "material_id": a_material(parts),
        "paper": "contract",
        "form_number": a_form(parts),
        "export_id": Shelf(parts).order("alfa"),
        "batch": a_bulk_act(parts),
        "handover_id": a_handover(parts),
        "run_id": a_run(parts),
        "job": "tidy",
        "draft_id": brought(parts, way.actor("operator@office.example")),
        "request_id": a_request(parts),
        "page": 1,
        "code": "u1",
        "token_hash": "0" * 64,
        **account_rights.ids(parts),
        **text_rights.ids(parts),
        **message_rights.ids(parts),
        **client_rights.ids(parts),
    }
    url = app.url_map.bind("localhost")
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    found = {}
    for endpoint, noun in PAGES:
        rule = rules[endpoint]
        method = next(iter((rule.methods or set()) & {"POST", "GET"}))
        chosen = {"noun": noun, "name": noun, "ending": noun, "suffix": noun} if noun else {}
        given = {name: value for name, value in {**values, **chosen}.items() if name in rule.arguments}
        found[endpoint, noun] = (method, url.build(endpoint, given, method))
    return found


@sqlite_only
def test_each_role_may_do_what_the_table_says_and_nothing_else(
    app: APIFlask, web: Callable[[str], Web], way: Way, parts: Parts
):
    way.closed(SAM)
    wrong = []
    for row, (method, path) in addresses(app, way, parts).items():
        for name in EVERYBODY:
            person = web(name)
            status = (person.get(path) if method == "GET" else person.post(path)).status_code
            if verdict(status) != expected(row, name):
                wrong.append((row, path, name, status, expected(row, name)))
    assert wrong == []


def verdict(status: int) -> int:
    """A refusal for the record's state (409) or a form's content (422) is not one of access."""
    return status if status in {401, 403, 404} or status >= 500 else 200


def expected(row: tuple[str, str], name: str) -> int:
    if name in PAGES[row]:
        return 200
    endpoint = row[0].rpartition(".")[2]
    if endpoint in AT_LARGE or row[0].partition(".")[0] in WHOLLY_AT_LARGE:
        return 403
    if row[0].startswith("customers."):
        return 403 if name in customer_rights.OWNERS else 404
    if row[0].startswith("my_company."):
        return 404 if name in DEALERS else 403
    is_own = endpoint in OWN or row[0].startswith("notifications.")
    return 403 if name in SIGHT and not is_own else 404


@sqlite_only
def test_nobody_gets_in_without_signing_in(app: APIFlask, client: FlaskClient, way: Way, parts: Parts):
    way.closed(SAM)
    open_doors = []
    for row, (method, path) in addresses(app, way, parts).items():
        answer = client.open(path, method=method)
        signs_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
        if not signs_in and answer.status_code not in {400, 401}:
            open_doors.append((row, answer.status_code))
    assert open_doors == []


@sqlite_only
def test_no_form_acts_without_its_token(app: APIFlask, web: Callable[[str], Web], way: Way, parts: Parts):
    way.closed(SAM)
    unguarded = []
    for row, (method, path) in addresses(app, way, parts).items():
        if method == "POST" and web("master").client.post(path).status_code != 400:
            unguarded.append(row)
    assert unguarded == []
