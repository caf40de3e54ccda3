"""Decisions of persons about what they are told, and the wordings they agree to."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mikroserwis import consenting, history
from mikroserwis.access import Actor
from mikroserwis.consenting import KINDS, Kind, Person
from mikroserwis.consents import queries
from mikroserwis.consents.wording import SHIPPED
from mikroserwis.errors import Conflict, FieldError, Invalid, NotFound
from mikroserwis.i18n import LANGUAGES, speaking
from mikroserwis.models import Consent, ConsentText, Customer, CustomerContact, CustomerUser, User
from mikroserwis.plaintext import plain, tidy

NOTE = 300
LONGEST = 4000


def decide(
    session: Session,
    person: Person,
    kind: Kind,
    *,
    given: bool,
    source: str,
    actor: Actor,
    now: datetime,
    note: str = "",
    seen: tuple[str, int] | None = None,
) -> bool:
    """Give or withdraw. False where it stands so already, under the wording in force. Raises NotFound, Invalid.

    Who records it for somebody else says how it came. `seen` is the language and number of the wording that was read:
    Conflict if it isn't in force any more.
    """
    subject = _found(session, person, held=True)
    if source in {"office", "import"} and not tidy(note):
        raise Invalid([FieldError("note", "note_is_given")])
    text = _agreed_to(session, subject, kind, seen, now) if given else None
    last = queries.last(session, person).get(kind)
    if last is not None and last.given == given and last.text_id == (text.id if text else None):
        return False
    session.add(
        Consent(
            user_id=person.user_id,
            contact_id=person.contact_id,
            kind=kind,
            given=given,
            text_id=text.id if text else None,
            at=now,
            source=source,
            note=tidy(note)[:NOTE],
            actor_id=actor.user_id,
            actor=actor.label,
            address=actor.address,
        )
    )
    _record(session, subject, kind, given=given, actor=actor, now=now, note=tidy(note)[:NOTE])
    session.flush()
    return True


def _agreed_to(
    session: Session, subject: User | CustomerContact, kind: Kind, seen: tuple[str, int] | None, now: datetime
) -> ConsentText:
    own = subject.language if isinstance(subject, User) else "pl"
    text = text_in_force(session, kind, seen[0] if seen and seen[0] in LANGUAGES else own, now)
    if seen and (text.language, text.number) != seen:
        raise Conflict("changed_meanwhile")
    return text


def publish(session: Session, kind: str, language: str, body: str, *, was: int, actor: Actor, now: datetime) -> int:
    """A new wording in force from now on; its number. What was agreed to before points at its own.

    Raises Invalid; Conflict if `was` isn't the number in force any more.
    """
    text = plain(body)
    errors = [FieldError("kind", "unknown_value")] if kind not in KINDS else []
    errors += [FieldError("language", "unknown_value")] if language not in LANGUAGES else []
    if not text:
        errors.append(FieldError("body", "required"))
    elif len(text) > LONGEST:
        errors.append(FieldError("body", "too_long", {"limit": LONGEST, "length": len(text)}))
    if errors:
        raise Invalid(errors)
    kept = queries.text_in_force(session, kind, language)
    number, before = (kept.number, kept.body) if kept else (1, shipped(kind, language))
    if number != was:
        raise Conflict("changed_meanwhile")
    if before == text:
        return number
    text_in_force(session, next(one for one in KINDS if one == kind), language, now)
    try:
        with session.begin_nested():
            session.add(_text(kind, language, number + 1, text, actor=actor, now=now))
    except IntegrityError as error:
        raise Conflict("changed_meanwhile") from error
    changes = {"body": (before, text)}
    history.record(
        session, "consent_text", actor=actor, now=now, changes=changes, kind=kind, language=language, number=was + 1
    )
    return was + 1


def text_in_force(session: Session, kind: Kind, language: str, now: datetime) -> ConsentText:
    """The newest wording; the shipped one becomes number 1 when it is first needed."""
    found = queries.text_in_force(session, kind, language)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(_text(kind, language, 1, shipped(kind, language), now=now))
    except IntegrityError:
        pass  # Somebody else needed it at the same moment.
    made = queries.text_in_force(session, kind, language)
    assert made is not None  # noqa: S101 - one of the two was written
    return made


def shipped(kind: str, language: str) -> str:
    with speaking(language):
        return str(SHIPPED[kind])


def withdraw_by_link(session: Session, text: str, key: str, *, address: str, now: datetime) -> Kind:
    """Whoever has the link acts as its person, for the mailbox: also for whoever else is reached there. Once more, or
    for somebody who is gone, nothing happens. Raises NotFound for what we haven't signed.
    """
    found = consenting.of_token(text, key)
    if found is None:
        raise NotFound(record="link")
    person, kind = found
    subject: User | CustomerContact | None = (
        session.get(CustomerContact, person.contact_id) if person.user_id is None else session.get(User, person.user_id)
    )
    # Of a contact that was deleted the mailbox is known still, and may be somebody's.
    if subject is None or (isinstance(subject, User) and subject.removed_at is not None):
        return kind
    itself = Actor(user_id=person.user_id, name=subject.name, role="customer", source="web", address=address)
    is_there = isinstance(subject, User) or subject.removed_at is None
    own = (person,) if is_there else ()
    reached = consenting.reached_by(session, "email", subject.email).persons if subject.email else own
    for one in reached:
        decide(session, one, kind, given=False, source="link", actor=itself, now=now)
    return kind


def _found(session: Session, person: Person, *, held: bool = False) -> User | CustomerContact:
    """Who is still there; `held`: two decisions of one person are made one after the other. Raises NotFound."""
    query: Select[Any]
    if person.user_id is not None:
        query = select(User).where(User.id == person.user_id, User.removed_at.is_(None))
    else:
        mine = (CustomerContact.id == person.contact_id, CustomerContact.removed_at.is_(None))
        query = select(CustomerContact).where(*mine)
    found: User | CustomerContact | None = session.scalars(query.with_for_update() if held else query).one_or_none()
    if found is None:
        raise NotFound(record="person", id=person.code)
    return found


def _text(
    kind: str, language: str, number: int, body: str, *, actor: Actor | None = None, now: datetime
) -> ConsentText:
    return ConsentText(
        kind=kind,
        language=language,
        number=number,
        body=body,
        published_at=now,
        published_by_id=actor.user_id if actor else None,
        published_by=actor.label if actor else "Mikroserwis",
    )


def _record(
    session: Session, of: User | CustomerContact, kind: str, *, given: bool, actor: Actor, now: datetime, note: str
) -> None:
    data: dict[str, Any] = {"kind": kind, "name": of.name} | ({"note": note} if note else {})
    if isinstance(of, User):
        mine = select(Customer).join(CustomerUser, CustomerUser.customer_id == Customer.id)
        customer = session.scalars(mine.where(CustomerUser.user_id == of.id)).one_or_none()
        about: dict[str, Any] = {"user": of, "customer": customer, **data}
    else:
        about = {"customer": session.get(Customer, of.customer_id), "contact": of.id, **data}
    verb = "consent_give" if given else "consent_withdraw"
    history.record(session, verb, actor=actor, now=now, **about)
