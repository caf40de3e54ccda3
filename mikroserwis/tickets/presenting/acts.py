"""Acts as buttons: where each is sent, what stops it, and where that is cleared."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.errors import Blocker
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Dealer, DealerType, Subticket, Ticket
from mikroserwis.tickets.notices import told_on_suspension
from mikroserwis.tickets.queries import Action
from mikroserwis.tickets.wording import sentence

NOUNS = {
    "take": "taking",
    "suspend": "suspension",
    "resume": "resumption",
    "resign": "resignation",
    "reassign": "reassignment",
    "cancel": "cancellation",
    "reopen": "reopening",
    "export": "export",
    "close": "closure",
    "withdraw": "withdrawal",
}
_PARTS = {
    "quote_is_uploaded": "files",
    "contract_is_uploaded": "files",
    "power_of_attorney_is_uploaded": "files",
    "no_scan_is_rejected": "files",
    "scans_are_acknowledged": "export",
    "subtickets_are_closed": "subtickets",
    "one_subticket_is_really_closed": "subtickets",
    "final_invoice_is_settled": "invoice",
    "quote_is_accepted": "quotes",
    "ticket_is_taken": "next",
    "ticket_is_in_contract": "next",
}


def ticket_url(number: int, part: str = "") -> str:
    """The ticket's page, or a part of it."""
    return url_for("tickets.show", number=number, _anchor=part or None)


def anchor(subticket: Subticket) -> str:
    """A sub-ticket's place on its ticket's page."""
    return f"sub-{subticket.id}"


def head(ticket: Ticket) -> dict[str, Any]:
    """What a form's page says of its ticket."""
    return {"number": ticket.number, "url": ticket_url(ticket.number), "company": ticket.customer.name}


def ticket_act(ticket: Ticket, action: Action) -> dict[str, Any]:
    """An act on the ticket, for macros/actions.html."""
    url = url_for("tickets.act", number=ticket.number, noun=NOUNS[action.trigger])
    act = _act(action, url, obstacles(ticket.number, action.blockers))
    return act | {"told": told_on_suspension(ticket)} if action.trigger == "suspend" else act


def subticket_act(subticket: Subticket, action: Action) -> dict[str, Any]:
    """An act on one of its sub-tickets."""
    if action.trigger == "close":
        url = url_for("tickets.close_subticket", subticket_id=subticket.id)
    else:
        url = url_for("tickets.subticket_act", subticket_id=subticket.id, noun=NOUNS[action.trigger])
    return _act(action, url, obstacles(subticket.ticket.number, action.blockers))


def link(label: str, url: str) -> dict[str, Any]:
    """A way on that is no act: a form to fill in, a part of the page."""
    return {"trigger": "", "label": label, "url": url, "allowed": True, "method": "get"}


def obstacles(number: int, blockers: Sequence[Blocker]) -> list[dict[str, Any]]:
    """Each blocker's sentence with the link to where it is cleared."""
    return [{"message": sentence(one), "url": cleared_at(number, one)} for one in blockers]


def cleared_at(number: int, blocker: Blocker) -> str | None:
    """Where the person can do something about it, if anywhere."""
    if blocker.code in {"company_is_confirmed", "company_is_complete"}:
        return url_for("tickets.company", number=number)
    if blocker.code in {"point_is_complete", "point_is_saved"}:
        return url_for("tickets.point", point_id=blocker.params["point"])
    part = _PARTS.get(blocker.code)
    return ticket_url(number, part) if part else None


def dealer_options(session: Session, ticket_type: str, *, without: int | None) -> list[tuple[Any, str]]:
    """To whom staff may give a ticket: by the rules, to the pool, or a certified dealer by name."""
    certified = select(Dealer.id, Dealer.name).join(DealerType).where(DealerType.type == ticket_type, Dealer.active)
    named = [(row.id, row.name) for row in session.execute(certified.order_by(Dealer.name)) if row.id != without]
    return [("next", _("The next dealer by the rules")), ("pool", _("The open pool")), *named]


def _act(action: Action, url: str, blockers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "trigger": action.trigger,
        "url": url,
        "allowed": action.allowed,
        "blockers": blockers,
        "note": action.needs,
    }
