"""The mails about a ticket and how each stands."""

import json
from typing import Any

from flask import url_for
from sqlalchemy import or_, select

from mikroserwis.access import may, role_relations
from mikroserwis.mail_states import NEEDS_A_PERSON, WAITING, Sending, say, say_outcome, sendings
from mikroserwis.models import Message, News, OutboxItem
from mikroserwis.tickets import notices
from mikroserwis.tickets.presenting.acts import ticket_url
from mikroserwis.tickets.presenting.scene import Scene

SHOWN = 8
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
    query = select(Message, OutboxItem).join(OutboxItem, OutboxItem.id == Message.item_id)
    own, gathered = Message.ticket_id == scene.ticket.id, Message.id.in_(_gathered(scene))
    if scene.actor.is_dealer:
        since = scene.assignment.assigned_at if scene.assignment else scene.ticket.created_at
        query = query.where(or_(own & Message.event.in_(OF_THE_WORK), gathered), Message.created_at >= since)
    else:
        failed = OutboxItem.state.in_(NEEDS_A_PERSON)
        query = query.where(or_(own & (Message.event.in_(OF_THE_WORK) | failed), gathered))
    rows = scene.session.execute(query.order_by(Message.id.desc()).limit(SHOWN)).all()
    return sendings(scene.session, [(row.Message, row.OutboxItem) for row in rows], scene.now)


def _gathered(scene: Scene) -> set[int]:
    """Ids of mails that tell news of this ticket, alone or with others; a dealer's own."""
    query = select(News.message_ids).where(News.ticket_id == scene.ticket.id, News.told_at.is_not(None))
    if scene.actor.is_dealer:
        query = query.where(News.dealer_id == scene.actor.dealer_id)
    return {message_id for row in scene.session.scalars(query) for message_id in json.loads(row)}


def _entry(one: Sending, scene: Scene, *, sees_all: bool, retries: bool) -> dict[str, Any]:
    message = one.message
    again = retries and one.state in NEEDS_A_PERSON
    return {
        "subject": message.subject,
        "recipient": message.recipient,
        "at": message.created_at,
        "state": one.state,
        "said": say(one),
        "error": one.error,
        "url": url_for("messages.message", message_id=message.id) if sees_all else None,
        "attempts": [
            {"at": each.started_at, "outcome": say_outcome(each.outcome), "detail": each.detail or ""}
            for each in reversed(one.attempts)
        ],
        "retry_url": url_for("messages.send_again", message_id=message.id) if again else None,
        "back": ticket_url(scene.ticket.number, "mails"),
    }
