"""The final invoice: what it has to equal, the one that is there, and the form for a newer one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.errors import Blocker
from mikroserwis.i18n import gettext as _
from mikroserwis.models import FinalInvoice, Ticket
from mikroserwis.tickets.invoice_words import FIELDS
from mikroserwis.tickets.invoicing import queries
from mikroserwis.tickets.presenting.acts import head, obstacles, ticket_url
from mikroserwis.tickets.presenting.scene import Scene
from mikroserwis.tickets.quote_words import money
from mikroserwis.tickets.settlement import GUARD, Settlement, settlement
from mikroserwis.tickets.wording import sentence

PREVIEWED = 3
NOTHING_TYPED: Mapping[str, str] = {}


def invoice(scene: Scene) -> dict[str, Any] | None:
    """What tickets/_invoice.html wants; None for a type without, and before the ticket is a contract."""
    found = scene.settlement
    if not found.needed:
        return None
    given = scene.invoices
    reached = "contract" in {scene.ticket.state, scene.ticket.suspended_from}
    if not (given or reached):
        return None
    current = [one for one in given if one.replaced_at is None and one.dealer_id == scene.ticket.dealer_id]
    why = sentence(Blocker(GUARD, found.params()[GUARD])) if reached and not found.is_settled else ""
    blockers = queries.blockers(scene.ticket, found)
    return {
        "state": "settled" if found.is_settled else found.why_not,
        "why": why,
        "current": [_shown(scene, one) for one in current],
        "older": [_shown(scene, one) for one in given if one not in current],
        "url": form_url(scene.ticket) if scene.may("invoice.give") and not blockers else None,
        "blockers": obstacles(scene.ticket.number, blockers) if scene.may("invoice.give") and reached else [],
    }


def form_url(ticket: Ticket) -> str:
    return url_for("tickets.invoice_form", number=ticket.number)


def expected(found: Settlement) -> str:
    """The sum that the invoice has to show, with the quote it stands on; empty while nothing is accepted."""
    if found.accepted is None:
        return ""
    return _("%(gross)s gross, as in the quote %(quote)s", gross=money(found.accepted.gross), quote=found.label)


def form(ticket: Ticket, found: Settlement, typed: Mapping[str, str] = NOTHING_TYPED) -> dict[str, Any]:
    """What tickets/_invoice_form.html wants."""
    limit = edge.parts().settings.upload_limit // (1024 * 1024)
    return {
        "url": form_url(ticket),
        "typed": {name: typed.get(name, "") for name in FIELDS},
        "labels": {name: str(label) for name, label in FIELDS.items()},
        "expected": expected(found),
        "max_size": f"{limit} MB",
    }


def page(session: Session, ticket: Ticket, today: date, typed: Mapping[str, str] = NOTHING_TYPED) -> dict[str, Any]:
    """What tickets/invoice.html wants."""
    found = settlement(session, ticket)
    return {
        "ticket": head(ticket),
        "form": {**form(ticket, found, typed), "latest": today.isoformat()},
        "blockers": obstacles(ticket.number, queries.blockers(ticket, found)),
        "back_url": ticket_url(ticket.number, "invoice"),
    }


def _shown(scene: Scene, one: FinalInvoice) -> dict[str, Any]:
    url = url_for("tickets.file", file_id=one.file_id)
    pages = range(1, min(one.file.pages, PREVIEWED) + 1)
    rejectable = scene.may("files.reject") and one.file.rejected_at is None and one.replaced_at is None
    return {
        "number": one.number,
        "gross": money(one.gross),
        "issued_on": one.issued_on,
        "at": one.given_at,
        "who": one.given_by,
        "quote": f"W/{scene.ticket.number}/{one.quote.number}",
        "name": one.file.name,
        "version": one.file.version,
        "reason": one.file.rejection or "",
        "url": url,
        "download_url": f"{url}?download=1",
        "previews": [url_for("tickets.thumbnail", file_id=one.file_id, page=page) for page in pages],
        "reject_url": url_for("tickets.reject_form", file_id=one.file_id) if rejectable else None,
    }
