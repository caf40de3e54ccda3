"""What a token may be limited to: one table of scopes with the routes of the API that ask for each.

A scope opens routes, and never more than the role does that its bearer acts with: a program is an operator at most.
What isn't named here is for people alone.
"""

from collections.abc import Collection, Mapping

from mikroserwis.access import Actor
from mikroserwis.errors import Forbidden

_ACTS = ("take", "suspend", "resume", "resign", "reassign", "reopen")
SCOPES: Mapping[str, tuple[str, ...]] = {
    "tickets:read": (
        *(f"tickets_api.{name}" for name in ("tickets", "ticket", "ticket_sheet", "history", "deliveries")),
        *(f"tickets_api.{name}" for name in ("notes", "subticket", "subticket_notes", "point")),
        *(f"tickets_api.{name}" for name in ("extensions", "extension_requests")),
    ),
    "tickets:write": (
        *(f"tickets_api.{name}" for name in (*_ACTS, "cancel", "undo_handover", "write_note", "change_point")),
        *(f"tickets_api.{name}_subticket" for name in (*_ACTS, "close", "withdraw")),
        *(f"tickets_api.{name}" for name in ("write_subticket_note", "extend_deadline", "ask_for_extension")),
        *(f"tickets_api.{name}" for name in ("grant_extension", "refuse_extension", "withdraw_extension_request")),
    ),
    "intake:write": tuple(f"tickets_api.{name}" for name in ("add_ticket", "import_tickets", "import_template")),
    "documents:read": (
        *(f"tickets_api.{name}" for name in ("files", "content", "document", "package")),
        *(f"tickets_api.{name}" for name in ("quotes", "quote", "quote_paper", "final_invoice")),
    ),
    "documents:write": (
        *(f"tickets_api.{name}" for name in ("add_file", "reject_file", "export_scans", "retry")),
        *(f"tickets_api.{name}" for name in ("make_quote", "accept_quote", "decline_quote", "give_final_invoice")),
    ),
    "companies:read": (
        "tickets_api.company",
        *(f"customers_api.{name}" for name in ("customers", "customer", "customer_contacts", "customer_points")),
        *(f"customers_api.customer_{name}" for name in ("documents", "files", "history", "tickets")),
        "consents_api.customer_consents",
    ),
    "companies:write": (
        *(f"tickets_api.{name}" for name in ("change_company", "confirm")),
        *(f"customers_api.{name}" for name in ("add_customer", "change_customer", "change_customer_owner")),
        *(f"customers_api.{act}_customer_{of}" for of in ("contact", "point") for act in ("add", "change")),
        *("customers_api.delete_customer_contact", "consents_api.record_customer_consent"),
    ),
    "dealers:read": (
        *(f"dealers_api.{name}" for name in ("dealers", "dealer", "dealer_areas", "dealer_absences")),
        *(f"dealers_api.{name}" for name in ("dealer_history", "vendor_contacts", "vendor_contact")),
        "dealers_api.vendor_contact_history",
    ),
    "dealers:write": (
        *(f"dealers_api.{name}_dealer" for name in ("add", "change", "activate", "deactivate")),
        *(f"dealers_api.{name}" for name in ("add_absence", "change_absence", "end_absence")),
        *(f"dealers_api.{name}_vendor_contact" for name in ("add", "change")),
    ),
    "prices:read": ("prices_api.prices", "prices_api.price"),
    "materials:read": tuple(f"training_api.{name}" for name in ("materials", "material", "material_content")),
    "reports:read": (
        *("supervision_api.supervision", "supervision_api.compare_dealers"),
        *("simulator_api.simulator", "tonight_api.tonight"),
        *(f"ledger_api.{name}" for name in ("jobs", "job_runs", "job_run")),
    ),
    "webhooks:manage": (
        *(f"clients_api.{name}" for name in ("webhooks", "webhook", "add_webhook", "change_webhook", "ping_webhook")),
        *(f"clients_api.{name}_webhook" for name in ("activate", "deactivate")),
        *(f"clients_api.{name}" for name in ("renew_secret", "webhook_deliveries", "webhook_delivery")),
        *("clients_api.replay_delivery", "clients_api.replay_failed"),
    ),
}
# Of every token: whose it is.
OPEN = frozenset({"accounts_api.me"})
_NEEDED: Mapping[str, str] = {route: scope for scope, routes in SCOPES.items() for route in routes}


def needed(endpoint: str) -> str | None:
    """The scope that this route of the API asks for; empty where any token will do, None if it is for people alone."""
    return "" if endpoint in OPEN else _NEEDED.get(endpoint)


def check(actor: Actor, endpoint: str) -> None:
    """Before anything is looked up, so that the answer tells nothing of records. Raises Forbidden."""
    if actor.scopes is None:
        return
    scope = needed(endpoint)
    if scope is None:
        raise Forbidden("persons_only")
    require(actor, {scope} - {""})


def require(actor: Actor, wanted: Collection[str]) -> None:
    """Raises Forbidden naming the first of these that a limited token lacks."""
    lacking = [] if actor.scopes is None else sorted(set(wanted) - actor.scopes)
    if lacking:
        raise Forbidden("scope_missing", scope=lacking[0])
