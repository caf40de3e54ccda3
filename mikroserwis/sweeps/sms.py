"""An SMS, handed to the gateway or written to the data folder; and what became of it, asked for where nobody calls."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice_client.sandbox.same_site import is_loopback
from config import Settings
from mikroserwis import consenting, folders
from mikroserwis.consenting import WITHHELD
from mikroserwis.edge import Parts
from mikroserwis.keys import secret_key
from mikroserwis.mail_states import KEPT
from mikroserwis.messages.reports import callback_path, note
from mikroserwis.models import Attempt, Message, OutboxItem, Sms
from mikroserwis.outbox import Claimed
from mikroserwis.posting import post_instead
from mikroserwis.sms import FOLDER, Accepted, Gateway, SmsError
from mikroserwis.sweeps.failures import Failed
from mikroserwis.sweeps.leases import Lease
from mikroserwis.sweeps.ledger import Clock

log = structlog.get_logger()
# After each of these the gateway is asked anew; it keeps an SMS for a phone that is off for three days at most.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))


class _Rows(NamedTuple):
    """`withheld` is the consent that is missing."""

    message: Message
    idx: str
    withheld: str | None


def carry(parts: Parts, lease: Lease) -> str:
    """The receipt is what the gateway said, as JSON; KEPT where the SMS lies in the folder, and beginning with
    WITHHELD where a consent is missing at this moment."""
    rows = _read(parts, lease.claimed)
    if rows.withheld:
        return f"{WITHHELD}_{rows.withheld}"
    lease.keep()
    settings, message = parts.settings, rows.message
    if not settings.sms_url:
        kept = f"To: {message.recipient}\nFrom: {settings.sms_sender}\n\n{message.body}\n"
        name = f"{message.created_at:%Y%m%d-%H%M%S}-{message.id}.txt"
        folders.keep(kept.encode(), settings.data / FOLDER, name)
        return KEPT
    try:
        accepted = gateway(settings).send(
            message.recipient, message.body, idx=rows.idx, notify_url=_notify_url(settings, rows.idx)
        )
    except SmsError as error:
        raise Failed(error.code, error.reason, permanent=error.permanent) from error
    return json.dumps(asdict(accepted), default=str)


def delivered(session: Session, claimed: Claimed, receipt: str, now: datetime) -> None:
    """What the gateway said of it; a report that came first stays. For one without its consent a mail goes."""
    if receipt == KEPT or receipt.startswith(WITHHELD):
        session.execute(update(Attempt).where(Attempt.id == claimed.attempt_id).values(outcome=receipt))
        if receipt != KEPT:
            session.execute(update(OutboxItem).where(OutboxItem.id == claimed.id).values(state=WITHHELD))
            post_instead(session, session.get_one(Message, claimed.payload["message"]), claimed.key, now=now)
        return
    said: dict[str, Any] = json.loads(receipt)
    accepted = Accepted(**{**said, "points": Decimal(said["points"]) if said["points"] else None})
    row = session.scalars(select(Sms).where(Sms.message_id == claimed.payload["message"]).with_for_update()).one()
    row.gateway_id = accepted.gateway_id or row.gateway_id
    row.points, row.parts = accepted.points or row.points, accepted.parts or row.parts
    row.looks, row.look_at = 0, now + PAUSES[0] if row.gateway_id else None
    if row.report is not None or accepted.report is not None:
        note(row, row.report or accepted.report or "", now)


def look(parts: Parts, now: Clock) -> bool:
    """Ask what became of one SMS; whether there was one to ask about."""
    if not parts.settings.sms_url:
        return False
    moment = now()
    with parts.database.reading() as session:
        due = select(Sms.message_id, Sms.look_at).where(Sms.look_at <= moment).order_by(Sms.look_at).limit(1)
        found = session.execute(due).one_or_none()
    asked = _begin(parts, found.message_id, found.look_at, moment) if found else None
    if asked is None:
        return found is not None
    message_id, gateway_id = asked
    try:
        report = gateway(parts.settings).report(gateway_id)
    except SmsError as error:
        log.warning("the gateway does not say what became of an SMS", sms=message_id, error=str(error))
        return True
    with parts.database.transaction() as session:
        row = session.scalars(select(Sms).where(Sms.message_id == message_id).with_for_update()).one()
        if row.gateway_id == gateway_id:
            note(row, report, now())
    return True


def gateway(settings: Settings) -> Gateway:
    return Gateway(settings.sms_url, settings.sms_token.get_secret_value(), settings.sms_sender)


def _begin(parts: Parts, message_id: int, look_at: datetime, now: datetime) -> tuple[int, str] | None:
    """The SMS's id here and there, with the next look put off; None if another process was first."""
    with parts.database.transaction() as session:
        row = session.scalars(select(Sms).where(Sms.message_id == message_id).with_for_update()).one()
        if row.look_at != look_at:
            return None
        row.looks += 1
        row.look_at = now + PAUSES[row.looks] if row.looks < len(PAUSES) else None
        return message_id, row.gateway_id or ""


def _read(parts: Parts, claimed: Claimed) -> _Rows:
    with parts.database.reading() as session:
        message_id = claimed.payload.get("message", 0)
        message, row = session.get(Message, message_id), session.get(Sms, message_id)
        if message is None or row is None:
            raise Failed("contract_broken", "there is no such message", permanent=True)
        lacking = consenting.withheld(
            session, event=message.event, channel="sms", address=message.recipient, user_id=message.user_id
        )
        session.expunge_all()
        return _Rows(message, row.idx, lacking)


def _notify_url(settings: Settings, idx: str) -> str:
    """Where the gateway may tell what became of it; none where it could not reach us."""
    ours, theirs = urlsplit(settings.base_url).hostname or "", urlsplit(settings.sms_url).hostname or ""
    if is_loopback(ours) and not is_loopback(theirs):
        return ""
    return f"{settings.base_url}{callback_path(idx, secret_key(settings))}"
