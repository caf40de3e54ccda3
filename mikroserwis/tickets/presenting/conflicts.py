"""A form that somebody overtook: theirs beside yours, field by field."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.errors import Conflict
from mikroserwis.models import Event
from mikroserwis.tickets.wording import FIELDS


def conflict(session: Session, error: Exception, actor: Actor, *, verb: str, **of: int) -> dict[str, Any] | None:
    """What tickets/_conflict.html wants, if the error is one: who saved meanwhile, and which fields differ.

    `of` names the record whose newest event of the verb tells who it was: customer_id or point_id.
    """
    if not isinstance(error, Conflict) or "fields" not in error.params:
        return None
    column, record_id = next(iter(of.items()))
    newest = select(Event).where(getattr(Event, column) == record_id, Event.verb == verb).order_by(Event.id.desc())
    event = session.scalars(newest.limit(1)).first()
    return {
        "who": event.actor if event and _may_name(event, actor) else "",
        "at": event.at if event else None,
        "fields": [
            {"name": name, "label": str(FIELDS.get(name, name)), "theirs": theirs, "yours": yours}
            for name, (theirs, yours) in error.params["fields"].items()
        ],
    }


def _may_name(event: Event, actor: Actor) -> bool:
    """Another dealer may have a ticket of the same company; its people's names are not this dealer's business."""
    return not actor.is_dealer or event.dealer_id in {None, actor.dealer_id}


def version_now(error: Exception, version: int | None) -> int | None:
    """The version that the form is measured against when it is sent again: after a conflict the one it showed."""
    return error.params.get("version", version) if isinstance(error, Conflict) else version
