"""The audit's page: rows that open to old and new, and how the chain stands."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

from flask import url_for

from mikroserwis import lists
from mikroserwis.models import Event
from mikroserwis.supervision.audit import queries
from mikroserwis.supervision.audit.queries import Chain, Page, Wanted
from mikroserwis.supervision.audit.wording import (
    KINDS,
    SOURCES,
    VERBS,
    field_label,
    said,
    sentence,
    value_words,
    verb_label,
)
from mikroserwis.supervision.links import link

# Fields that say which record it is, each with the page that shows it.
_PAGES = (
    ("customer", "customer_id", "customers.show", "customer_id"),
    ("point", "point_id", "", ""),
    ("dealer", "about_dealer_id", "dealers.show", "dealer_id"),
    ("contact", "vendor_contact_id", "dealers.contact", "contact_id"),
    ("price", "price_item_id", "prices.item", "item_id"),
    ("form", "paper_form_id", "", ""),
    ("user", "user_id", "people.show", "user_id"),
    ("client", "client_id", "clients.show", "client_id"),
)


def row(event: Event, numbers: Mapping[int, int]) -> dict[str, Any]:
    """One act, with all that it tells."""
    told = said(event)
    particulars = {name: value for name, value in told.items() if name != "changes" and value not in (None, "", [])}
    return {
        "id": event.id,
        "at": event.at,
        "who": event.actor,
        "what": sentence(event, told),
        "act": verb_label(event.verb),
        "source": str(SOURCES.get(event.source, event.source)),
        "address": event.address,
        "records": _records(event, numbers),
        "changes": [
            {"label": field_label(event, name), "old": old, "new": new}
            for name, old, new in changed(event, told["changes"])
        ],
        "particulars": [
            (field_label(event, name), value_words(event, name, value)) for name, value in particulars.items()
        ],
    }


def changed(event: Event, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, old, new); of pairs alone, whatever else somebody has put there."""
    pairs = [(name, pair) for name, pair in changes.items() if isinstance(pair, list) and len(pair) == 2]
    return [(name, value_words(event, name, old), value_words(event, name, new)) for name, (old, new) in pairs]


def pager(page: Page, wanted: Wanted) -> dict[str, Any]:
    """As macros/lists.html shows it."""
    address = partial(_address, wanted)
    here = lists.bounded(
        page.page,
        page.pages,
        rows=len(page.items),
        total=page.total,
        is_bounded=page.bounded,
        size=wanted.size,
        address=address,
    )
    return {**here, "sizes": lists.sizes(queries.SIZES, wanted.size, address)}


def chain_state(found: Chain) -> Literal["whole", "broken", "running", "never"]:
    """Of the last proof."""
    if found.proved is None:
        return "never"
    if found.proved.error is not None:
        return "broken"
    return "running" if found.proved.ended_at is None else "whole"


def chain(found: Chain) -> dict[str, Any]:
    """What supervision/audit.html says of it."""
    seal, proved = found.seal, found.proved
    return {
        "sealed_at": seal.sealed_at if seal else None,
        "hash": seal.hash if seal else "",
        "unsealed": found.unsealed,
        "state": chain_state(found),
        "error": (proved.error or "") if proved else "",
        "proved_at": (proved.ended_at or proved.started_at) if proved else None,
        "run_url": url_for("ledger.show", run_id=proved.id) if proved else None,
    }


def choices() -> dict[str, list[tuple[str, Any]]]:
    """What the form offers: acts by name."""
    acts = sorted(((verb, str(label)) for verb, label in VERBS.items()), key=lambda one: one[1])
    return {"acts": acts, "kinds": list(KINDS.items()), "sources": list(SOURCES.items())}


def _records(event: Event, numbers: Mapping[int, int]) -> list[dict[str, Any]]:
    """Which records it is about: `url` of the record's page, `all_url` of all that was done to it."""
    found: list[dict[str, Any]] = []
    number = numbers.get(event.ticket_id or 0)
    if number is not None:
        pages = {"url": url_for("tickets.show", number=number), "all_url": url_for("audit.index", ticket=number)}
        found.append({"label": f"{KINDS['ticket']} {number}", **pages})
    for kind, column, endpoint, name in _PAGES:
        record_id = getattr(event, column)
        if record_id is None or (number is not None and kind == "customer"):
            continue
        own = link(endpoint, **{name: record_id}) if endpoint else None
        every = url_for("audit.index", kind=kind, record=record_id)
        found.append({"label": f"{KINDS[kind]} {record_id}", "url": own, "all_url": every})
    return found


def _address(wanted: Wanted, **changed_: Any) -> str:
    return url_for("audit.index", **wanted.arguments(**changed_))
