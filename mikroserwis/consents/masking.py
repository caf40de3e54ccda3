"""What readers get of the history where a person occurs who is anonymous. Its rows are sealed, and stay what they are.

Of each row a copy without the person is laid over it (`HistoryMask`): pages, searches, files and the API read that one.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mikroserwis.consents.subjects import FIELDS, Subject, about, is_about, read, written
from mikroserwis.models import Event, HistoryMask

AT_ONCE = 500
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


class Replacer:
    """Puts the label wherever a person is named."""

    def __init__(self, subject: Subject) -> None:
        self._label = subject.label
        self._anywhere = _pattern(subject.told_apart)
        own = {*subject.names, *subject.told_apart}
        self._in_own_label = _pattern(sorted(own, key=len, reverse=True))
        self._whole = {*own, *subject.shared, *subject.user_names}

    def text(self, text: str) -> str:
        """Anywhere in a text."""
        return self._anywhere.sub(self._label, text) if self._anywhere else text

    def stored(self, text: str) -> str:
        """Anywhere in the texts of JSON, which otherwise stays as it was written; of other texts, as `text`."""
        if not text.startswith(("{", "[")) or not _is_json(text):
            return self.text(text)
        return _STRING.sub(self._literal, text)

    def _literal(self, found: re.Match[str]) -> str:
        before = json.loads(found[0])
        after = self.text(before)
        return found[0] if after == before else json.dumps(after, ensure_ascii=found[0].isascii())

    def by(self, label: str) -> str:
        """Who did something, where this person is known to have done it."""
        told = self._in_own_label.sub(self._label, label) if self._in_own_label else label
        return told if told != label else self._label

    def data(self, text: str, *, own: bool) -> str:
        """A text of JSON; `own`: of the person's record, where also what others share with it is its own."""
        return json.dumps(self._value(read(text), own=own), ensure_ascii=False)

    def _value(self, value: Any, *, own: bool, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._value(one, own=own, name=key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, own=own, name=name) for one in value]
        if not isinstance(value, str):
            return value
        return self._label if own and value and (name in FIELDS or value in self._whole) else self.text(value)


def mask(session: Session, subject: Subject, act: int) -> set[int]:
    """Readers get rows otherwise from now on. `act` is the Anonymised that this is done for.

    Gives the acts whose masks are others now: this one, and each from which it took over a row in which both occur.
    """
    replacer, acts = Replacer(subject), {act}
    by_it = Event.actor_id == subject.person.user_id if subject.person.user_id is not None else None
    anywhere = [
        column.icontains(one, autoescape=True)
        for one in written(subject.told_apart)
        for column in (Event._actor, Event._changes, Event._data)
    ]
    conditions = [about(subject.person, subject.after), *anywhere, *([] if by_it is None else [by_it])]
    ids = session.scalars(select(Event.id).where(or_(*conditions)).order_by(Event.id)).all()
    for start in range(0, len(ids), AT_ONCE):
        # As they are now: since the subject was loaded, another person may have become anonymous in them.
        some = select(Event).where(Event.id.in_(ids[start : start + AT_ONCE]))
        for event in session.scalars(some.execution_options(populate_existing=True)):
            seen = _without(event, subject, replacer)
            if seen is None:
                continue
            if event.mask is not None:
                acts.add(event.mask.anonymised_id)
            session.merge(HistoryMask(event_id=event.id, anonymised_id=act, **seen))
            session.expire(event)
        session.flush()
    return acts


def _without(event: Event, subject: Subject, replacer: Replacer) -> dict[str, str] | None:
    """What is read of a row, without the person; None: it is the same."""
    user_id = subject.person.user_id
    own = event.user_id == user_id if user_id is not None else _is_of_contact(event, subject)
    # Whoever came by a link has no account, but its own name.
    is_by = event.actor_id == user_id if user_id is not None else own and event.actor in subject.names
    seen = {
        "actor": replacer.by(event.actor) if is_by else replacer.text(event.actor),
        "address": "" if is_by else event.address,
        "changes": replacer.data(event.changes, own=own),
        "data": replacer.data(event.data, own=own),
    }
    return None if all(_same(getattr(event, name), seen[name]) for name in seen) else seen


def _is_of_contact(event: Event, subject: Subject) -> bool:
    of = subject.customer
    return of is not None and event.customer_id == of.id and is_about(event, subject.person, subject.after)


def _same(one: str, other: str) -> bool:
    """Texts, or JSON that is written otherwise."""
    return one == other or (one.startswith("{") and read(one) == read(other))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _pattern(values: Iterable[str]) -> re.Pattern[str] | None:
    """Each only as a whole: Anna Nowak isn't named where Joanna Nowak is, nor an@x.pl where jan@x.pl is."""
    parts = [_whole(one) for one in values if one]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _whole(one: str) -> str:
    escaped = re.escape(one)
    return rf"(?<![\w.+-]){escaped}(?![\w-])(?!\.\w)" if "@" in one else rf"(?<!\w){escaped}(?!\w)"
