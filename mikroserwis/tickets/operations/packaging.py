"""Packages put into the outbox: the rows that a delivery is made from."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis import outbox
from mikroserwis.access import Actor
from mikroserwis.models import Delivery, DeliveryFile, File, Ticket


def queue(
    session: Session, ticket: Ticket, purpose: str, files: Iterable[File], *, actor: Actor, now: datetime
) -> Delivery:
    """A delivery of these files, sent in the background; its package has a number of its own for ever."""
    count = session.scalar(select(func.count()).where(Delivery.ticket_id == ticket.id)) or 0
    package_id = f"{ticket.number}-{purpose}-{count + 1}"
    item = outbox.enqueue(session, "package", f"package:{package_id}", {}, now=now, ticket_id=ticket.id)
    delivery = Delivery(
        ticket_id=ticket.id,
        dealer_id=ticket.dealer_id,
        item_id=item.id,
        purpose=purpose,
        package_id=package_id,
        requested_at=now,
        requested_by=actor.label,
    )
    session.add(delivery)
    session.flush()
    item.payload = json.dumps({"delivery": delivery.id})
    session.add_all(DeliveryFile(delivery_id=delivery.id, file_id=file.id) for file in files)
    session.flush()
    return delivery
