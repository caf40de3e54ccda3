"""What staff do to dealers, and the one choice that a dealer makes itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.dealers import areas, forms, queries
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, Refused
from mikroserwis.models import Dealer, DealerAbsence, DealerArea, DealerType
from mikroserwis.textkeys import sort_key


def add_dealer(session: Session, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> Dealer:
    """A new dealer, offered tickets at once. Raises Invalid."""
    clean = forms.dealer(values, new=True)
    _number_is_free(session, clean["crm_id"])
    dealer = Dealer(active=True, areas=[], types=[])
    _set(dealer, clean)
    session.add(dealer)
    session.flush()
    changes = {name: ("", value) for name, value in texts(dealer).items() if value}
    history.record(session, "dealer_add", actor=actor, now=now, dealer=dealer, changes=changes)
    return dealer


def change_dealer(
    session: Session, dealer: Dealer, values: Mapping[str, Any], *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}. Raises Invalid; Conflict if it was changed since `version` was read."""
    clean, kept = forms.dealer(values, new=False), texts(dealer)
    differing = {name: (kept[name], value) for name, value in clean.items() if kept[name] != value}
    if differing and version not in {None, dealer.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=dealer.version)
    if "crm_id" in differing:
        _number_is_free(session, clean["crm_id"])
    if differing:
        _set(dealer, clean)
        # Areas and types are rows of their own: changing only them is a new version too.
        flag_modified(dealer, "name")
        history.record(session, "dealer_change", actor=actor, now=now, dealer=dealer, changes=differing)
        session.flush()
    return differing


def switch_dealer(session: Session, dealer: Dealer, *, active: bool, actor: Actor, now: datetime) -> None:
    """Out of use it is offered nothing new; what it has stays with it. Done already: nothing happens."""
    if dealer.active == active:
        return
    dealer.active = active
    verb = "dealer_activate" if active else "dealer_deactivate"
    history.record(session, verb, actor=actor, now=now, dealer=dealer)
    session.flush()


def delete_dealer(session: Session, dealer: Dealer, *, actor: Actor, now: datetime) -> None:
    """Only one that nothing refers to. Raises Refused naming what does."""
    referring = queries.referring(session, dealer)
    if referring:
        raise Refused("delete", [Blocker("dealer_is_unused", {"tables": referring})])
    changes = {name: (value, "") for name, value in texts(dealer).items() if value}
    history.record(session, "dealer_delete", actor=actor, now=now, dealer=dealer, changes=changes)
    session.execute(delete(DealerAbsence).where(DealerAbsence.dealer_id == dealer.id))
    session.delete(dealer)
    session.flush()


def choose_digest(session: Session, dealer: Dealer, *, digest: bool, actor: Actor, now: datetime) -> None:
    """One mail a day about deadlines instead of single ones. Chosen already: nothing happens."""
    if dealer.digest == digest:
        return
    changes = {"digest": (_yes_no(dealer.digest), _yes_no(digest))}
    # Not through the version: it is no change that a form of the staff's could overwrite.
    session.execute(update(Dealer).where(Dealer.id == dealer.id).values(digest=digest))
    history.record(session, "dealer_digest", actor=actor, now=now, dealer=dealer, changes=changes)


def texts(dealer: Dealer) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    plain = {name: str(getattr(dealer, name)) for name in forms.LENGTHS if name not in {"areas", "types"}}
    types = " ".join(queries.types_of(dealer))
    return {**plain, "areas": areas.as_text(one.prefix for one in dealer.areas), "types": types}


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _set(dealer: Dealer, clean: Mapping[str, str]) -> None:
    for name, value in clean.items():
        if name == "areas":
            kept = {one.prefix: one for one in dealer.areas}
            dealer.areas = [kept.get(one) or DealerArea(prefix=one) for one in areas.split(value)]
        elif name == "types":
            held = {one.type: one for one in dealer.types}
            dealer.types = [held.get(one) or DealerType(type=one) for one in value.split()]
        else:
            setattr(dealer, name, int(value) if name in {"crm_id", "capacity"} else value)
    dealer.name_key = sort_key(dealer.name)


def _number_is_free(session: Session, crm_id: str) -> None:
    with session.no_autoflush:
        other = session.scalars(select(Dealer).where(Dealer.crm_id == int(crm_id))).first()
    if other is not None:
        raise Invalid([FieldError("crm_id", "crm_id_taken", {"crm_id": crm_id, "name": other.name})])
