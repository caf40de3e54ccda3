"""May this message go to this person now? Asked when it is about to be sent: who withdrew at noon gets none at one."""

import hmac
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mikroserwis.keys import signature
from mikroserwis.models import Consent, CustomerContact, User

Kind = Literal["sms", "email", "marketing"]
Basis = Literal["security", "contract", "email", "marketing"]
KINDS: tuple[Kind, ...] = ("sms", "email", "marketing")
# On what each event's messages rest. What keeps an account safe, and the work on tickets that dealers, staff and
# customers have agreed upon, needs no consent by e-mail; anything that isn't named here needs one.
BASES: Mapping[str, Basis] = {
    **dict.fromkeys(("account_activation", "account_recovery", "password_changed", "address_changed"), "security"),
    **dict.fromkeys(("second_factor_on", "second_factor_off", "second_factor_reset"), "security"),
    **dict.fromkeys(("second_factor_recovery", "second_factor_guessed", "new_device"), "security"),
    **dict.fromkeys(
        ("quote", "quote_remark", "suspended", "invoice_missing", "offered", "taken_away", "to_pool"), "contract"
    ),
    **dict.fromkeys(("subticket_offered", "scan_rejected", "delivery_stuck", "closed", "warning"), "contract"),
    **dict.fromkeys(("overdue", "moved", "news", "job_failed", "webhook_off"), "contract"),
    **dict.fromkeys(("extension_asked", "extension_granted", "extension_refused"), "contract"),
    "text_test": "contract",
    "order_progress": "email",
    "newsletter": "marketing",
}
# An attempt's outcome, and an item's state, if a message was kept back.
WITHHELD = "withheld"
_TOKEN = re.compile(r"(sms|email|marketing)-([uc])([1-9]\d{0,9})-([\w-]{43})", re.ASCII)


class Person(NamedTuple):
    """A user, or one of a customer's people."""

    user_id: int | None = None
    contact_id: int | None = None

    @property
    def code(self) -> str:
        return f"u{self.user_id}" if self.user_id is not None else f"c{self.contact_id}"


class Reached(NamedTuple):
    """Who has an address. `works` if it is a person of the office or of a dealer."""

    persons: tuple[Person, ...]
    works: bool
    language: str = "pl"


def withheld(
    session: Session, *, event: str, channel: Literal["email", "sms"], address: str, user_id: int | None = None
) -> Kind | None:
    """The consent that is missing; None: it may go.

    By SMS a customer's people are told only what they have consented to, whatever it rests on: the number was given
    for calls, and each SMS can be read by whoever holds the phone. Staff's and dealers' working messages rest on their
    contracts and need none; but if such a person has withdrawn it, nothing but security goes to the phone either.
    """
    basis = BASES.get(event, "email")
    if channel == "email" and basis in {"security", "contract"}:
        return None
    reached = reached_by(session, channel, address, user_id)
    if channel == "sms" and reached.works and basis in {"security", "contract"}:
        is_withdrawn = decisions(session, reached.persons).get("sms") is False
        return "sms" if is_withdrawn and basis == "contract" else None
    needed: set[Kind] = {channel}
    if basis in {"email", "marketing"}:
        needed.add("marketing" if basis == "marketing" else channel)
    given = decisions(session, reached.persons)
    return next((kind for kind in KINDS if kind in needed and not given.get(kind)), None)


def reached_by(session: Session, channel: str, address: str, user_id: int | None = None) -> Reached:
    """Everybody whose address this is: one mailbox may be a user's and a contact's."""
    own = User.email == address.lower() if channel == "email" else User.phone == address
    who = own if user_id is None else or_(own, User.id == user_id)
    users = session.execute(select(User.id, User.role, User.language).where(who).order_by(User.id)).all()
    there = (_has(channel, address), CustomerContact.removed_at.is_(None))
    contacts = session.scalars(select(CustomerContact.id).where(*there).order_by(CustomerContact.id))
    persons = (*(Person(user_id=one.id) for one in users), *(Person(contact_id=one) for one in contacts))
    language = users[0].language if users else "pl"
    return Reached(persons, any(one.role != "customer" for one in users), language)


def decisions(session: Session, persons: Iterable[Person]) -> dict[str, bool]:
    """By kind whether it is given, as was decided last; a kind that nobody ever decided on is left out."""
    whose = _whose(list(persons))
    if whose is None:
        return {}
    last = select(func.max(Consent.id)).where(whose).group_by(Consent.kind)
    rows = session.execute(select(Consent.kind, Consent.given).where(Consent.id.in_(last)))
    return {row.kind: row.given for row in rows}


def basis_kind(event: str) -> Kind | None:
    """The consent that this event's messages rest on: they bear a way to withdraw it."""
    basis = BASES.get(event, "email")
    return basis if basis in {"email", "marketing"} else None


def token(person: Person, kind: Kind, key: str) -> str:
    """What the address for withdrawing bears. It never expires: an old mail's link has to work as well."""
    return f"{kind}-{person.code}-{_signed(kind, person.code, key)}"


def of_token(text: str, key: str) -> tuple[Person, Kind] | None:
    """Whose, and which; None for what we haven't signed. The database isn't asked: whether a person is there shows
    neither in the answer nor in its time."""
    found = _TOKEN.fullmatch(text)
    if found is None or not hmac.compare_digest(found[4], _signed(found[1], f"{found[2]}{found[3]}", key)):
        return None
    id_, kind = int(found[3]), next(one for one in KINDS if one == found[1])
    return (Person(user_id=id_) if found[2] == "u" else Person(contact_id=id_)), kind


def _signed(kind: str, code: str, key: str) -> str:
    return signature(key, "unsubscribe", f"{kind} {code}")


def _has(channel: str, address: str) -> ColumnElement[bool]:
    if channel == "email":
        return func.lower(CustomerContact.email) == address.lower()
    return func.replace(func.replace(CustomerContact.phone, " ", ""), "-", "") == address


def _whose(persons: Collection[Person]) -> ColumnElement[bool] | None:
    users = [one.user_id for one in persons if one.user_id is not None]
    contacts = [one.contact_id for one in persons if one.contact_id is not None]
    return or_(Consent.user_id.in_(users), Consent.contact_id.in_(contacts)) if persons else None
