"""What persons have decided, and the wordings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mikroserwis.consenting import KINDS, Person
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.models import Consent, ConsentText, Customer, CustomerContact, CustomerUser, User

# Of each person's decisions; earlier ones stay in the history.
MOST = 50


class Decision(NamedTuple):
    """A row with the wording that was agreed to."""

    consent: Consent
    text: ConsentText | None


@dataclass(frozen=True)
class Decided:
    """A person of the customer with its decisions, the newest first."""

    person: Person
    name: str
    reached_at: tuple[str, ...]
    has_account: bool
    decisions: Sequence[Decision]

    def last(self, kind: str) -> Decision | None:
        return next((one for one in self.decisions if one.consent.kind == kind), None)


def last(session: Session, person: Person) -> dict[str, Consent]:
    """By kind what counts."""
    newest = select(func.max(Consent.id)).where(_of(person)).group_by(Consent.kind)
    return {one.kind: one for one in session.scalars(select(Consent).where(Consent.id.in_(newest)))}


def of_person(session: Session, person: Person) -> list[Decision]:
    """The newest first."""
    query = select(Consent, ConsentText).outerjoin(ConsentText, ConsentText.id == Consent.text_id)
    rows = session.execute(query.where(_of(person)).order_by(Consent.id.desc()).limit(MOST))
    return [Decision(consent, text) for consent, text in rows]


def of_customer(session: Session, customer: Customer) -> list[Decided]:
    """Its people, by name, and then who signs in to its portal."""
    contacts = session.scalars(
        select(CustomerContact)
        .where(CustomerContact.customer_id == customer.id, CustomerContact.removed_at.is_(None))
        .order_by(CustomerContact.name, CustomerContact.id)
    ).all()
    users = session.scalars(
        select(User)
        .join(CustomerUser, CustomerUser.user_id == User.id)
        .where(CustomerUser.customer_id == customer.id, User.removed_at.is_(None))
        .order_by(User.name_key, User.id)
    ).all()
    return [
        *(_decided(session, Person(contact_id=one.id), one, has_account=False) for one in contacts),
        *(_decided(session, Person(user_id=one.id), one, has_account=True) for one in users),
    ]


def person_of(session: Session, customer: Customer, code: str) -> Person:
    """One of the customer's persons by its code, such as c7 or u12. Raises Invalid."""
    number = code[1:] if code[1:].isascii() and code[1:].isdigit() and len(code) < 11 else "0"
    if code.startswith("c"):
        contact = session.get(CustomerContact, int(number))
        if contact is not None and contact.customer_id == customer.id and contact.removed_at is None:
            return Person(contact_id=contact.id)
    if code.startswith("u"):
        user = session.get(CustomerUser, int(number))
        if user is not None and user.customer_id == customer.id:
            return Person(user_id=user.user_id)
    raise Invalid([FieldError("person", "no_such_person")])


def text_in_force(session: Session, kind: str, language: str) -> ConsentText | None:
    """None as long as the shipped one was never needed."""
    mine = select(ConsentText).where(ConsentText.kind == kind, ConsentText.language == language)
    return session.scalars(mine.order_by(ConsentText.number.desc()).limit(1)).one_or_none()


def texts(session: Session) -> list[tuple[ConsentText, int]]:
    """Every wording with how many decisions point at it, the newest of each kind and language first."""
    used = select(Consent.text_id, func.count().label("n")).group_by(Consent.text_id).subquery()
    query = select(ConsentText, func.coalesce(used.c.n, 0)).outerjoin(used, used.c.text_id == ConsentText.id)
    rows = [(text, count) for text, count in session.execute(query.order_by(ConsentText.language))]
    return sorted(rows, key=lambda row: (tuple(KINDS).index(row[0].kind), row[0].language, -row[0].number))


def _decided(session: Session, person: Person, of: User | CustomerContact, *, has_account: bool) -> Decided:
    reached_at = tuple(one for one in (of.email, of.phone) if one)
    return Decided(person, of.name, reached_at, has_account, of_person(session, person))


def _of(person: Person) -> ColumnElement[bool]:
    return Consent.user_id == person.user_id if person.user_id is not None else Consent.contact_id == person.contact_id
