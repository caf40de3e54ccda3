"""What the page of one dealer, its form and a dealer's own page show."""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.dealers import areas, queries
from mikroserwis.dealers.operations import texts
from mikroserwis.dealers.presenting.absence_box import absence_box
from mikroserwis.dealers.presenting.common import changes
from mikroserwis.dealers.presenting.list_page import load_kind
from mikroserwis.dealers.wording import FIELDS
from mikroserwis.models import Dealer, User
from mikroserwis.pricing import today
from mikroserwis.rulebook import RULES, type_label

STATES = ("new", "taken", "contract", "suspended")


def dealer_page(session: Session, dealer: Dealer, actor: Actor, now: datetime) -> dict[str, Any]:
    """All of it, for staff."""
    return {
        **_shown(session, dealer, actor, now),
        "list_url": url_for("dealers.index"),
        "edit_url": url_for("dealers.edit", dealer_id=dealer.id),
        "switch_url": url_for(
            "dealers.switch", dealer_id=dealer.id, noun="deactivation" if dealer.active else "activation"
        ),
        "delete_url": url_for("dealers.remove", dealer_id=dealer.id) if _may_delete(actor) else None,
        "changes": changes(queries.last_changes(session, dealer)),
        "problems": [],
    }


def own_page(session: Session, dealer: Dealer, actor: Actor, now: datetime) -> dict[str, Any]:
    """What staff know of the actor's own company, and the little that it chooses itself."""
    return {
        **_shown(session, dealer, actor, now),
        "hotline": RULES.contacts.hotline,
        "digest_url": url_for("my_company.choose_digest"),
        "problems": [],
    }


def form_page(dealer: Dealer) -> dict[str, Any]:
    """The form as it is kept."""
    return {
        **_form(url_for("dealers.save", dealer_id=dealer.id), url_for("dealers.show", dealer_id=dealer.id)),
        "dealer": dealer,
        "values": texts(dealer),
        "chosen": queries.types_of(dealer),
        "version": dealer.version,
    }


def new_page() -> dict[str, Any]:
    """An empty form; most dealers do both types, and eight tickets at once."""
    return {
        **_form(url_for("dealers.create"), url_for("dealers.index")),
        "dealer": None,
        "values": {"capacity": "8"},
        "chosen": [],
        "version": None,
    }


def _shown(session: Session, dealer: Dealer, actor: Actor, now: datetime) -> dict[str, Any]:
    load = queries.load_of(session, dealer, now)
    whose = {"caretaker": dealer.id} if actor.is_staff else {"caretaker": "yes"}
    return {
        "dealer": dealer,
        "labels": FIELDS,
        "areas": areas.as_text(one.prefix for one in dealer.areas),
        "types": [type_label(one) for one in queries.types_of(dealer)],
        "open": load.open,
        "load": load_kind(load.open, dealer.capacity),
        "used": 100 * load.open // dealer.capacity if dealer.capacity else 100,
        "states": [(one, load.by_state.get(one, 0), url_for("tickets.index", state=one, **whose)) for one in STATES],
        "subtickets": load.subtickets,
        "lost": load.lost,
        "lost_days": queries.LOST_DAYS,
        "tickets_url": url_for("tickets.index", state="open", **whose),
        "all_tickets_url": url_for("tickets.index", **whose),
        "people": [_person(*one, actor) for one in queries.people(session, dealer)],
        "new_person_url": url_for("people.new", dealer=dealer.id) if actor.is_staff else None,
        "absences": absence_box(queries.absences(session, dealer, today(now)), dealer, actor, today(now)),
    }


def _person(user: User, signed_in_at: datetime | None, actor: Actor) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
        "state": user.state,
        "signed_in_at": signed_in_at,
        "url": url_for("people.show", user_id=user.id) if actor.is_staff else None,
    }


def _may_delete(actor: Actor) -> bool:
    return access.may("dealers.delete", access.role_relations(actor))


def _form(action: str, back_url: str) -> dict[str, Any]:
    return {
        "action": action,
        "back_url": back_url,
        "list_url": url_for("dealers.index"),
        "labels": FIELDS,
        "types": [(name, type_label(name)) for name in RULES.type_names],
        "errors": {},
        "problems": [],
        "conflict": None,
    }
