"""What the pages of consents show: plain values for the templates."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.consenting import KINDS, Person
from mikroserwis.consents import operations, queries
from mikroserwis.consents.queries import Decided, Decision
from mikroserwis.consents.wording import FIELDS, SOURCES, state_words
from mikroserwis.consents.wording import KINDS as LABELS
from mikroserwis.i18n import LANGUAGES, language
from mikroserwis.models import Customer, User


def customer_tab(session: Session, customer: Customer, actor: Actor) -> dict[str, Any]:
    """What customers/_consents.html wants: state and history of each person."""
    sees = access.may("consent_texts.see", access.role_relations(actor))
    return {
        "persons": [
            {**_person(one), "personal_url": personal_url(actor, one.person.code)}
            for one in queries.of_customer(session, customer)
        ],
        "decide_url": url_for("customers.record_consent", customer_id=customer.id),
        "consent_labels": FIELDS,
        "texts_url": url_for("consents.texts") if sees else None,
    }


def personal_url(actor: Actor, code: str) -> str | None:
    """Where this person's data are exported or made anonymous, for who may."""
    manages = access.may("personal.manage", access.role_relations(actor))
    return url_for("personal.person", code=code) if manages else None


def own_card(session: Session, user: User) -> dict[str, Any]:
    """What consents/_own.html wants: each consent with the wording in force."""
    decisions = queries.of_person(session, Person(user_id=user.id))
    return {
        "own_consents": [_own(session, kind, decisions) for kind in KINDS],
        "own_decisions": [_decision(one) for one in decisions],
        "own_consents_url": url_for("consents.decide_own"),
        "own_data_url": url_for("personal.export_own"),
    }


def _own(session: Session, kind: str, decisions: Sequence[Decision]) -> dict[str, Any]:
    number, body = in_force(session, kind, language())
    return {**_state(kind, decisions), "text": body, "number": number, "language": language()}


def in_force(session: Session, kind: str, code: str) -> tuple[int, str]:
    """Number and wording."""
    found = queries.text_in_force(session, kind, code)
    return (found.number, found.body) if found else (1, operations.shipped(kind, code))


def texts_page(session: Session, actor: Actor) -> dict[str, Any]:
    """Every wording that is or was in force."""
    kept = queries.texts(session)
    publishes = access.may("consent_texts.publish", access.role_relations(actor))
    return {
        "kinds": [
            {
                "kind": kind,
                "label": LABELS[kind],
                "languages": [_in_language(session, kind, code, kept) for code in LANGUAGES],
            }
            for kind in KINDS
        ],
        "publish_url": url_for("consents.publish") if publishes else None,
        "labels": FIELDS,
        "errors": {},
        "problems": [],
        "typed": {},
    }


def _in_language(session: Session, kind: str, code: str, kept: Sequence[Any]) -> dict[str, Any]:
    number, body = in_force(session, kind, code)
    of_it = [(text, count) for text, count in kept if (text.kind, text.language) == (kind, code)]
    return {
        "code": code,
        "label": LANGUAGES[code],
        "number": number,
        "body": body,
        "versions": [
            {"number": text.number, "body": text.body, "at": text.published_at, "by": text.published_by, "count": count}
            for text, count in of_it
        ],
    }


def _person(one: Decided) -> dict[str, Any]:
    return {
        "code": one.person.code,
        "name": one.name,
        "reached_at": one.reached_at,
        "has_account": one.has_account,
        "states": [_state(kind, one.decisions) for kind in KINDS],
        "decisions": [_decision(decision) for decision in one.decisions],
    }


def _state(kind: str, decisions: Sequence[Decision]) -> dict[str, Any]:
    last = next((one.consent for one in decisions if one.consent.kind == kind), None)
    given = last.given if last else None
    return {
        "kind": kind,
        "label": LABELS[kind],
        "given": given,
        "said": state_words(given),
        "at": last.at if last else None,
    }


def _decision(one: Decision) -> dict[str, Any]:
    consent, text = one
    return {
        "label": LABELS[consent.kind],
        "given": consent.given,
        "said": state_words(consent.given),
        "at": consent.at,
        "source": str(SOURCES.get(consent.source, consent.source)),
        "by": consent.actor,
        "address": consent.address,
        "note": consent.note,
        "number": text.number if text else None,
        "body": text.body if text else "",
        "language": text.language if text else "",
    }
