"""Whose personal data are looked at: the person's row, and every name and address it ever had here."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import phonenumbers
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from mikroserwis.consenting import Person
from mikroserwis.consents import sharing
from mikroserwis.db import WRITE
from mikroserwis.errors import NotFound
from mikroserwis.models import Anonymised, Customer, CustomerContact, CustomerUser, Event, Message, User
from mikroserwis.plaintext import tidy

FIELDS = ("name", "email", "phone", "user_name")
_CODE = re.compile(r"([uc])([1-9]\d{0,9})", re.ASCII)
_FORMATS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
)
# What a removed account has instead of an address.
_NOWHERE = "@account.invalid"


@dataclass(frozen=True)
class Subject:
    """A person with all that it was called here; `label` is what stands for it once it is anonymous.

    `is_unique`: nobody else here has its name, so that wherever the name stands this person is meant. `emails` and
    `phones` are likewise those that nobody else here has; `shared` are the others, such as a company's mailbox.
    `after`: only later rows of the history are its own; a removed contact may have had its number before.
    """

    person: Person
    row: User | CustomerContact
    customer: Customer | None
    names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    user_names: tuple[str, ...]
    is_unique: bool
    shared: tuple[str, ...]
    after: int

    @property
    def label(self) -> str:
        return f"Anonim {self.person.code.upper()}"

    @property
    def told_apart(self) -> tuple[str, ...]:
        """What names this person alone, longest first: an address before the name that it may begin with."""
        names = [one for one in self.names if self.is_unique and " " in one]
        return tuple(sorted({*self.emails, *self.phones, *names}, key=lambda one: (-len(one), one)))

    def reached(self) -> ColumnElement[bool]:
        """Messages to it: those to a mailbox that others have too only if they are known to be for this account."""
        to = (
            func.lower(Message.recipient).in_([one.lower() for one in self.emails]),
            Message.recipient.in_(self.phones),
        )
        return or_(*to, *([] if self.person.user_id is None else [Message.user_id == self.person.user_id]))

    def is_confirmed_by(self, typed: str) -> bool:
        """Whether somebody has typed the present name or address."""
        wanted = {self.row.name.casefold(), self.row.email.casefold()} - {""}
        return tidy(typed).casefold() in wanted


def load(session: Session, code: str) -> Subject:
    """By its code, such as u12 or c7; locked in a writing transaction. Raises NotFound, also of who is anonymous."""
    found = _CODE.fullmatch(code)
    id_ = int(found[2]) if found else 0
    if found is None or id_ >= 2**31:
        raise NotFound(record="person", id=code)
    held = bool(session.info.get(WRITE)) or None
    is_user = found[1] == "u"
    row: User | CustomerContact | None
    row = (
        session.get(User, id_, with_for_update=held)
        if is_user
        else session.get(CustomerContact, id_, with_for_update=held)
    )
    person = Person(user_id=id_) if is_user else Person(contact_id=id_)
    if row is None or is_anonymous(session, person):
        raise NotFound(record="person", id=code)
    return _subject(session, person, row)


def is_anonymous(session: Session, person: Person) -> bool:
    """A contact's number may be given again once it was removed: then its name isn't the label any more."""
    if person.user_id is not None:
        return session.scalar(select(Anonymised.id).where(Anonymised.user_id == person.user_id)) is not None
    labels = select(Anonymised.id).join(CustomerContact, CustomerContact.id == Anonymised.contact_id)
    mine = (Anonymised.contact_id == person.contact_id, CustomerContact.name == Anonymised.label)
    return session.scalar(labels.where(*mine).limit(1)) is not None


def about(person: Person, after: int) -> ColumnElement[bool]:
    """Rows of the history that are about this person's own record; a contact's are looked through by its id then."""
    if person.user_id is not None:
        return Event.user_id == person.user_id
    mine = select(CustomerContact.customer_id).where(CustomerContact.id == person.contact_id).scalar_subquery()
    return and_(
        *(Event.customer_id == mine, Event.id > after),
        or_(
            Event.verb.startswith("customer_contact_"),
            Event.verb.in_(("consent_give", "consent_withdraw", "person_export")),
        ),
    )


def is_about(event: Event, person: Person, after: int) -> bool:
    """Of a row that `about` found."""
    if person.user_id is not None:
        return True
    return event.id > after and read(event.data).get("contact") == person.contact_id


def read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def written(values: Iterable[str]) -> set[str]:
    """As they stand in a text, and in JSON of either kind; SQLite tells great letters from small outside ASCII."""
    cases = {way for one in values for way in (one, one.upper(), one.lower(), one.title())}
    return {way for one in cases for way in (one, json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1])}


def _subject(session: Session, person: Person, row: User | CustomerContact) -> Subject:
    values: dict[str, set[str]] = {name: set() for name in FIELDS}
    after = _last_of_a_former(session, row) if isinstance(row, CustomerContact) else 0
    for name, value in _every(session, person, row, after):
        if name in values and value and not value.endswith(_NOWHERE):
            values[name].add(value)
    mine = select(Customer).join(CustomerUser, CustomerUser.customer_id == Customer.id)
    customer = (
        session.scalars(mine.where(CustomerUser.user_id == row.id)).one_or_none()
        if isinstance(row, User)
        else session.get(Customer, row.customer_id)
    )
    emails = {one for one in values["email"] if not sharing.is_shared(session, person, "email", {one})}
    phones = {one: _forms(one) for one in values["phone"]}
    own = [forms for forms in phones.values() if not sharing.is_shared(session, person, "phone", forms)]
    everywhere = values["email"].union(*phones.values())
    return Subject(
        person,
        row,
        customer,
        names=tuple(sorted(values["name"])),
        emails=tuple(sorted(emails)),
        phones=tuple(sorted(set().union(*own))),
        user_names=tuple(sorted(values["user_name"])),
        is_unique=not _has_namesake(session, person, values["name"]),
        shared=tuple(sorted(everywhere.difference(emails, *own))),
        after=after,
    )


def _last_of_a_former(session: Session, contact: CustomerContact) -> int:
    """The row by which a contact was deleted whose number this one was given; 0: none was."""
    deleted = (Event.customer_id == contact.customer_id, Event.verb == "customer_contact_delete")
    events = session.scalars(select(Event).where(*deleted).order_by(Event.id.desc()))
    ids = (event.id for event in events if read(event.data).get("contact") == contact.id)
    if contact.removed_at is not None:
        next(ids, None)  # its own
    return next(ids, 0)


def _every(session: Session, person: Person, row: User | CustomerContact, after: int) -> Iterator[tuple[str, str]]:
    """Fields of its record, as they are and as they were."""
    yield from ((name, getattr(row, name, "") or "") for name in FIELDS)
    for event in session.scalars(select(Event).where(about(person, after))):
        if is_about(event, person, after):
            for name, pair in read(event.changes).items():
                if isinstance(pair, list):
                    yield from ((name, one) for one in pair if isinstance(one, str))


def _forms(phone: str) -> set[str]:
    """As people and systems write it."""
    try:
        number = phonenumbers.parse(phone, "PL")
    except phonenumbers.NumberParseException:
        return {phone}
    written = {phonenumbers.format_number(number, form) for form in _FORMATS}
    bare = {phonenumbers.format_number(number, form).replace(" ", "") for form in _FORMATS}
    dashed = {re.sub(r"(?<=\d) (?=\d)", "-", one) for one in written}
    return {phone, *written, *bare, *dashed, *(f"00{one[1:]}" for one in (*written, *bare) if one.startswith("+"))}


def _has_namesake(session: Session, person: Person, names: set[str]) -> bool:
    users = select(User.id).where(User.name.in_(names), User.id != (person.user_id or 0))
    contacts = select(CustomerContact.id).where(
        CustomerContact.name.in_(names), CustomerContact.id != (person.contact_id or 0)
    )
    return any(session.scalar(query.limit(1)) is not None for query in (users, contacts))
