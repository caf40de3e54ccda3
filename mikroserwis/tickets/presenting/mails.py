"""The mails about a ticket and how each stands."""

import json
from typing import Any

from flask import url_for
from sqlalchemy import bindparam, exists, or_, select

from mikroserwis.access import may, role_relations
from mikroserwis.mail_states import NEEDS_A_PERSON, WAITING, Sending, say, say_outcome, sendings
from mikroserwis.models import Message, News, OutboxItem, Sms
from mikroserwis.sms import FAILED
from mikroserwis.tickets import notices
from mikroserwis.tickets.presenting.acts import ticket_url
from mikroserwis.tickets.presenting.scene import Scene

SHOWN = 8
# Of a telephone number, enough to tell one's own by: the whole of it signs its owner in.
LAST_DIGITS = 3
# What the caretaker caused and may follow; the rest of the mails is the back office's.
OF_THE_WORK = (
    *("quote", "suspended", "invoice_missing"),
    *("warning", "overdue", "extension_asked", "extension_granted", "extension_refused"),
)


def mails(scene: Scene) -> dict[str, Any] | None:
    """What tickets/_mails.html wants: the suspension's mails, for staff also whatever failed. None without any."""
    found = _found(scene)
    relations = role_relations(scene.actor)
    sees_all, retries = may("messages.see", relations), may("messages.retry", relations)
    if not found and not sees_all:
        return None
    return {
        "entries": [_entry(one, scene, sees_all=sees_all, retries=retries) for one in found],
        "all_url": url_for("messages.index", ticket=scene.ticket.number) if sees_all else None,
        "awaited": any(one.state in WAITING for one in found),
        "hint": notices.untold(scene.ticket) if scene.ticket.state == "suspended" else "",
    }


def _found(scene: Scene) -> list[Sending]:
    asked: dict[str, Any] = {"ticket": scene.ticket.id, "gathered": _gathered(scene)}
    if scene.actor.is_dealer:
        since = scene.assignment.assigned_at if scene.assignment else scene.ticket.created_at
        rows = scene.session.execute(_OF_DEALER, {**asked, "since": since}).all()
    else:
        rows = scene.session.execute(_OF_STAFF, asked).all()
    return sendings(scene.session, [(row.Message, row.OutboxItem) for row in rows], scene.now)


def _gathered(scene: Scene) -> list[int]:
    """Ids of mails that tell news of this ticket, alone or with others; a dealer's own."""
    query, asked = _NEWS, {"ticket": scene.ticket.id}
    if scene.actor.dealer_id is not None:
        query, asked = _NEWS_OF_DEALER, {**asked, "dealer": scene.actor.dealer_id}
    return [message_id for row in scene.session.connection().scalars(query, asked) for message_id in json.loads(row)]


# Asked with every ticket's page: built once.
_OWN = Message.ticket_id == bindparam("ticket")
_TOLD = Message.id.in_(bindparam("gathered", expanding=True))
_MAILS = (
    select(Message, OutboxItem)
    .join(OutboxItem, OutboxItem.id == Message.item_id)
    .order_by(Message.id.desc())
    .limit(SHOWN)
)
_OF_DEALER = _MAILS.where(or_(_OWN & Message.event.in_(OF_THE_WORK), _TOLD), Message.created_at >= bindparam("since"))
_UNREACHED = exists().where(Sms.message_id == Message.id, Sms.report.in_(sorted(FAILED)))
_FAILED = OutboxItem.state.in_(NEEDS_A_PERSON) | _UNREACHED
_OF_STAFF = _MAILS.where(or_(_OWN & (Message.event.in_(OF_THE_WORK) | _FAILED), _TOLD))
_NEWS = select(News.message_ids).where(News.ticket_id == bindparam("ticket"), News.told_at.is_not(None))
_NEWS_OF_DEALER = _NEWS.where(News.dealer_id == bindparam("dealer"))


def _entry(one: Sending, scene: Scene, *, sees_all: bool, retries: bool) -> dict[str, Any]:
    message = one.message
    return {
        "subject": message.subject,
        "recipient": _masked(message) if scene.actor.is_dealer else message.recipient,
        "at": message.created_at,
        "state": one.state,
        "said": say(one),
        "error": one.error,
        "url": url_for("messages.message", message_id=message.id) if sees_all else None,
        "attempts": [
            {"at": each.started_at, "outcome": say_outcome(each.outcome, message.channel), "detail": each.detail or ""}
            for each in reversed(one.attempts)
        ],
        "retry_url": url_for("messages.send_again", message_id=message.id) if retries and one.goes_again else None,
        "back": ticket_url(scene.ticket.number, "mails"),
    }


def _masked(message: Message) -> str:
    """A mail's address stays: it is the colleague's, or the office's."""
    return message.recipient if message.channel == "email" else f"•••{message.recipient[-LAST_DIGITS:]}"
