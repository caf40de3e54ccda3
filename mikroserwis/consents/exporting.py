"""One person's data: everything in which it occurs, as JSON for programs and as a list for people, in one ZIP.

Read in one snapshot and written row by row, so that neither a long history nor many messages fill the memory.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import chain
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import IO, Any, BinaryIO, NamedTuple, cast
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from exports.sheets import Column, write_list
from mikroserwis.consents import places
from mikroserwis.consents.personal_words import SECTIONS
from mikroserwis.consents.subjects import Subject, about, is_about, read
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import mirrored
from mikroserwis.models import (
    AccountLink,
    ApiToken,
    Consent,
    ConsentText,
    Event,
    Message,
    Note,
    Notification,
    SavedView,
    SignIn,
    User,
    UserPicture,
    UserSession,
)
from mikroserwis.rulebook import RULES
from mikroserwis.storage import Missing, Store

AT_ONCE = 500
# Secrets, and what only serves to find or to count.
_HIDDEN = frozenset(
    {"password_hash", "token_hash", "code_hash", "nonce", "name_key", "search", "network", "sha256", "version"}
)
Row = Mapping[str, Any]


class Section(NamedTuple):
    """A kind of record by its key in the JSON; rows are read as they are written."""

    key: str
    rows: Iterator[Row]


def write(session: Session, subject: Subject, store: Store, out: BinaryIO, now: datetime) -> None:
    """The ZIP, with the person's picture. `session` has to see one state of all tables."""
    with ZipFile(out, "w", ZIP_DEFLATED) as archive, NamedTemporaryFile(suffix=".xlsx") as sheet:
        with archive.open("data.json", "w") as file:
            _write_json(file, subject, sections(session, subject), now)
        write_list(
            cast(BinaryIO, sheet),
            _("Personal data"),
            _columns(),
            _lines(sections(session, subject)),
            mirrored=mirrored(),
        )
        sheet.flush()
        archive.write(sheet.name, "data.xlsx")
        _write_picture(session, subject, store, archive)


def _write_picture(session: Session, subject: Subject, store: Store, archive: ZipFile) -> None:
    if subject.person.user_id is None:
        return
    sha256 = session.scalar(select(UserPicture.sha256).where(UserPicture.user_id == subject.person.user_id))
    if sha256 is not None:
        with suppress(Missing), store.open(sha256) as picture, archive.open("picture.webp", "w") as file:
            copyfileobj(picture, file)


def file_name(subject: Subject, now: datetime) -> str:
    return f"personal-data-{subject.person.code}-{now.astimezone(RULES.tz):%Y%m%d}.zip"


def sections(session: Session, subject: Subject) -> list[Section]:
    """All in which the person occurs, its own record first."""
    own = _user(session, subject.row) if isinstance(subject.row, User) else []
    whose = (
        Consent.user_id == subject.person.user_id
        if subject.person.user_id is not None
        else Consent.contact_id == subject.person.contact_id
    )
    consents: Any = select(Consent, ConsentText.body).outerjoin(ConsentText, ConsentText.id == Consent.text_id)
    return [
        Section("person", iter([_plain(subject.row)])),
        *([Section("company", iter([{"name": subject.customer.name}]))] if subject.customer else []),
        Section("consents", _with_text(session, consents.where(whose).order_by(Consent.id))),
        *own,
        Section("messages", _rows(session, select(Message).where(subject.reached()).order_by(Message.id))),
        Section("history", _history(session, subject)),
        Section("named", _named(session, subject)),
    ]


def _user(session: Session, user: User) -> list[Section]:
    kinds: dict[str, Any] = {
        "sign_ins": SignIn,
        "sessions": UserSession,
        "links": AccountLink,
        "tokens": ApiToken,
        "notifications": Notification,
        "views": SavedView,
        "pictures": UserPicture,
    }
    found = [Section(key, _rows(session, select(kind).where(kind.user_id == user.id))) for key, kind in kinds.items()]
    return [*found, Section("notes", _rows(session, select(Note).where(Note.author_id == user.id).order_by(Note.id)))]


def _history(session: Session, subject: Subject) -> Iterator[Row]:
    """What was done to its record, and what it did itself: of others' records only that it acted, as their data are
    theirs, and of others who acted no name.
    """
    user_id = subject.person.user_id
    which = (
        about(subject.person, subject.after)
        if user_id is None
        else or_(about(subject.person, subject.after), Event.actor_id == user_id)
    )
    query = select(Event).where(which).order_by(Event.id).execution_options(yield_per=AT_ONCE)
    for event in session.scalars(query):
        if user_id is not None or is_about(event, subject.person, subject.after):
            is_own = user_id is None or event.user_id == user_id
            by_itself = user_id is not None and event.actor_id == user_id
            yield {
                "at": event.at,
                "by": event.actor if by_itself else "",
                "address": event.address if by_itself else "",
                "act": event.verb,
                "changes": read(event.changes) if is_own else {},
                "data": read(event.data) if is_own else {},
            }


def _named(session: Session, subject: Subject) -> Iterator[Row]:
    """How often it stands in other records as who did something."""
    user_id = subject.person.user_id
    for table, column, id_ in places.labels():
        if id_ is None or user_id is None:
            continue
        count = session.scalar(select(func.count()).select_from(table).where(id_ == user_id))
        if count:
            yield {"table": table.name, "column": column.name, "rows": count}


def _rows(session: Session, query: Select[Any]) -> Iterator[Row]:
    for one in session.scalars(query.execution_options(yield_per=AT_ONCE)):
        yield _plain(one)


def _with_text(session: Session, query: Any) -> Iterator[Row]:
    for consent, text in session.execute(query):
        row = {**_plain(consent), "wording": text}
        others = ("actor", "actor_id", "address") if consent.actor_id != consent.user_id else ()
        yield {name: value for name, value in row.items() if name not in others}


def _plain(record: Any) -> Row:
    return {column.key: getattr(record, column.key) for column in record.__table__.columns if column.key not in _HIDDEN}


def _write_json(file: IO[bytes], subject: Subject, found: list[Section], now: datetime) -> None:
    """An object of lists, each row on a line of its own."""
    head = json.dumps({"person": subject.person.code, "made_at": _said(now)}, ensure_ascii=False)
    file.write(f"{head[:-1]},\n".encode())
    for number, section in enumerate(found):
        file.write(
            f"{',' if number else ''}{json.dumps(section.key if section.key != 'person' else 'record')}: [".encode()
        )
        for index, row in enumerate(section.rows):
            line = json.dumps(row, ensure_ascii=False, default=_said)
            file.write(f"{',' if index else ''}\n {line}".encode())
        file.write(b"]\n")
    file.write(b"}\n")


def _columns() -> list[Column]:
    return [Column(_("Kind"), 24), Column(_("Time"), 18, "moment"), Column(_("What is kept"), 120)]


def _lines(found: list[Section]) -> Iterator[tuple[object, ...]]:
    return chain.from_iterable(((_line(section.key, row)) for row in section.rows) for section in found)


def _line(key: str, row: Row) -> tuple[object, ...]:
    moment = next((row[name] for name in ("at", "created_at", "sent_at") if isinstance(row.get(name), datetime)), None)
    words = "; ".join(f"{name}: {_text(value)}" for name, value in row.items() if value not in (None, "", {}, []))
    return str(SECTIONS[key]), moment.astimezone(RULES.tz) if moment else None, words


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_said)


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
