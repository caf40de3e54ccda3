"""What is kept how long: for each rule of config/rules.toml what it finds on a day, and what becomes of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from config import Rules
from mikroserwis import history
from mikroserwis.access import SYSTEM
from mikroserwis.consenting import WITHHELD, Person
from mikroserwis.consents import subjects
from mikroserwis.consents.anonymising import anonymise, blockers
from mikroserwis.errors import NotFound, Refused
from mikroserwis.models import (
    Anonymised,
    ApiToken,
    Attempt,
    Consent,
    Customer,
    CustomerContact,
    Event,
    Message,
    Notification,
    OutboxItem,
    SignIn,
    Ticket,
    User,
    UserSession,
)

# Stands where something was that is kept no longer.
GONE = "–"
_FAILED = ("stuck", "rejected")
Ids = Sequence[int]
_OF_CONTACTS = ("customer_contact_add", "customer_contact_change", "consent_give", "consent_withdraw")


class Done(NamedTuple):
    """How many went, and how many had to stay."""

    gone: int
    kept_back: int = 0


class Rule(NamedTuple):
    """`find`: ids of what is older than a moment; `apply` does away with some of them."""

    find: Callable[[datetime], Select[int]]
    apply: Callable[[Session, Ids, datetime], Done]


class Due(NamedTuple):
    """A rule with its days (0: kept for good), and how many are past them."""

    kind: str
    days: int
    found: int


def due(session: Session, rules: Rules, now: datetime) -> list[Due]:
    """What the next run would find; persons who are needed still are among them."""
    days = rules.retention.days()
    return [
        Due(kind, days.get(kind, 0), _count(session, rule, now - timedelta(days=days[kind])) if kind in days else 0)
        for kind, rule in RULES.items()
    ]


def some(session: Session, rule: Rule, before: datetime, after: int, most: int) -> list[int]:
    """The next ids behind `after`, in order."""
    found = rule.find(before).subquery()
    return list(session.scalars(select(found.c.id).where(found.c.id > after).order_by(found.c.id).limit(most)))


def _count(session: Session, rule: Rule, before: datetime) -> int:
    return session.scalar(select(func.count()).select_from(rule.find(before).subquery())) or 0


def _old_sign_ins(before: datetime) -> Select[int]:
    """But the last success of each account: by it an unused one is known."""
    last = (
        select(func.max(SignIn.id)).where(SignIn.result == "ok", SignIn.user_id.is_not(None)).group_by(SignIn.user_id)
    )
    return select(SignIn.id).where(SignIn.at < before, SignIn.id.not_in(last))


def _old_mails(before: datetime) -> Select[int]:
    settled = OutboxItem.state.in_(("delivered", *_FAILED, WITHHELD))
    old = (Message.created_at < before, Message.body != "")
    return select(Message.id).join(OutboxItem, OutboxItem.id == Message.item_id).where(settled, *old)


def _empty_mails(session: Session, ids: Ids, now: datetime) -> Done:
    """What failed waits for nobody any more: without its text it can't be sent again."""
    items = select(Message.item_id).where(Message.id.in_(ids))
    failed = (OutboxItem.id.in_(items), OutboxItem.state.in_(_FAILED))
    session.execute(update(OutboxItem).where(*failed).values(state=WITHHELD, done_at=now))
    session.execute(update(Attempt).where(Attempt.item_id.in_(items)).values(detail=None))
    session.execute(update(OutboxItem).where(OutboxItem.id.in_(items)).values(last_error=None))
    # Nor does what somebody has just sent again lose it.
    mine = (Message.id.in_(ids), Message.item_id.in_(select(OutboxItem.id).where(OutboxItem.state != "queued")))
    gone = session.execute(update(Message).where(*mine).values(recipient=GONE, subject=GONE, body=""))
    return Done(gone.rowcount)  # type: ignore[attr-defined]


def _old_requests(before: datetime) -> Select[int]:
    settled = (OutboxItem.topic == "recovery", OutboxItem.state == "delivered", OutboxItem.payload != "{}")
    return select(OutboxItem.id).where(OutboxItem.created_at < before, *settled)


def _empty_requests(session: Session, ids: Ids, _now: datetime) -> Done:
    session.execute(update(OutboxItem).where(OutboxItem.id.in_(ids)).values(payload="{}"))
    return Done(len(ids))


def _not_anonymous() -> ColumnElement[bool]:
    return User.id.not_in(select(Anonymised.user_id).where(Anonymised.user_id.is_not(None)))


def _closed_accounts(before: datetime) -> Select[int]:
    """Removed then, or blocked and not touched since."""
    since = select(Event.user_id).where(Event.verb == "user_deactivate", Event.at >= before, Event.user_id.is_not(None))
    blocked = User.removed_at.is_(None) & (User.created_at < before) & User.id.not_in(since)
    closed = or_(User.removed_at < before, blocked)
    return select(User.id).where(User.active.is_(False), closed, _not_anonymous())


def _unused_accounts(before: datetime) -> Select[int]:
    """Customers' own; an office or a dealer sees to its people itself."""
    seen = select(SignIn.user_id).where(SignIn.result == "ok", SignIn.at >= before, SignIn.user_id.is_not(None))
    # Written when somebody signs in: one that the nightly tidying has left is open, however old.
    sessions = select(UserSession.user_id)
    programs = select(ApiToken.user_id).where(ApiToken.used_at >= before)
    used = User.id.in_(seen) | User.id.in_(sessions) | User.id.in_(programs)
    active = (User.role == "customer", User.active, User.created_at < before)
    return select(User.id).where(*active, ~used, _not_anonymous())


def _old_contacts(before: datetime) -> Select[int]:
    """Of customers who had no work since, and nothing was put down about their people or agreed to."""
    busy = select(Ticket.customer_id).where(or_(Ticket.opened_on >= before.date(), Ticket.closed_on.is_(None)))
    later = select(Ticket.customer_id).where(Ticket.closed_on >= before.date())
    touched = select(Event.customer_id).where(
        Event.at >= before, Event.customer_id.is_not(None), Event.verb.in_(_OF_CONTACTS)
    )
    spoken = select(Consent.contact_id).where(Consent.at >= before, Consent.contact_id.is_not(None))
    return (
        select(CustomerContact.id)
        .join(Customer, Customer.id == CustomerContact.customer_id)
        .where(Customer.created_at < before, Customer.id.not_in(busy), Customer.id.not_in(later))
        .where(Customer.id.not_in(touched), CustomerContact.id.not_in(spoken))
        .where(CustomerContact.name.not_in(labels()), CustomerContact.removed_at.is_(None))
    )


def _removed_contacts(before: datetime) -> Select[int]:
    """As long as a mistake might be noticed."""
    return select(CustomerContact.id).where(CustomerContact.removed_at < before, CustomerContact.name.not_in(labels()))


def labels() -> Select[str]:
    """What stands for the contact of the outer query, if it was made anonymous."""
    return select(Anonymised.label).where(Anonymised.contact_id == CustomerContact.id)


def _block(session: Session, ids: Ids, now: datetime) -> Done:
    """Out of use, then anonymous; one that is needed stays as it is."""
    done = Done(0)
    for user_id in ids:
        try:
            subject = subjects.load(session, f"u{user_id}")
        except NotFound:
            continue
        user = subject.row
        others = [one for one in blockers(session, subject, SYSTEM) if one.code != "account_is_out_of_use"]
        if others or not isinstance(user, User):
            done = Done(done.gone, done.kept_back + 1)
            continue
        user.active = False
        history.record(session, "user_deactivate", actor=SYSTEM, now=now, user=user)
        session.flush()
        anonymise(session, subject, None, actor=SYSTEM, now=now)
        done = Done(done.gone + 1, done.kept_back)
    return done


def _anonymise(whose: Callable[[int], Person]) -> Callable[[Session, Ids, datetime], Done]:
    def apply(session: Session, ids: Ids, now: datetime) -> Done:
        gone = kept_back = 0
        for one in ids:
            try:
                anonymise(session, subjects.load(session, whose(one).code), None, actor=SYSTEM, now=now)
            except Refused:
                kept_back += 1
            except NotFound:
                continue
            else:
                gone += 1
        return Done(gone, kept_back)

    return apply


def _remove(kind: Any) -> Callable[[Session, Ids, datetime], Done]:
    def apply(session: Session, ids: Ids, _now: datetime) -> Done:
        session.execute(delete(kind).where(kind.id.in_(ids)))
        return Done(len(ids))

    return apply


RULES: Mapping[str, Rule] = {
    "sign_ins": Rule(_old_sign_ins, _remove(SignIn)),
    "mail_texts": Rule(_old_mails, _empty_mails),
    "notifications": Rule(
        lambda before: select(Notification.id).where(Notification.at < before), _remove(Notification)
    ),
    "requests": Rule(_old_requests, _empty_requests),
    "closed_accounts": Rule(_closed_accounts, _anonymise(lambda id_: Person(user_id=id_))),
    "unused_accounts": Rule(_unused_accounts, _block),
    "removed_contacts": Rule(_removed_contacts, _anonymise(lambda id_: Person(contact_id=id_))),
    "contacts": Rule(_old_contacts, _anonymise(lambda id_: Person(contact_id=id_))),
}
