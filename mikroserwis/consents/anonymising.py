"""A person made anonymous: the name, addresses and traces go, what was done stays. It can't be undone."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.consenting import WITHHELD
from mikroserwis.consents import masking, places
from mikroserwis.consents.subjects import Subject
from mikroserwis.errors import Blocker, FieldError, Invalid, Refused
from mikroserwis.models import (
    AccountLink,
    Anonymised,
    ApiToken,
    Consent,
    Customer,
    CustomerContact,
    CustomerUser,
    HalfSignIn,
    Message,
    Notification,
    OutboxItem,
    RecoveryCode,
    SavedView,
    SecondFactor,
    SignIn,
    Ticket,
    User,
    UserPicture,
    UserSession,
)
from mikroserwis.seals import masks

# Rows that are the person's own and serve nobody else; sign-ins are counted and so only emptied.
_OWN = (HalfSignIn, UserSession, AccountLink, ApiToken, SecondFactor, RecoveryCode)
_OPEN = ("closed", "cancelled")


def blockers(session: Session, subject: Subject, actor: Actor) -> list[Blocker]:
    """What has to be seen to first."""
    row, found = subject.row, list[Blocker]()
    if isinstance(row, User):
        if row.id == actor.user_id:
            return [Blocker("person_is_somebody_else")]
        if row.active:
            found.append(Blocker("account_is_out_of_use"))
        owned = session.scalar(select(func.count()).where(Customer.owner_id == row.id))
        if owned:
            found.append(Blocker("customers_have_another_seller", {"n": owned}))
    open_ = _depending(session, subject)
    if open_:
        found.append(Blocker("no_open_ticket_depends_on_it", {"n": open_}))
    return found


def anonymise(
    session: Session, subject: Subject, confirmation: str | None, *, actor: Actor, now: datetime
) -> Anonymised:
    """Everywhere the label instead of the name; `confirmation` is what was typed, None where a rule decides.

    Raises Invalid if that isn't the person, Refused with what depends on it.
    """
    if confirmation is not None and not subject.is_confirmed_by(confirmation):
        raise Invalid([FieldError("confirmation", "not_the_person")])
    if in_the_way := blockers(session, subject, actor):
        raise Refused("anonymise", in_the_way)
    _one_at_a_time(session)
    _messages(session, subject, now)
    places.relabel(session, subject)
    places.rewrite(session, subject)
    made = Anonymised(
        user_id=subject.person.user_id,
        contact_id=subject.person.contact_id,
        customer_id=subject.customer.id if subject.customer else None,
        label=subject.label,
        at=now,
        by_id=actor.user_id,
        by=actor.label,
        picture=_end(session, subject, now),
    )
    session.add(made)
    session.flush()
    row, acts = subject.row, masking.mask(session, subject, made.id)
    history.record(
        session,
        masks.DECLARED_BY,
        actor=actor,
        now=now,
        user=row if isinstance(row, User) else None,
        customer=subject.customer,
        name=subject.label,
        by_rule=confirmation is None,
        masks={str(act): masks.digest(session, act) for act in sorted(acts)},
    )
    session.flush()
    return made


def _one_at_a_time(session: Session) -> None:
    """Two persons may stand in the same row or text, and what the later act declares has to hold the former's masks."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("anonymise"))))


def _depending(session: Session, subject: Subject) -> int:
    """Open tickets of a company in which nobody else could be asked."""
    row = subject.row
    if isinstance(row, User) and row.dealer_id is not None:
        others = select(User.id).where(User.dealer_id == row.dealer_id, User.active, User.id != row.id)
        whose = Ticket.dealer_id == row.dealer_id
    elif subject.customer is not None and (isinstance(row, User) or row.removed_at is None):
        of = subject.customer.id
        contacts = select(CustomerContact.id).where(
            CustomerContact.customer_id == of,
            CustomerContact.id != (subject.person.contact_id or 0),
            CustomerContact.removed_at.is_(None),
        )
        users = select(CustomerUser.user_id).join(User, User.id == CustomerUser.user_id)
        others = contacts.union(
            users.where(CustomerUser.customer_id == of, User.active, User.id != (subject.person.user_id or 0))
        )  # type: ignore[assignment]
        whose = Ticket.customer_id == of
    else:
        return 0
    if session.execute(others.limit(1)).first() is not None:
        return 0
    return session.scalar(select(func.count()).where(whose, Ticket.state.not_in(_OPEN))) or 0


def _messages(session: Session, subject: Subject, now: datetime) -> None:
    """What was sent to it keeps when and about what; what waits isn't sent any more."""
    mine = subject.reached()
    items = select(Message.item_id).where(mine)
    waiting = (OutboxItem.id.in_(items), OutboxItem.state.in_(("queued", "stuck", "rejected")))
    session.execute(update(OutboxItem).where(*waiting).values(state=WITHHELD, done_at=now, last_error=None))
    session.execute(update(Message).where(mine).values(recipient=subject.label, subject="", body=""))


def _end(session: Session, subject: Subject, now: datetime) -> str | None:
    """The record itself; the name of the picture's bytes."""
    row, picture = subject.row, None
    if isinstance(row, User):
        picture = session.scalar(select(UserPicture.sha256).where(UserPicture.user_id == row.id))
        for kind in (*_OWN, SavedView, Notification, UserPicture, CustomerUser):
            session.execute(delete(kind).where(kind.user_id == row.id))
        traces = {"name_key": "", "address": "", "network": "", "device": ""}
        session.execute(update(SignIn).where(SignIn.user_id == row.id).values(traces))
        row.name, row.email = subject.label, f"anonim-{row.id}@account.invalid"
        row.phone, row.user_name, row.password_hash, row.active = None, None, "", False
        row.removed_at = row.removed_at or now
        mine = Consent.user_id == row.id
    else:
        row.name, row.email, row.phone = subject.label, "", ""
        mine = Consent.contact_id == row.id
    itself = (mine, Consent.actor.in_(subject.names))
    session.execute(update(Consent).where(*itself).values(actor=subject.label))
    session.execute(update(Consent).where(mine).values(address="", note=""))
    session.flush()
    return picture
