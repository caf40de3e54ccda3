"""The words for what a mail is about."""

from mikroserwis.i18n import lazy

EVENTS = {
    "quote": lazy("Quote of a suspended ticket"),
    "suspended": lazy("Ticket suspended"),
    "invoice_missing": lazy("Only the final invoice is missing"),
    "offered": lazy("New ticket"),
    "taken_away": lazy("Ticket taken away"),
    "to_pool": lazy("Ticket in the open pool"),
    "subticket_offered": lazy("New sub-ticket"),
    "scan_rejected": lazy("Scan rejected"),
    "delivery_stuck": lazy("Delivery stuck"),
    "closed": lazy("Ticket closed"),
}
STATES = {
    "waiting": lazy("Waiting to be sent"),
    "retrying": lazy("Failed, will be tried again"),
    "delivered": lazy("Sent"),
    "failed": lazy("Wait for a person"),
}


def event_label(event: str) -> str:
    return str(EVENTS.get(event, event))
