"""What staff do to messages, and to the table of which act is told over which channel."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from mikroserwis import channels, history, outbox
from mikroserwis.access import Actor
from mikroserwis.channels import CHANNELS
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, NotFound, Refused
from mikroserwis.mail_states import GOES_AGAIN, Sending
from mikroserwis.models import EventChannels, Ticket


def send_again(session: Session, sending: Sending, *, actor: Actor, now: datetime) -> None:
    """A message that failed gets a fresh set of attempts; its text stays what it was. Raises Refused otherwise, and
    where the text is kept no longer.

    An SMS that the gateway took, but no phone got, goes as a new one there; another keeps its idx, by which the gateway
    knows whether it has it already.
    """
    item, message, text = sending.item, sending.message, sending.sms
    if sending.state not in GOES_AGAIN:
        raise Refused("retry", [Blocker("delivery_is_stuck", {"state": item.state})])
    if not sending.goes_again:
        raise Refused("retry", [Blocker("message_is_kept")])
    if text is not None and sending.state == "undelivered":
        text.idx, text.gateway_id, text.points = uuid4().hex, None, None
        text.report, text.reported_at, text.look_at = None, None, None
    outbox.retry(item, now)
    ticket = session.get(Ticket, message.ticket_id) if message.ticket_id is not None else None
    verb = "mail_again" if text is None else "sms_again"
    history.record(session, verb, actor=actor, now=now, ticket=ticket, subject=message.subject, to=message.recipient)


def choose(
    session: Session, event: str, wanted: Mapping[str, bool], *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[bool, bool]]:
    """Over which channels an event is told from now on; what changed as {channel: (old, new)}.

    Raises NotFound; Invalid for what is not to be chosen; Conflict if somebody chose since `version` was read.
    """
    if event not in channels.told():
        raise NotFound(record="event", id=event)
    row = session.get(EventChannels, event, populate_existing=True, with_for_update=True)
    channels.forget(session)
    present, fixed = channels.ways(session, event), channels.fixed(event)
    differing = {name: (present.over(name), value) for name, value in wanted.items() if present.over(name) != value}
    if wrong := [FieldError(name, "unknown_value") for name in differing if name in fixed]:
        raise Invalid(wrong)
    if differing and version not in {None, present.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=present.version)
    if not differing:
        return {}
    if row is None:
        row = EventChannels(event=event, **{name: present.over(name) for name in CHANNELS})
        session.add(row)
    for name, (_old, value) in differing.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now, actor.label
    session.flush()
    channels.forget(session)
    history.record(session, "event_channels", actor=actor, now=now, changes=differing, event=event)
    return differing
