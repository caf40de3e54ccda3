"""The entries of the frame's navigation: the few that are used all day in the bar, the others in its menu."""

from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from mikroserwis.access import Actor, may, role_relations
from mikroserwis.i18n import lazy


@dataclass(frozen=True)
class Entry:
    """A page with who sees it; the first entry of a blueprint is the present one on its pages without an entry.

    Its label is no part of what it is: comparing labels would say them, and so read a catalogue as this is imported.
    """

    label: Any = field(compare=False)
    endpoint: str
    permission: str

    @property
    def blueprint(self) -> str:
        return self.endpoint.partition(".")[0]


@dataclass(frozen=True)
class Link:
    """An entry as a page shows it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Group:
    """Links of the menu that belong together."""

    label: str
    links: list[Link]


BAR = (
    Entry(lazy("Tickets"), "tickets.index", "tickets.list"),
    Entry(lazy("Dashboard"), "dashboard.show", "supervision.see"),
    Entry(lazy("Dealers"), "dealers.index", "dealers.see"),
    Entry(lazy("Customers"), "customers.index", "customers.see"),
    Entry(lazy("Price list"), "prices.index", "prices.see"),
)
# Of the bar's, staff find these in the menu, as they have more to do than fits a phone.
RARE_FOR_STAFF = tuple(one for one in BAR if one.endpoint in {"customers.index", "prices.index"})
MENU = (
    (
        lazy("Supervision"),
        (
            Entry(lazy("Dealers side by side"), "comparison.show", "supervision.see"),
            Entry(lazy("What tonight would do"), "tonight.show", "supervision.see"),
            Entry(lazy("Simulator"), "simulator.show", "supervision.see"),
            Entry(lazy("Requests for extension"), "tickets.extensions_index", "extension.decide"),
            Entry(lazy("Jobs"), "ledger.index", "jobs.see"),
        ),
    ),
    (
        lazy("People"),
        (
            *RARE_FOR_STAFF[:1],
            Entry(lazy("Accounts"), "people.index", "accounts.see"),
            Entry(lazy("Personal data"), "personal.index", "personal.see"),
            Entry(lazy("API clients"), "clients.index", "clients.manage"),
            Entry(lazy("Audit"), "audit.index", "audit.see"),
        ),
    ),
    (
        lazy("Words and prices"),
        (
            Entry(lazy("Messages"), "messages.index", "messages.see"),
            Entry(lazy("Texts"), "texts.index", "texts.see"),
            Entry(lazy("Paper forms"), "paper_forms.index", "paper_forms.manage"),
            *RARE_FOR_STAFF[1:],
        ),
    ),
)
_ENTRIES = (*BAR, *(one for _label, entries in MENU for one in entries if one not in BAR))


def links(actor: Actor) -> tuple[list[Link], list[Group]]:
    """For the bar and for its menu."""
    relations = role_relations(actor)

    def shown(entries: tuple[Entry, ...]) -> list[Link]:
        seen = [one for one in entries if may(one.permission, relations)]
        return [Link(str(one.label), url_for(one.endpoint), _is_present(one)) for one in seen]

    rare = RARE_FOR_STAFF if actor.is_staff else ()
    bar = shown(tuple(one for one in BAR if one not in rare))
    groups = [
        Group(str(label), shown(tuple(one for one in entries if one not in BAR or one in rare)))
        for label, entries in MENU
    ]
    return bar, [one for one in groups if one.links]


def _is_present(entry: Entry) -> bool:
    if request.endpoint in {one.endpoint for one in _ENTRIES}:
        return request.endpoint == entry.endpoint
    return entry == next((one for one in _ENTRIES if request.blueprint == one.blueprint), None)
