"""What the pages of accounts show, made from records: plain values for the templates."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import access, lists, refused_forms
from mikroserwis.access import Actor
from mikroserwis.accounts import forms, links, operations, pictures, queries, second_factor
from mikroserwis.accounts.devices import device_words
from mikroserwis.accounts.people import texts
from mikroserwis.accounts.queries import Account, Page, Wanted
from mikroserwis.accounts.wording import FIELDS, ROLES, STATES, act_words, value_words
from mikroserwis.consenting import Person
from mikroserwis.consents.presenting import personal_url
from mikroserwis.consents.subjects import is_anonymous
from mikroserwis.errors import Answer
from mikroserwis.i18n import LANGUAGES, lazy
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Customer, Dealer, Event, SignIn

RESULTS = {
    "ok": lazy("signed in"),
    "wrong": lazy("wrong name or password"),
    "half": lazy("right password, no code"),
    "code": lazy("wrong code"),
}


def list_page(page: Page, wanted: Wanted, actor: Actor) -> dict[str, Any]:
    """All that accounts/list.html wants."""

    def address(**changed: Any) -> str:
        return url_for("people.index", **wanted.arguments(**changed))

    numbered = lists.numbered(
        page.page, page.pages, rows=len(page.items), total=page.total, size=wanted.size, address=address
    )
    return {
        "rows": [row(one) for one in page.items],
        "heads": {
            key: lists.head(key, label, wanted.sort, address)
            for key, label in (("name", FIELDS["name"]), ("role", FIELDS["role"]), ("seen", _("Last signed in")))
        },
        "page": {**numbered, "sizes": lists.sizes(queries.SIZES, wanted.size, address)},
        "wanted": wanted,
        "roles": [("", _("all")), *ROLES.items()],
        "states": [("", _("all but removed ones")), *STATES.items()],
        "filtered": bool(wanted.q or wanted.role or wanted.state),
        "new_url": url_for("people.new") if _is_master(actor) else None,
    }


def row(one: Account) -> dict[str, Any]:
    """A person in a list."""
    user = one.user
    return {
        "name": user.name,
        "email": "" if user.removed_at else user.email,
        "role": str(ROLES[user.role]),
        "company": one.company or "",
        "state": user.state,
        "signed_in_at": one.signed_in_at,
        "url": url_for("people.show", user_id=user.id),
    }


def person_page(session: Session, one: Account, actor: Actor, now: datetime) -> dict[str, Any]:
    """All that accounts/person.html wants."""
    user, may_change = one.user, queries.may_change(actor, one.user)
    link = links.newest(session, user)
    return {
        "person": {
            **row(one),
            "phone": user.phone,
            "user_name": user.user_name,
            "language": LANGUAGES.get(user.language, user.language),
        },
        "company_url": _company_url(user.dealer_id, one.customer_id),
        "list_url": url_for("people.index"),
        "is_own": user.id == actor.user_id,
        "urls": _acts(user.id, active=user.active) if may_change else None,
        "link": {"sent_at": link.created_at, "state": _link_state(link, now)} if link else None,
        "factor_since": second_factor.state(session, user).since,
        "picture_url": _picture_url(user.id, pictures.of(session, user.id)),
        "sessions": [_session(each) for each in operations.open_sessions(session, user.id, now)],
        "attempts": [attempt(each) for each in operations.attempts_of(session, user.id)],
        "changes": [_change(each) for each in queries.last_changes(session, user)],
        "personal_url": personal_url(actor, f"u{user.id}")
        if not is_anonymous(session, Person(user_id=user.id))
        else None,
        "problems": [],
    }


def form_page(one: Account) -> dict[str, Any]:
    """The form as it is kept."""
    user = one.user
    return {
        **_form(office=user.role in forms.OFFICE),
        "action": url_for("people.save", user_id=user.id),
        "back_url": url_for("people.show", user_id=user.id),
        "person": user.name,
        "company": one.company,
        "values": texts(user),
        "version": user.version,
    }


def new_page(of: Dealer | Customer | None, language: str) -> dict[str, Any]:
    """An empty form in which this language is chosen; the first account of a company has the company's address."""
    kind: dict[str, Any] = {"dealer": of.id} if isinstance(of, Dealer) else {"customer": of.id} if of else {}
    return {
        **_form(office=of is None),
        "action": url_for("people.create", **kind),
        "back_url": _company_url(kind.get("dealer"), kind.get("customer")) or url_for("people.index"),
        "person": None,
        "company": of.name if of else None,
        "values": {"email": of.email if of else "", "language": language},
        "version": None,
    }


def attempt(one: SignIn) -> dict[str, Any]:
    """A line of the login history."""
    return {
        "at": one.at,
        "device": device_words(one.device),
        "address": one.address,
        "result": str(RESULTS.get(one.result, one.result)),
        "ok": one.result == "ok",
    }


def picture_url(actor: Actor) -> str | None:
    """One's own; another picture has another address, as browsers keep them."""
    return _picture_url(actor.user_id or 0, actor.picture)


def again(answer: Answer, error: Exception, newest: Sequence[Event], version: int, sent: int) -> dict[str, Any]:
    """What a form shows that was refused; `newest` begins with what was done last."""
    overtaken = refused_forms.conflict(error, newest, FIELDS, value_words)
    return refused_forms.again(answer, error, overtaken, version, sent)


def _form(*, office: bool) -> dict[str, Any]:
    return {
        "list_url": url_for("people.index"),
        "labels": FIELDS,
        "roles": [(name, str(ROLES[name])) for name in forms.OFFICE] if office else None,
        "spoken": list(LANGUAGES.items()),
        "errors": {},
        "problems": [],
        "conflict": None,
    }


def _acts(user_id: int, *, active: bool) -> dict[str, str]:
    acts = {
        name: url_for(f"people.{name}", user_id=user_id)
        for name in ("edit", "link", "remove", "end_sessions", "reset_factor")
    }
    noun = "deactivation" if active else "activation"
    return {**acts, "switch": url_for("people.switch", user_id=user_id, noun=noun)}


def _picture_url(user_id: int, sha256: str | None) -> str | None:
    return url_for("people.picture", owner_id=user_id, v=sha256[:12]) if sha256 else None


def _company_url(dealer_id: int | None, customer_id: int | None) -> str | None:
    """Where its people are listed; None for those of the office."""
    if dealer_id is not None:
        return url_for("dealers.show", dealer_id=dealer_id, _anchor="people")
    return url_for("customers.show", customer_id=customer_id, tab="account") if customer_id is not None else None


def _link_state(link: Any, now: datetime) -> str:
    if link.used_at:
        return _("used")
    if link.ended_at:
        return _("cancelled or replaced")
    return _("expired") if link.expires_at <= now else _("waits to be used")


def _session(one: Any) -> dict[str, Any]:
    return {"device": device_words(one.device), "address": one.address, "since": one.created_at}


def _change(event: Event) -> dict[str, Any]:
    said = json.loads(event.data)
    return {
        "at": event.at,
        "who": event.actor,
        "what": act_words(event.verb, said),
        "changes": [
            {"label": FIELDS[name], "old": value_words(name, old), "new": value_words(name, new)}
            for name, (old, new) in json.loads(event.changes).items()
            if name in FIELDS
        ],
    }


def _is_master(actor: Actor) -> bool:
    return access.may("accounts.office", access.role_relations(actor))
