"""The words for programs and webhooks: labels, what is wrong with a value, what stands in the way, how sending went."""

from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext

Said = Mapping[str, Any]

FIELDS: dict[str, Any] = {
    "name": lazy("Name"),
    "purpose": lazy("What it is for"),
    "contact": lazy("Whom to ask about it"),
    "scopes": lazy("What it may do"),
    "expires_on": lazy("Last day of validity"),
    "grace": lazy("The former one is valid for"),
    "url": lazy("Address"),
    "events": lazy("Events"),
}
SCOPES: dict[str, Any] = {
    "tickets:read": lazy("Read tickets and sub-tickets, their notes, deadlines and history"),
    "tickets:write": lazy(
        "Act on tickets and sub-tickets: suspend, give to another dealer, write notes, move deadlines"
    ),
    "intake:write": lazy("Send tickets in, one by one or as a file"),
    "documents:read": lazy("Read quotes, invoices, papers and files"),
    "documents:write": lazy("Add and reject files, make and decide quotes, give invoices"),
    "companies:read": lazy("Read companies, their people and retail points"),
    "companies:write": lazy("Enter and change companies, their people and retail points"),
    "dealers:read": lazy("Read dealers, their absences and vendor contacts"),
    "dealers:write": lazy("Enter and change dealers, their absences and vendor contacts"),
    "prices:read": lazy("Read the price list"),
    "materials:read": lazy("Read training material"),
    "reports:read": lazy("Read figures, comparisons and the ledger of jobs"),
    "webhooks:manage": lazy("Keep its own webhooks"),
}
EVENTS: dict[str, Any] = {
    "ping": lazy("Test message"),
    "ticket.opened": lazy("Ticket came in"),
    "ticket.offered": lazy("Ticket offered to a dealer"),
    "ticket.taken": lazy("Ticket taken"),
    "ticket.contract": lazy("Ticket became a contract"),
    "ticket.suspended": lazy("Ticket suspended"),
    "ticket.resumed": lazy("Ticket resumed"),
    "ticket.resigned": lazy("Dealer resigned from a ticket"),
    "ticket.reassigned": lazy("Ticket given to another dealer"),
    "ticket.closed": lazy("Ticket closed"),
    "ticket.cancelled": lazy("Ticket cancelled"),
    "ticket.reopened": lazy("Ticket reopened"),
    "subticket.taken": lazy("Sub-ticket taken"),
    "subticket.suspended": lazy("Sub-ticket suspended"),
    "subticket.resumed": lazy("Sub-ticket resumed"),
    "subticket.resigned": lazy("Dealer resigned from a sub-ticket"),
    "subticket.reassigned": lazy("Sub-ticket given to another dealer"),
    "subticket.withdrawn": lazy("Sub-ticket withdrawn"),
    "subticket.closed": lazy("Sub-ticket closed"),
    "subticket.reopened": lazy("Sub-ticket reopened"),
    "deadline.missed": lazy("Deadline missed, ticket taken away"),
    "deadline.moved": lazy("Deadline moved"),
    "document.issued": lazy("Quote issued"),
    "document.added": lazy("File added"),
    "scan.accepted": lazy("Scans accepted by the backoffice"),
    "scan.rejected": lazy("Scan rejected"),
    "quote.accepted": lazy("Quote accepted"),
    "quote.declined": lazy("Quote declined"),
    "invoice.given": lazy("Final invoice given"),
    "customer.added": lazy("Customer added"),
    "customer.changed": lazy("Customer changed"),
    "customer.deleted": lazy("Customer deleted"),
    "point.changed": lazy("Retail point added or changed"),
}
STATES: dict[str, Any] = {
    "waiting": lazy("Waiting"),
    "retrying": lazy("Failed, will be tried again"),
    "delivered": lazy("Delivered"),
    "failed": lazy("Given up"),
}
OFF: dict[str, Any] = {
    "person": lazy("switched off"),
    "gone": lazy("switched off: it answered 410, nobody is there any more"),
    "failing": lazy("switched off: nothing arrived for days"),
}
GRACES: dict[int, Any] = {0: lazy("no time"), 1: lazy("one hour"), 24: lazy("one day"), 168: lazy("one week")}
_WRONG: dict[str, Any] = {
    "client_name_taken": lazy("Another client has this name. Each needs a name of its own, as the history shows it."),
    "nothing_ticked": lazy("Choose at least one."),
    "webhook_url": lazy("This is no address that can be called. Example: https://crm.example.com/mikroserwis."),
    "webhook_https": lazy("The address has to begin with https://."),
    "webhook_port": lazy("This port is kept for other services. Use 443, or one from 1024 on."),
    "webhook_private": lazy("This address lies in a private network. The administrator can allow it in the settings."),
}
BLOCKERS: dict[str, Callable[[Said], str]] = {
    "client_is_active": lambda _said: _("The client is switched off: switch it on first."),
    "token_is_live": lambda _said: _("This token is over. Make a new one."),
    "webhook_is_active": lambda _said: _("The webhook or its client is switched off: switch it on first."),
    "webhook_is_settled": lambda _said: _("It is waiting to be sent already."),
    "few_webhooks_are_in_use": lambda said: ngettext(
        "A webhook is in use already. Switch it off first.",
        "%(n)s webhooks are in use already. Switch one of them off first.",
        said["limit"],
    ),
}
_OUTCOMES: dict[str, Any] = {
    "delivered": lazy("accepted"),
    "unknown_host": lazy("this name is in no directory (DNS)"),
    "private_address": lazy("the name leads into a private network: nothing was sent"),
    "needs_https": lazy("to a public address only https:// may lead: nothing was sent"),
    "unreachable": lazy("nobody answers at this address"),
    "tls": lazy("no safe connection: the certificate is not valid for this name, is over, or nobody vouches for it"),
    "timeout": lazy("it takes too long"),
    "broken": lazy("the connection broke off before the answer"),
    "redirect": lazy("it answered with a redirect, which is not followed"),
    "endpoint_off": lazy("not sent: webhook or client is switched off"),
    "not_permitted": lazy("not sent: the client may no longer read this"),
    "contract_broken": lazy("there is nothing to send"),
    "internal": lazy("an error on our side"),
}
_ACTS: dict[str, Any] = {
    "client_add": lazy("Added the client"),
    "client_change": lazy("Changed the client"),
    "client_activate": lazy("Switched the client on"),
    "client_deactivate": lazy("Switched the client off: none of its tokens counts"),
}


def field_sentence(code: str, _params: Said) -> str:
    """What is wrong with a value; empty for codes of others."""
    return str(_WRONG.get(code, ""))


def blocker_sentence(code: str, params: Said) -> str:
    """What stands in the way; empty for codes of others."""
    told = BLOCKERS.get(code)
    return told(params) if told else ""


def problem_words(code: str, params: Said) -> tuple[str, str] | None:
    """Title and text of an answer to a program; None for codes of others."""
    if code == "scope_missing":
        return _("This token may not do that"), _("It lacks the scope %(scope)s.", scope=params["scope"])
    if code == "persons_only":
        return _("This is for people alone"), _("A token with scopes can't do it; a person's own token can.")
    if code == "too_many_requests":
        text = _("This client may send %(limit)s requests a minute. Wait as long as Retry-After says.", **params)
        return _("Too many requests"), text
    if code == "key_used_for_something_else":
        return _("This key was used for something else"), _("An Idempotency-Key stands for one request. Use a new one.")
    if code == "shown_once":
        return _("A secret is shown once"), _(
            "This was done under the same key, and its answer is not kept. Make another."
        )
    return None


def outcome_words(outcome: str | None) -> str:
    """How one attempt went."""
    if outcome is None:
        return _("cut off, or under way")
    if outcome.startswith("http_"):
        return _("it answered %(status)s", status=outcome.removeprefix("http_"))
    return str(_OUTCOMES.get(outcome, _OUTCOMES["internal"]))


def act_words(verb: str, said: Said) -> str:
    """What was done, as a sentence without its subject."""
    if verb in _ACTS:
        return str(_ACTS[verb])
    told = _SENTENCES.get(verb)
    return told(said) if told else verb


def value_words(name: str, value: str) -> str:
    """A field's kept text as people read it."""
    known = {"scopes": SCOPES, "events": EVENTS}.get(name)
    return ", ".join(str(known.get(one, one)) for one in value.split()) if known else value


def _sent_again(said: Said) -> str:
    """One message of any state, or so many that had failed."""
    if "event" in said:
        return _("Had the message %(event)s sent again to %(url)s", event=said["event"], url=said["url"])
    return ngettext(
        "Had %(n)s failed message sent again to %(url)s",
        "Had %(n)s failed messages sent again to %(url)s",
        said["count"],
        url=said["url"],
    )


_SENTENCES: dict[str, Callable[[Said], str]] = {
    "client_token_add": lambda said: _("Made the token “%(name)s” (…%(hint)s)", **_named(said)),
    "client_token_rotate": lambda said: _(
        "Replaced the token “%(name)s” (…%(former)s) by another (…%(hint)s)", former=said["former"], **_named(said)
    ),
    "client_token_revoke": lambda said: _("Revoked the token “%(name)s” (…%(hint)s)", **_named(said)),
    "webhook_add": lambda said: _("Added the webhook %(url)s", url=said["url"]),
    "webhook_change": lambda said: _("Changed the webhook %(url)s", url=said["url"]),
    "webhook_activate": lambda said: _("Switched the webhook %(url)s on", url=said["url"]),
    "webhook_deactivate": lambda said: _("Switched the webhook %(url)s off", url=said["url"]),
    "webhook_off": lambda said: _("Webhook %(url)s %(why)s", url=said["url"], why=str(OFF[said["why"]])),
    "webhook_secret": lambda said: _("Made a new secret for the webhook %(url)s", url=said["url"]),
    "webhook_ping": lambda said: _("Sent a test message to %(url)s", url=said["url"]),
    "webhook_replay": _sent_again,
}


def _named(said: Said) -> dict[str, Any]:
    return {"name": said["name"], "hint": said["hint"]}
