"""What a row of the history says as a digest, the same on both databases, and what a seal says."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, String, select, type_coerce
from sqlalchemy.orm import Session

from mikroserwis.db import Moment
from mikroserwis.models import Event, HistorySeal

_ID = 8
SIZE = _ID + hashlib.sha256().digest_size
_COLUMNS = [column for column in Event.__table__.columns if column.name != "id"]
_NAMES = [column.name for column in _COLUMNS]
# As the database keeps them: a moment that was made unreadable is a finding, not an error.
ROWS: Select[Any] = select(
    Event.id, *(type_coerce(one, String) if isinstance(one.type, Moment) else one for one in _COLUMNS)
).order_by(Event.id)
AT_ONCE = 1000


def digest(row: Row[Any]) -> bytes:
    """Of all columns that aren't empty but the id, which stands beside it: so a row that was moved is known again."""
    values: tuple[Any, ...] = tuple(row)[1:]
    says = {name: _plain(value) for name, value in zip(_NAMES, values, strict=True) if value is not None}
    return hashlib.sha256(written(says)).digest()


def digests(
    session: Session, *, upto: int, after: int | None = None, most: int | None = None
) -> Iterator[tuple[int, bytes]]:
    """(id, digest) of the rows with an id above `after` up to `upto`, in order, however many there are."""
    query = ROWS.where(Event.id <= upto) if after is None else ROWS.where(Event.id > after, Event.id <= upto)
    for row in session.execute(query.limit(most).execution_options(yield_per=AT_ONCE)):
        yield row[0], digest(row)


def packed(rows: list[tuple[int, bytes]]) -> bytes:
    """As a seal keeps them."""
    return b"".join(id_.to_bytes(_ID, signed=True) + one for id_, one in rows)


def unpacked(kept: bytes) -> dict[int, bytes]:
    """By id; whatever the bytes are."""
    parts = (kept[start : start + SIZE] for start in range(0, len(kept), SIZE))
    return {int.from_bytes(one[:_ID], signed=True): one[_ID:] for one in parts}


def seal_hash(seal: HistorySeal) -> str:
    """Over all that a seal says."""
    head = {
        "seal": seal.id,
        "first": seal.first_id,
        "last": seal.last_id,
        "previous": seal.previous,
        "at": _plain(seal.sealed_at),
        "by": seal.sealed_by,
    }
    return hashlib.sha256(written(head) + b"\n" + seal.digests).hexdigest()


def _plain(value: Any) -> Any:
    """A moment in UTC to the microsecond, which is the text that SQLite keeps of it."""
    if not isinstance(value, datetime):
        return value
    moment = value if value.tzinfo is None else value.astimezone(UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"


def written(says: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """In one way, whoever writes it."""
    return json.dumps(says, sort_keys=True, separators=(",", ":"), default=repr).encode("ascii")
