"""History in words: a sentence for every act, and each change with what it was."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.models import Ticket
from mikroserwis.tickets import bulk_words, clock_words, extension_words, handover_words, invoice_words, quote_words
from mikroserwis.tickets.presenting.acts import ticket_url
from mikroserwis.tickets.presenting.scene import Scene
from mikroserwis.tickets.queries import Act, events_data, history
from mikroserwis.tickets.wording import FIELDS, kind_label

Said = Mapping[str, Any]


def events(scene: Scene, before: int | None = None) -> dict[str, Any] | None:
    """What tickets/_history.html wants: newest first, and the link to what is older. None where nothing was done."""
    places = {one.id: one.point.name for one in scene.ticket.subtickets}
    part = history(scene.session, scene.ticket, scene.actor, before=before)
    if not part.items and before is None:
        return None
    return {
        "entries": [_line(event, places) for event in part.items],
        "older_url": older_url(scene.ticket, "history", part.older),
        "newest_url": ticket_url(scene.ticket.number, "history") if before else None,
    }


def older_url(ticket: Ticket, of: str, before: int | None) -> str | None:
    """The ticket's page with the older part of its history or notes."""
    if before is None:
        return None
    query: dict[str, Any] = {f"{of}_before": before}
    return url_for("tickets.show", number=ticket.number, _anchor=of, **query)


def _line(event: Act, places: Mapping[int, str]) -> dict[str, Any]:
    said = events_data(event)
    return {
        "at": event.at,
        "who": event.actor,
        "what": in_words(event.verb, said, of_subticket=event.subticket_id is not None),
        "where": places.get(event.subticket_id or 0, ""),
        "words": said.get("note") or said.get("reason") or "",
        "changes": [
            {"label": str(FIELDS.get(name, name)), "old": old, "new": new}
            for name, (old, new) in said["changes"].items()
        ],
    }


def in_words(verb: str, said: Said, *, of_subticket: bool = False) -> str:
    """What was done, as a sentence without its subject."""
    plain, told = (_PLAIN_OF_SUBTICKET, _TOLD_OF_SUBTICKET) if of_subticket else (_PLAIN, _TOLD)
    return told[verb](said) if verb in told else str(plain[verb])


def _to(said: Said) -> str:
    return said.get("to") or _("the open pool")


def _paper(said: Said) -> str:
    return kind_label(said.get("kind", ""))


def _create(said: Said) -> str:
    ways = {
        "api": _("The ticket came in from the CRM"),
        "file": _("The ticket came in with a file"),
        "hand": _("The ticket was entered by hand"),
        "dealer": _("The dealer entered a ticket of its own"),
    }
    return ways.get(said.get("via", ""), _("The ticket came in"))


def _attach(said: Said) -> str:
    name = said["name"]
    if said.get("out_of"):
        name = _("%(name)s, out of %(source)s", name=name, source=said["out_of"])
    return _("Added: %(kind)s, version %(version)s (%(name)s)", kind=_paper(said), version=said["version"], name=name)


def _export(said: Said) -> str:
    return _("Queued for the backoffice: %(files)s", files=", ".join(said.get("files", ())))


def _acknowledged(said: Said) -> str:
    if said.get("purpose") == "closing":
        return _("The backoffice acknowledged the closing package, receipt %(receipt)s", receipt=said["receipt"])
    return _("The backoffice acknowledged the scans, receipt %(receipt)s", receipt=said["receipt"])


_PLAIN = {
    "sign": lazy("The documents are complete: the ticket is a contract"),
    "company": lazy("Changed the company's data"),
    "file": lazy("Changed by a file of tickets"),
    "confirm": lazy("Confirmed the company's data"),
    "refused": lazy("The backoffice refused the package"),
    "suspend": lazy("Suspended the ticket"),
    "resume": lazy("Resumed the ticket"),
    "note": lazy("Wrote a note"),
    "close": lazy("The ticket closed with its last sub-ticket"),
    "cancel": lazy("Cancelled the ticket"),
    "reopen": lazy("Reopened the ticket"),
}
_PLAIN_OF_SUBTICKET = {
    "take": lazy("Took the sub-ticket"),
    "file": lazy("Changed by a file of tickets"),
    "suspend": lazy("Suspended the sub-ticket"),
    "resume": lazy("Resumed the sub-ticket"),
    "note": lazy("Wrote a note"),
    "close": lazy("Closed the sub-ticket"),
    "withdraw": lazy("Withdrew the sub-ticket"),
    "reopen": lazy("Reopened the sub-ticket"),
}
_TOLD: dict[str, Callable[[Said], str]] = {
    **quote_words.EVENTS,
    **invoice_words.EVENTS,
    **extension_words.EVENTS,
    **bulk_words.EVENTS,
    **handover_words.EVENTS,
    **clock_words.EVENTS,
    "create": _create,
    "take": lambda said: _("Took the ticket from the open pool") if said.get("from_pool") else _("Took the ticket"),
    "attach": _attach,
    "reject": lambda said: _("Rejected: %(kind)s (%(name)s)", kind=_paper(said), name=said["name"]),
    "export": _export,
    "acknowledged": _acknowledged,
    "retry": lambda said: _("Sent package %(package)s again", package=said["package"]),
    "dropped": lambda said: _(
        "Not sent: every paper in package %(package)s was rejected or replaced", package=said["package"]
    ),
    "sms_again": lambda said: _("Sent the SMS “%(subject)s” to %(to)s again", subject=said["subject"], to=said["to"]),
    "mail_again": lambda said: _("Sent the mail “%(subject)s” to %(to)s again", subject=said["subject"], to=said["to"]),
    "resign": lambda said: _("Resigned; the ticket went to: %(to)s", to=_to(said)),
}
_TOLD_OF_SUBTICKET: dict[str, Callable[[Said], str]] = {
    "resign": lambda said: _("Resigned; the sub-ticket went to: %(to)s", to=_to(said)),
    "reassign": lambda said: _("Gave the sub-ticket to: %(to)s", to=_to(said)),
    "point": lambda said: _("Changed the point's data") if said["changes"] else _("Checked the point's data"),
}
