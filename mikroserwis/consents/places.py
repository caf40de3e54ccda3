"""Where persons stand beside their own record and the history: the tables that are written anew, and those that aren't.

Books are left as they are: tickets, quotes, papers and files, and the data of companies, even where a company bears its
owner's name.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, Text, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from mikroserwis.consents.masking import Replacer
from mikroserwis.consents.subjects import Subject, written
from mikroserwis.db import Base
from mikroserwis.models import (
    Attempt,
    BulkAct,
    BulkLine,
    DeadlineExtension,
    DealerAbsence,
    JobRun,
    Message,
    News,
    Note,
    Notification,
    OutboxItem,
    RetailPoint,
    Submission,
    WebhookDelivery,
)

# Texts in which somebody may be named; the text stays, the name doesn't.
TEXTS: tuple[InstrumentedAttribute[Any], ...] = (
    *(Message.subject, Message.body),
    *(Notification.subject, Notification.body),
    *(OutboxItem.payload, OutboxItem.last_error, Attempt.detail),
    *(WebhookDelivery.body, News.data, Note.text, Submission.location, Submission.body, JobRun.result, JobRun.error),
    *(BulkAct.reason, BulkAct.undo_reason, BulkLine.told),
    *(DeadlineExtension.reason, DeadlineExtension.answer, DealerAbsence.reason),
)
# The history is masked, not written anew; the others are this room's own words.
_SEALED = {"history", "history_seals", "history_masks", "anonymised"}
_LABELS = {"author", "actor", "user", "undo_user"}
_LENGTH = 200


def labels() -> Iterator[tuple[Table, Column[Any], Column[Any] | None]]:
    """Every column that says who did something, with the column of that person's id where there is one."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns if table.name not in _SEALED else ():
            is_text = isinstance(column.type, String) and not isinstance(column.type, Text)
            if is_text and column.type.length == _LENGTH and (column.name in _LABELS or column.name.endswith("_by")):  # type: ignore[attr-defined]
                yield table, column, table.columns.get(f"{column.name}_id")


def relabel(session: Session, subject: Subject) -> int:
    """Who did something is the label from now on; how many rows. A namesake's work stays a namesake's."""
    done = 0
    for table, column, id_ in labels():
        if id_ is not None and subject.person.user_id is not None:
            which: ColumnElement[bool] = id_ == subject.person.user_id
        elif subject.is_unique and subject.person.user_id is not None:
            ways = [or_(column == name, column.startswith(f"{name} (", autoescape=True)) for name in subject.names]
            which = or_(*ways)
        else:
            continue
        for name in sorted(subject.names, key=len, reverse=True):
            mine = (which, column.contains(name, autoescape=True))
            values = {column.name: func.replace(column, name, subject.label)}
            done += session.execute(update(table).where(*mine).values(values)).rowcount  # type: ignore[attr-defined]
    return done


def rewrite(session: Session, subject: Subject) -> int:
    """Texts that name the person bear the label from now on; how many."""
    replacer, done = Replacer(subject), 0
    for column in TEXTS:
        named = [column.icontains(one, autoescape=True) for one in written(subject.told_apart)]
        keys = list(column.class_.__table__.primary_key)
        if not named:
            continue
        for *key, text in session.execute(select(*keys, column).where(or_(*named))).all():
            mine = [one == value for one, value in zip(keys, key, strict=True)]
            session.execute(update(column.class_.__table__).where(*mine).values({column.key: replacer.stored(text)}))
            done += 1
    if subject.customer is not None:
        shops = (RetailPoint.customer_id == subject.customer.id, RetailPoint.contact.in_(subject.names))
        session.execute(update(RetailPoint.__table__).where(*shops).values(contact=subject.label))  # type: ignore[arg-type]
    return done
