"""One row per act, written in the transaction of the act."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.models import (
    ApiClient,
    Customer,
    Dealer,
    Event,
    PaperForm,
    PriceItem,
    RetailPoint,
    Subticket,
    Ticket,
    User,
    VendorContact,
)


def record(
    session: Session,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    ticket: Ticket | None = None,
    subticket: Subticket | None = None,
    customer: Customer | None = None,
    point: RetailPoint | None = None,
    user: User | None = None,
    price_item: PriceItem | None = None,
    paper_form: PaperForm | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    about_dealer: int | None = None,
    dealer: Dealer | None = None,
    vendor_contact: VendorContact | None = None,
    client: ApiClient | None = None,
    **data: Any,
) -> Event:
    """Who did what to which records, with old and new values; `data` must be plain JSON.

    `about_dealer` is whose papers it is about where the backoffice or staff act on them; `dealer` the one
    whose own record is changed.
    """
    event = Event(
        at=now,
        actor_id=actor.user_id,
        actor=actor.label,
        dealer_id=actor.dealer_id or about_dealer,
        source=actor.source,
        address=actor.address,
        verb=verb,
        ticket_id=ticket.id if ticket else None,
        subticket_id=subticket.id if subticket else None,
        customer_id=customer.id if customer else None,
        point_id=point.id if point else None,
        user_id=user.id if user else None,
        price_item_id=price_item.id if price_item else None,
        paper_form_id=paper_form.id if paper_form else None,
        about_dealer_id=dealer.id if dealer else None,
        vendor_contact_id=vendor_contact.id if vendor_contact else None,
        client_id=client.id if client else None,
        changes=json.dumps(changes or {}, ensure_ascii=False),
        data=json.dumps(data, ensure_ascii=False),
    )
    session.add(event)
    return event
