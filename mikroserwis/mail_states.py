"""How a mail or an SMS in the outbox stands: by code for programs, in words for people."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import sms_words
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_moment
from mikroserwis.models import Attempt, Message, OutboxItem, Sms
from mikroserwis.rulebook import RULES
from mikroserwis.sms import FAILED

# The outcome of an attempt that wrote the mail into the folder: nobody was sent anything.
KEPT = "kept"
State = Literal["queued", "sending", "retrying", "sent", "kept", "withheld", "undelivered", "stuck", "rejected"]
WAITING = frozenset({"queued", "sending", "retrying"})
NEEDS_A_PERSON = frozenset({"stuck", "rejected"})
# An SMS that no phone got needs one too, though the gateway has taken it.
GOES_AGAIN = NEEDS_A_PERSON | {"undelivered"}


@dataclass(frozen=True)
class Sending:
    """A message with its way so far; one that is kept lies in the folder, because no server is set.

    `sms` is what the gateway knows, where it is one.
    """

    message: Message
    item: OutboxItem
    attempts: Sequence[Attempt]
    state: State
    sms: Sms | None = None

    @property
    def next_at(self) -> datetime | None:
        return self.item.due_at if self.state in {"queued", "retrying"} else None

    @property
    def goes_again(self) -> bool:
        """Whether a person may send it again: what is kept no longer goes nowhere."""
        return self.state in GOES_AGAIN and bool(self.message.body)

    @property
    def error(self) -> str:
        """Why it has not left yet."""
        return self.item.last_error or "" if self.state in {"sending", "retrying", *NEEDS_A_PERSON} else ""


def sendings(session: Session, found: Iterable[tuple[Message, OutboxItem]], now: datetime) -> list[Sending]:
    """These mails as they stand now, each with its attempts, the first one first."""
    rows = list(found)
    attempts: dict[int, list[Attempt]] = {item.id: [] for _message, item in rows}
    if rows:
        for one in session.scalars(select(Attempt).where(Attempt.item_id.in_(attempts)).order_by(Attempt.id)):
            attempts[one.item_id].append(one)
    texts = _texts(session, [message.id for message, _item in rows if message.channel == "sms"])
    return [
        Sending(message, item, attempts[item.id], _state(item, attempts[item.id], texts.get(message.id), now), sms)
        for message, item in rows
        for sms in (texts.get(message.id),)
    ]


def _texts(session: Session, ids: Collection[int]) -> dict[int, Sms]:
    if not ids:
        return {}
    return {one.message_id: one for one in session.scalars(select(Sms).where(Sms.message_id.in_(ids)))}


def _state(item: OutboxItem, attempts: Sequence[Attempt], sms: Sms | None, now: datetime) -> State:
    last = attempts[-1] if attempts else None
    if item.state == "delivered" and sms is not None and sms.report in FAILED:
        return "undelivered"
    if item.state == "delivered":
        return "kept" if last is not None and last.outcome == KEPT else "sent"
    if item.state != "queued":
        return cast(State, item.state)
    if last is not None and last.ended_at is None and item.due_at > now:
        return "sending"
    return "retrying" if item.attempts and item.last_error else "queued"


def say(sending: Sending) -> str:
    """The state as a sentence without its subject."""
    return (_SAID if sending.sms is None else _SAID_OF_SMS)[sending.state](sending)


def _moment(value: datetime | None) -> str:
    return say_moment(value, RULES.tz)


def _retrying(sending: Sending) -> str:
    when = _moment(sending.next_at)
    return ngettext(
        "failed once, next attempt %(when)s",
        "failed %(n)s times, next attempt %(when)s",
        sending.item.attempts,
        when=when,
    )


def _stuck(sending: Sending) -> str:
    return ngettext(
        "failed once, waits for a person", "failed %(n)s times, waits for a person", max(sending.item.attempts, 1)
    )


_WITHHELD: Mapping[str | None, Any] = {
    "withheld_sms": lazy("not sent: no consent for SMS"),
    "withheld_email": lazy("not sent: no consent for e-mail"),
    "withheld_marketing": lazy("not sent: no consent for marketing"),
}
_SAID: Mapping[str, Callable[[Sending], str]] = {
    "queued": lambda _sending: _("waiting to be sent"),
    "sending": lambda _sending: _("being sent now"),
    "retrying": _retrying,
    "sent": lambda sending: _("sent %(when)s", when=_moment(sending.item.done_at)),
    "kept": lambda sending: _("kept in the folder %(when)s, not sent", when=_moment(sending.item.done_at)),
    "withheld": lambda sending: say_outcome(sending.attempts[-1].outcome if sending.attempts else "withheld"),
    "stuck": _stuck,
    "rejected": lambda _sending: _("refused, waits for a person"),
}
_SAID_OF_SMS: Mapping[str, Callable[[Sending], str]] = {
    **_SAID,
    **{state: lambda sending: str(sms_words.STATES[sending.state]) for state in sms_words.STATES},
    "sent": lambda sending: " · ".join(_sent_sms(sending)),
    "kept": lambda sending: _("SMS kept in the folder %(when)s, not sent", when=_moment(sending.item.done_at)),
    "undelivered": lambda sending: say_report(sending.sms),
}


def _sent_sms(sending: Sending) -> list[str]:
    sent = _("SMS sent %(when)s", when=_moment(sending.item.done_at))
    return [sent, said] if (said := say_report(sending.sms)) else [sent]


def say_report(sms: Sms | None) -> str:
    """What became of an SMS on its way to the phone; nothing as long as nobody said."""
    return "" if sms is None or sms.report is None else str(sms_words.REPORTS.get(sms.report, sms.report))


def say_outcome(outcome: str | None, channel: str = "email") -> str:
    """How one attempt went."""
    if outcome in _WITHHELD:
        return str(_WITHHELD[outcome])
    if channel == "sms" and outcome in sms_words.OUTCOMES:
        return str(sms_words.OUTCOMES[outcome])
    words = {
        None: _("cut off"),
        "withheld": _("not sent: a consent is missing"),
        "delivered": _("the server took it"),
        KEPT: _("written into the folder"),
        "recipient_refused": _("the server refused the recipient"),
        "refused": _("the server refused the mail"),
        "unauthorised": _("the server does not accept our password"),
        "no_encryption": _("the server offers no encryption"),
        "bad_address": _("this is no e-mail address"),
        "file_damaged": _("an attachment is missing"),
    }
    return words.get(outcome, _("failed"))
