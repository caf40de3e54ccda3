"""What pages and the API show and do about one person's data, and what is kept how long."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import access, history
from mikroserwis.access import Actor
from mikroserwis.consents import exporting, retention, subjects
from mikroserwis.consents.anonymising import anonymise, blockers
from mikroserwis.consents.personal_words import KEPT_FOR_GOOD, RULES_SAID, SECTIONS, blocker_sentence
from mikroserwis.consents.subjects import Subject
from mikroserwis.consents.wording import FIELDS
from mikroserwis.i18n import ngettext
from mikroserwis.models import Anonymised, Customer, CustomerContact, User
from mikroserwis.rulebook import RULES

__all__ = ["anonymise", "anonymous", "index_page", "person_page", "record_export", "removed", "why_not"]

MOST = 200


def record_export(session: Session, code: str, *, actor: Actor, now: datetime) -> None:
    """Who got the file. Raises NotFound."""
    of = subjects.load(session, code)
    user = of.row if isinstance(of.row, User) else None
    named: dict[str, Any] = {"name": of.row.name} | ({} if user else {"contact": of.row.id})
    history.record(session, "person_export", actor=actor, now=now, user=user, customer=of.customer, **named)
    session.flush()


def anonymous(session: Session) -> Sequence[Anonymised]:
    """The newest first."""
    return session.scalars(select(Anonymised).order_by(Anonymised.id.desc()).limit(MOST)).all()


def removed(session: Session) -> Sequence[tuple[CustomerContact, str]]:
    """Contacts that were deleted and aren't anonymous yet, with the customer's name; the newest first."""
    query = (
        select(CustomerContact, Customer.name)
        .join(Customer, Customer.id == CustomerContact.customer_id)
        .where(CustomerContact.removed_at.is_not(None), CustomerContact.name.not_in(retention.labels()))
        .order_by(CustomerContact.removed_at.desc(), CustomerContact.id.desc())
        .limit(MOST)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def why_not(session: Session, subject: Subject, actor: Actor) -> list[str]:
    """What stands in the way of anonymity, in words."""
    return [blocker_sentence(one.code, one.params) for one in blockers(session, subject, actor)]


def index_page(session: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """What consents/personal.html wants."""
    manages = access.may("personal.manage", access.role_relations(actor))
    return {
        "rules": [
            {
                "what": RULES_SAID[one.kind][0],
                "why": RULES_SAID[one.kind][1],
                "days": ngettext("after %(n)s day", "after %(n)s days", one.days) if one.days else "",
                "found": one.found,
            }
            for one in retention.due(session, RULES, now)
        ],
        "for_good": KEPT_FOR_GOOD,
        "anonymous": anonymous(session) if manages else None,
        "removed": [
            {"name": one.name, "of": of, "at": one.removed_at, "url": url_for("personal.person", code=f"c{one.id}")}
            for one, of in (removed(session) if manages else ())
        ],
        "texts_url": url_for("consents.texts"),
        "runs_url": url_for("ledger.index"),
    }


def person_page(session: Session, code: str, actor: Actor) -> dict[str, Any]:
    """What consents/person.html wants. Raises NotFound."""
    subject = subjects.load(session, code)
    return {
        "subject": subject,
        "label": subject.label,
        "counts": [
            (SECTIONS[one.key], count)
            for one in exporting.sections(session, subject)
            if (count := sum(1 for _row in one.rows))
        ],
        "in_the_way": why_not(session, subject, actor),
        "export_url": url_for("personal.export", code=code),
        "anonymise_url": url_for("personal.anonymise", code=code),
        "index_url": url_for("personal.index"),
        "record_url": _record_url(subject),
        "labels": FIELDS,
        "errors": {},
        "problems": [],
        "typed": "",
    }


def _record_url(subject: Subject) -> str:
    if isinstance(subject.row, User):
        return url_for("people.show", user_id=subject.row.id)
    return url_for("customers.show", customer_id=subject.row.customer_id)
