"""What became of a ticket, told to the CRM."""

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice_client import TicketEvent
from mikroserwis.edge import Parts
from mikroserwis.outbox import Claimed
from mikroserwis.sweeps.failures import Failed
from mikroserwis.sweeps.leases import Lease
from mikroserwis.sweeps.records import held_ticket
from mikroserwis.tickets import notices


def carry(parts: Parts, lease: Lease) -> str:
    payload = lease.claimed.payload
    try:
        event = TicketEvent(
            event_id=lease.claimed.key,
            ticket=payload["ticket"],
            event=payload["event"],
            at=datetime.fromisoformat(payload["at"]),
            details={name: value for name, value in payload.items() if name not in {"ticket", "event", "at"}},
        )
    except (KeyError, ValueError) as error:
        raise Failed("contract_broken", f"not an event: {error}"[:500], permanent=True) from error
    return parts.backoffice.send_event(event).receipt


def given_up(session: Session, claimed: Claimed, failure: Failed, now: datetime) -> None:
    ticket = held_ticket(session, claimed.payload.get("ticket"))
    if ticket is not None:
        notices.delivery_stuck(session, ticket, claimed.key, failure.reason, now=now)
