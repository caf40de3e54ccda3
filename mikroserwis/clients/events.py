"""What webhooks tell: one table of events, each derived from an act of the history, and the message about it.

No message holds the name of a person: copies of it lie with others, where nobody can make it anonymous.

History is only ever added to, so no act pays for being told, and none is forgotten.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from mikroserwis.models import Event

PING = "ping"
# Type of event -> the scope that its receiver has to have.
EVENTS: Mapping[str, str] = {
    **{
        f"ticket.{name}": "tickets:read"
        for name in (
            *("opened", "offered", "taken", "contract", "suspended", "resumed", "resigned", "reassigned", "closed"),
            *("cancelled", "reopened"),
        )
    },
    **{
        f"subticket.{name}": "tickets:read"
        for name in ("taken", "suspended", "resumed", "resigned", "reassigned", "withdrawn", "closed", "reopened")
    },
    "deadline.missed": "tickets:read",
    "deadline.moved": "tickets:read",
    "document.issued": "documents:read",
    "document.added": "documents:read",
    "scan.accepted": "documents:read",
    "scan.rejected": "documents:read",
    "quote.accepted": "documents:read",
    "quote.declined": "documents:read",
    "invoice.given": "documents:read",
    "customer.added": "companies:read",
    "customer.changed": "companies:read",
    "customer.deleted": "companies:read",
    "point.changed": "companies:read",
}
_ACTS = {
    "take": "taken",
    "suspend": "suspended",
    "resume": "resumed",
    "resign": "resigned",
    "reassign": "reassigned",
    "undo": "reassigned",
    "close": "closed",
    "cancel": "cancelled",
    "reopen": "reopened",
    "withdraw": "withdrawn",
    "sign": "contract",
    "create": "opened",
}
_OTHERS = {
    "extend": "deadline.moved",
    "undo_extension": "deadline.moved",
    "quote_issue": "document.issued",
    "attach": "document.added",
    "acknowledged": "scan.accepted",
    "reject": "scan.rejected",
    "refused": "scan.rejected",
    "quote_accept": "quote.accepted",
    "quote_decline": "quote.declined",
    "invoice": "invoice.given",
    "customer_add": "customer.added",
    "customer_owner": "customer.changed",
    "company": "customer.changed",
    "customer_delete": "customer.deleted",
    "point": "point.changed",
    "customer_point_add": "point.changed",
}
VERBS = frozenset({*_ACTS, *_OTHERS})
# What of an act is told beside which records it was about: codes and numbers, no sentence that somebody wrote.
_FACTS = ("to", "was", "from_pool", "stage", "due", "label", "gross", "on", "kind", "version", "number", "purpose")


class Told(NamedTuple):
    """One event: the same id and the same bytes for everybody who is told, however often."""

    id: str
    type: str
    body: str


def types(row: Event, given_to: str | None) -> list[str]:
    """Which events this row of the history is; `given_to` is the dealer that a new ticket was offered to."""
    said = json.loads(row.data)
    found = []
    if row.verb in _ACTS:
        found.append(f"{'ticket' if row.subticket_id is None else 'subticket'}.{_ACTS[row.verb]}")
    elif row.verb in _OTHERS:
        found.append(_OTHERS[row.verb])
    if row.verb == "reassign" and row.source == "system" and said.get("stage"):
        found.append("deadline.missed")
    if row.subticket_id is None and row.ticket_id is not None and (_offered(row, said) or given_to):
        found.append("ticket.offered")
    return [one for one in found if one in EVENTS]


def told(row: Event, type_: str, *, number: int | None, given_to: str | None, base_url: str) -> Told:
    """`number` is the ticket's."""
    said = json.loads(row.data)
    facts = {name: said[name] for name in _FACTS if said.get(name) is not None}
    if type_ == "ticket.offered":
        facts["to"] = given_to or said["to"]
    data = {
        **_records(row, number, f"{base_url}/api/v1"),
        **facts,
        **({"changed": sorted(json.loads(row.changes))} if type_.endswith(".changed") else {}),
        "by": {"source": row.source, "user": row.actor_id},
    }
    return message(f"evt_{row.id}_{type_.replace('.', '_')}", type_, row.at, data)


def message(event_id: str, type_: str, at: datetime, data: Mapping[str, Any]) -> Told:
    """As it is sent."""
    whole = {"id": event_id, "type": type_, "created": at.astimezone(UTC).isoformat(), "data": dict(data)}
    return Told(event_id, type_, json.dumps(whole, ensure_ascii=False, separators=(",", ":")))


def _offered(row: Event, said: Mapping[str, Any]) -> bool:
    return row.verb in {"resign", "reassign"} and said.get("to") is not None


def _records(row: Event, number: int | None, api: str) -> dict[str, dict[str, Any]]:
    ids = {"ticket": number, "subticket": row.subticket_id, "customer": row.customer_id, "point": row.point_id}
    return {
        name: {"number" if name == "ticket" else "id": id_, "url": f"{api}/{name}s/{id_}"}
        for name, id_ in ids.items()
        if id_ is not None
    }
