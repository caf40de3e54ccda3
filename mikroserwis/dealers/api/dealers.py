"""Dealers over the API, for staff."""

from flask import request
from sqlalchemy import select

from mikroserwis import edge
from mikroserwis.dealers import areas, listing, operations, queries
from mikroserwis.dealers.api import shown
from mikroserwis.dealers.api.blueprint import (
    DEALER,
    AreaOut,
    Changes,
    Coverage,
    DealerChange,
    DealerList,
    DealerRecord,
    DealersQuery,
    TypeAreas,
    blueprint,
)
from mikroserwis.models import Dealer
from mikroserwis.pricing import today
from mikroserwis.rulebook import RULES


@blueprint.get("/dealers")
@blueprint.input(DealersQuery, location="query")
@blueprint.output(DealerList)
@blueprint.doc(summary="The dealers: filtered, searched, sorted, by pages (staff)")
def dealers(query_data: DealersQuery) -> DealerList:  # noqa: ARG001 - documents what `read` reads
    """Those in use, unless the address asks for others."""
    edge.require("dealers.see")
    day = today(edge.now())
    page = listing.fetch(edge.session(), listing.read(request.args), day)
    items = [shown.dealer_line(row, day) for row in page.rows]
    return DealerList(items=items, total=page.total, page=page.page, pages=page.pages, size=page.size)


@blueprint.post("/dealers")
@blueprint.input(DealerChange)
@blueprint.output(DealerRecord, 201)
@blueprint.doc(summary="Add a dealer (staff)")
def add_dealer(json_data: DealerChange) -> DealerRecord:
    """Tickets of its areas and types are offered to it at once."""
    edge.require("dealers.edit")
    made = operations.add_dealer(edge.session(), json_data.values(), actor=edge.actor(), now=edge.now())
    return _dealer(made)


@blueprint.get("/dealer-areas")
@blueprint.output(Coverage)
@blueprint.doc(summary="How many dealers cover each beginning of a postal code, by type (staff)")
def dealer_areas() -> Coverage:
    """Two digits each, from 00 to 99; tickets from an area that nobody covers go into the open pool."""
    edge.require("dealers.see")
    known = list(edge.session().scalars(select(Dealer).where(Dealer.active)))
    items = []
    for name in RULES.type_names:
        counts = areas.coverage([[one.prefix for one in each.areas] for each in known if name in _types(each)])
        covered = [AreaOut(prefix=two, covered_by=whole, partly_by=part) for two, (whole, part) in counts.items()]
        items.append(TypeAreas(type=name, areas=covered))
    return Coverage(items=items)


@blueprint.get(DEALER)
@blueprint.output(DealerRecord)
@blueprint.doc(summary="A dealer with its load, absences and people (staff)")
def dealer(dealer_id: int) -> DealerRecord:
    """By its id here, not by the CRM's."""
    return _dealer(_load(dealer_id, "dealers.see"))


@blueprint.put(DEALER)
@blueprint.input(DealerChange)
@blueprint.output(DealerRecord)
@blueprint.doc(summary="Change a dealer; 409 names what somebody else changed meanwhile (staff)")
def change_dealer(dealer_id: int, json_data: DealerChange) -> DealerRecord:
    """Fields that are left out stay as they are."""
    found, version, values = _load(dealer_id, "dealers.edit"), json_data.version, json_data.values()
    operations.change_dealer(edge.session(), found, values, version=version, actor=edge.actor(), now=edge.now())
    return _dealer(found)


@blueprint.delete(DEALER)
@blueprint.output({}, 204)
@blueprint.doc(summary="Delete a dealer that nothing refers to (master)")
def delete_dealer(dealer_id: int) -> tuple[str, int]:
    """409 says what refers to it; then put it out of use instead."""
    found = _load(dealer_id, "dealers.delete")
    operations.delete_dealer(edge.session(), found, actor=edge.actor(), now=edge.now())
    return "", 204


@blueprint.post(f"{DEALER}/activation")
@blueprint.output(DealerRecord)
@blueprint.doc(summary="Put a dealer back into use (staff)")
def activate_dealer(dealer_id: int) -> DealerRecord:
    """Done already: nothing happens."""
    found = _load(dealer_id, "dealers.edit")
    operations.switch_dealer(edge.session(), found, active=True, actor=edge.actor(), now=edge.now())
    return _dealer(found)


@blueprint.post(f"{DEALER}/deactivation")
@blueprint.output(DealerRecord)
@blueprint.doc(summary="Take a dealer out of use (staff)")
def deactivate_dealer(dealer_id: int) -> DealerRecord:
    """It is offered nothing new; its open tickets stay with it until they are moved."""
    found = _load(dealer_id, "dealers.edit")
    operations.switch_dealer(edge.session(), found, active=False, actor=edge.actor(), now=edge.now())
    return _dealer(found)


@blueprint.get(f"{DEALER}/history")
@blueprint.output(Changes)
@blueprint.doc(summary="The last changes of a dealer, the newest first (staff)")
def dealer_history(dealer_id: int) -> Changes:
    """With old and new values."""
    return shown.changes(queries.last_changes(edge.session(), _load(dealer_id, "dealers.see")))


def _load(dealer_id: int, permission: str) -> Dealer:
    return queries.load(edge.session(), edge.actor(), dealer_id, permission)


def _dealer(of: Dealer) -> DealerRecord:
    return shown.dealer(edge.session(), of, edge.now())


def _types(of: Dealer) -> set[str]:
    return {one.type for one in of.types}
