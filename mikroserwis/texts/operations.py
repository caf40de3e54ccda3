"""What the office does to texts. Every version stays: what was sent can be told from what is sent now."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict, TooMany
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Message, MessageText, User
from mikroserwis.posting import Recipient, post
from mikroserwis.telling import EMAIL, SMS, Rendered
from mikroserwis.telling.rendering import SUBJECT_MOST, Own, forget
from mikroserwis.texts import forms, queries
from mikroserwis.texts.slots import Slot

TRIAL = "text_test"
MOST_TRIALS, SPAN = 20, timedelta(hours=1)


def save(
    session: Session, slot: Slot, values: Mapping[str, Any], *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[str, str]]:
    """A new version, sent from now on; what changed as {name: (old, new)}.

    Raises Invalid; Conflict if another one was written since `version` was read.
    """
    kept = queries.text(session, slot)
    clean = forms.text(slot, values, kept)
    return _change(session, slot, kept, clean, version=version, actor=actor, now=now)


def bring_back(
    session: Session, slot: Slot, former: MessageText, *, version: int | None, actor: Actor, now: datetime
) -> dict[str, tuple[str, str]]:
    """An older version, as a new one. Raises Invalid if it can't be sent any more, Conflict as `save`."""
    kept = queries.text(session, slot)
    clean = forms.text(slot, {"subject": former.subject, "body": former.body}, kept)
    return _change(session, slot, kept, clean, version=version, actor=actor, now=now, of=former.number)


def restore(session: Session, slot: Slot, *, version: int | None, actor: Actor, now: datetime) -> None:
    """The shipped text is sent from now on. Done already: nothing happens. Raises Conflict as `save`."""
    own, text = queries.in_force(session, slot), slot.shipped()
    if own is None:
        return
    differing = _differing(Own(own.subject, own.body), text)
    number = _turn(session, slot, differing, version)
    with _alone(session, slot, text):
        _add(session, slot, text, number, shipped=True, actor=actor, now=now)
        history.record(session, "text_restore", actor=actor, now=now, changes=differing, **_said(slot), number=number)


def send_trial(session: Session, slot: Slot, message: Rendered, *, actor: Actor, now: datetime) -> str:
    """A mail with this text to whoever asks for it; the address. Raises TooMany."""
    user = session.scalars(select(User).where(User.id == actor.user_id).with_for_update()).one()
    sent = (Message.event == TRIAL, Message.recipient == user.email, Message.created_at > now - SPAN)
    count, first = session.execute(select(func.count(), func.min(Message.created_at)).where(*sent)).one()
    if count >= MOST_TRIALS:
        raise TooMany(seconds=max((first + SPAN - now).total_seconds(), 1))
    label = str(slot.event.label)
    if slot.channel == EMAIL:
        subject = _("Trial: %(subject)s", subject=message.subject)
    elif slot.channel == SMS:
        subject = _("Trial of an SMS: %(label)s", label=label)
    else:
        subject = _("Trial of a paper's text: %(label)s", label=label)
    key = f"mail:{TRIAL}:{user.id}:{uuid4().hex}"
    to = Recipient(user.email, slot.language)
    post(session, to, TRIAL, subject[:SUBJECT_MOST], message.body, key=key, now=now)
    return user.email


def _change(
    session: Session,
    slot: Slot,
    kept: Own,
    text: Own,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    **said: Any,
) -> dict[str, tuple[str, str]]:
    differing = _differing(kept, text)
    if differing:
        told = {**_said(slot), "number": _turn(session, slot, differing, version), **said}
        with _alone(session, slot, text):
            _add(session, slot, text, told["number"], shipped=False, actor=actor, now=now)
            history.record(session, "text_change", actor=actor, now=now, changes=differing, **told)
    return differing


def _differing(kept: Own, text: Own) -> dict[str, tuple[str, str]]:
    pairs = {name: (getattr(kept, name), getattr(text, name)) for name in Own._fields}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def _turn(session: Session, slot: Slot, differing: Mapping[str, tuple[str, str]], version: int | None) -> int:
    """The number of the version that is written now. Raises Conflict."""
    newest = queries.newest_number(session, slot)
    if version not in {None, newest}:
        raise Conflict("changed_meanwhile", fields=dict(differing), version=newest)
    return newest + 1


@contextmanager
def _alone(session: Session, slot: Slot, text: Own) -> Iterator[None]:
    """Of two who write at once, one has the number, and the other is told. Raises Conflict."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError:
        session.expire_all()
        differing = _differing(queries.text(session, slot), text)
        raise Conflict("changed_meanwhile", fields=differing, version=queries.newest_number(session, slot)) from None
    forget(session)


def _add(session: Session, slot: Slot, text: Own, number: int, *, shipped: bool, actor: Actor, now: datetime) -> None:
    former = queries.in_force(session, slot)
    if former is not None:
        former.in_force = False
        session.flush()
    event, channel, language = slot.key
    session.add(
        MessageText(
            event=event,
            channel=channel,
            language=language,
            number=number,
            subject=text.subject,
            body=text.body,
            shipped=shipped,
            in_force=not shipped,
            created_at=now,
            created_by_id=actor.user_id,
            created_by=actor.label,
        )
    )


def _said(slot: Slot) -> dict[str, Any]:
    return dict(zip(("event", "channel", "language"), slot.key, strict=True))
