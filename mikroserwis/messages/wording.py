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
    "warning": lazy("Deadline that is near"),
    "overdue": lazy("Deadline missed"),
    "moved": lazy("Gone to another dealer"),
    "news": lazy("Several news together"),
    "extension_asked": lazy("More time asked for"),
    "extension_granted": lazy("Deadline moved"),
    "extension_refused": lazy("More time refused"),
    "account_activation": lazy("Account to be activated"),
    "account_recovery": lazy("New password asked for"),
    "password_changed": lazy("Password changed"),
    "address_changed": lazy("Address of an account changed"),
    "second_factor_on": lazy("Second step switched on"),
    "second_factor_off": lazy("Second step switched off"),
    "second_factor_reset": lazy("Second step taken off by the office"),
    "second_factor_recovery": lazy("Recovery code used"),
    "second_factor_guessed": lazy("Wrong codes after a right password"),
    "job_failed": lazy("Job given up"),
}
STATES = {
    "waiting": lazy("Waiting to be sent"),
    "retrying": lazy("Failed, will be tried again"),
    "delivered": lazy("Sent"),
    "failed": lazy("Wait for a person"),
}


def event_label(event: str) -> str:
    return str(EVENTS.get(event, event))
