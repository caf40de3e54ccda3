"""What went to the backoffice, with every attempt."""

import json
from collections.abc import Iterable

from apiflask.schemas import FileSchema
from flask import Response

from mikroserwis import edge
from mikroserwis.models import Attempt, Delivery
from mikroserwis.tickets import packages, queries
from mikroserwis.tickets.api import outputs
from mikroserwis.tickets.api.base import DELIVERIES, DELIVERY, TICKET, blueprint, load
from mikroserwis.tickets.operations import export


@blueprint.get(f"{TICKET}/deliveries")
@blueprint.output(outputs.Deliveries)
@blueprint.doc(summary="Deliveries to the backoffice, newest first, with their attempts", tags=DELIVERIES)
def deliveries(number: int) -> outputs.Deliveries:
    """A dealer sees those of its own tenure."""
    session, actor = edge.session(), edge.actor()
    found = export.deliveries(session, load(number, "deliveries.see"))
    seen = [one for one in found if not actor.is_dealer or one.dealer_id == actor.dealer_id]
    attempts = queries.attempts(session, seen)
    return outputs.Deliveries(items=[delivery_out(one, attempts[one.item_id]) for one in seen])


@blueprint.get(f"{DELIVERY}/package.zip")
@blueprint.output(FileSchema(type="string", format="binary"), content_type="application/zip", description="The ZIP.")
@blueprint.doc(summary="The package as a ZIP with manifest, index and files", tags=DELIVERIES)
def package(delivery_id: int) -> Response:
    """What the backoffice gets, to be looked at or sent by hand."""
    delivery, ticket = packages.load(edge.session(), edge.actor(), delivery_id, "deliveries.see")
    return packages.answer(packages.package(edge.session(), ticket, delivery))


@blueprint.post(f"{DELIVERY}/retry")
@blueprint.output(outputs.DeliveryOut)
@blueprint.doc(summary="Send a stuck or rejected delivery again (staff)", tags=DELIVERIES)
def retry(delivery_id: int) -> outputs.DeliveryOut:
    """With a fresh set of attempts."""
    session, actor = edge.session(), edge.actor()
    delivery, _ticket = packages.load(session, actor, delivery_id, "deliveries.retry")
    export.try_again(session, delivery, actor=actor, now=edge.now())
    return delivery_out(delivery, queries.attempts(session, [delivery])[delivery.item_id])


def delivery_out(of: Delivery, attempts: Iterable[Attempt]) -> outputs.DeliveryOut:
    """Its state is its outbox item's; with its attempts, the first one first."""
    return outputs.DeliveryOut(
        **{name: getattr(of, name) for name in ("id", "purpose", "package_id", "receipt", "acknowledged_at")},
        state=queries.delivery_state(of),
        requested_at=of.requested_at,
        requested_by=of.requested_by,
        files=[one.file_id for one in of.files],
        attempts=[
            outputs.AttemptOut(started_at=one.started_at, ended_at=one.ended_at, outcome=one.outcome, detail=one.detail)
            for one in attempts
        ],
        next_attempt_at=of.item.due_at if of.item.state == "queued" else None,
        rejection=json.loads(of.rejection)["reason"] if of.rejection else None,
    )
