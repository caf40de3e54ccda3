"""A person's own views above the list: chips, what can be done with the open one, and a place to save another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Dealer, SavedView
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.listing import VIEWS
from mikroserwis.tickets.operations.saved_views import LONGEST_NAME, MOST
from mikroserwis.tickets.wanted import EVERYTHING, STATES, Wanted, canonical, from_query
from mikroserwis.tickets.wording import FIELDS


@dataclass(frozen=True)
class Own:
    """The actor's views beside what the address asks for; `gone` are filters that no longer filter anything."""

    views: Sequence[SavedView]
    wanted: Wanted
    gone: tuple[str, ...] = ()
    typed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def default(self) -> SavedView | None:
        return next((one for one in self.views if one.is_default), None)

    @property
    def opened(self) -> SavedView | None:
        """The one that the address shows, else the one that somebody came from and has changed since."""
        query = canonical(self.wanted)
        came_from = next((one for one in self.views if one.id == self.wanted.saved), None)
        if came_from is not None and came_from.query == query:
            return came_from
        return next((one for one in self.views if one.query == query), came_from)

    @property
    def is_shown(self) -> bool:
        """Whether the list shows exactly one of the views."""
        return self.opened is not None and self.opened.query == canonical(self.wanted)


def look(session: Session, views: Sequence[SavedView], wanted: Wanted, actor: Actor) -> Own:
    """What the address asks for; a view that was kept is opened without the filters that have gone since."""
    if all(one.id != wanted.saved for one in views):
        return Own(views, replace(wanted, saved=None))
    gone = tuple(name for name, there in _there(session, wanted, actor).items() if not there)
    nothing: dict[str, Any] = dict.fromkeys(gone, "")
    return Own(views, replace(wanted, **nothing), gone)


def _there(session: Session, wanted: Wanted, actor: Actor) -> dict[str, bool]:
    return {
        "view": wanted.view in {"", EVERYTHING, *VIEWS},
        "type": wanted.type in {"", *RULES.type_names},
        "state": wanted.state in {"", "open", *STATES},
        "acquired": wanted.acquired in {"", "yes", "no"},
        "caretaker": _caretaker_is_there(session, wanted.caretaker, actor),
    }


def _caretaker_is_there(session: Session, text: str, actor: Actor) -> bool:
    if actor.is_dealer:
        return text in {"", "yes", "no"}
    if text in {"", "none"}:
        return True
    return text.isascii() and text.isdigit() and len(text) < 10 and session.get(Dealer, int(text)) is not None


def address(view: SavedView) -> str:
    """Where the list shows the view; the number tells which one is being changed later."""
    return url_for("tickets.index", **from_query(view.query).arguments(saved=view.id))


def context(own: Own) -> dict[str, Any]:
    """All that tickets/_views.html wants."""
    opened, query = own.opened, canonical(own.wanted)
    return {
        "own": {
            "chips": [_chip(one, own) for one in own.views],
            "open": _open(opened, own) if opened else None,
            "offers": bool(query) and not own.is_shown,
            "full": len(own.views) >= MOST,
            "most": MOST,
            "longest": LONGEST_NAME,
            "save_url": url_for("tickets.save_view"),
            "query": query,
            "saved": own.wanted.saved or "",
            "gone": ", ".join(_label(name) for name in own.gone),
            "typed": own.typed,
        }
    }


def _chip(view: SavedView, own: Own) -> dict[str, Any]:
    return {
        "name": view.name,
        "url": address(view),
        "is_default": view.is_default,
        "is_open": view is own.opened,
        "is_changed": view is own.opened and not own.is_shown,
    }


def _open(view: SavedView, own: Own) -> dict[str, Any]:
    return {
        "name": view.name,
        "url": address(view),
        "is_default": view.is_default,
        "is_changed": not own.is_shown,
        "version": view.version,
        "change_url": url_for("tickets.change_view", view_id=view.id),
        "remove_url": url_for("tickets.remove_view", view_id=view.id),
    }


def _label(name: str) -> str:
    labels = {
        "view": _("quick view"),
        "state": _("Ticket status"),
        "acquired": _("Ticket acquired by the dealer"),
        "caretaker": _("Caretaker"),
    }
    return labels.get(name) or str(FIELDS.get(name, name))
