"""What lies over the history where anonymised persons occur: what an act's masks say as a digest, and what it declared.

Masks aren't sealed, as a later act may replace one. But each act of making anonymous is a sealed row, and declares the
digest of its masks, and that of each former act from which it took one over: the last declaration is what has to stand.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from mikroserwis.models import Event, HistoryMask
from mikroserwis.seals.digests import AT_ONCE, written

DECLARED_BY = "person_anonymise"
NOTHING = hashlib.sha256().hexdigest()
# So many rows of an act are named in a finding.
NAMED = 10
_MASKS: Select[*tuple[Any, ...]] = (
    select(
        HistoryMask.anonymised_id,
        HistoryMask.event_id,
        HistoryMask.actor,
        HistoryMask.address,
        HistoryMask.changes,
        HistoryMask.data,
    )
    .order_by(HistoryMask.anonymised_id, HistoryMask.event_id)
    .execution_options(yield_per=AT_ONCE)
)


@dataclass(frozen=True)
class Masks:
    """All of one act, the id of its Anonymised; `rows` are the first NAMED that they lie over."""

    act: str
    digest: str
    count: int
    rows: tuple[int, ...]


def digest(session: Session, act: int) -> str:
    """Of its masks as they are now, however many."""
    return _summed(str(act), session.execute(_MASKS.where(HistoryMask.anonymised_id == act))).digest


def standing(session: Session) -> Iterator[Masks]:
    """Of every act that has masks."""
    for act, found in groupby(session.execute(_MASKS), key=lambda row: row[0]):
        yield _summed(str(act), found)


def declared(session: Session) -> dict[str, Any]:
    """By act the digest that was declared last, as it is sealed; a row that can't be read has declared nothing."""
    found: dict[str, Any] = {}
    rows = select(Event._data).where(Event.verb == DECLARED_BY).order_by(Event.id)
    for data in session.scalars(rows.execution_options(yield_per=AT_ONCE)):
        try:
            said = json.loads(data)
        except (ValueError, TypeError, RecursionError):
            continue
        if isinstance(said, dict) and isinstance(said.get("masks"), dict):
            found.update(said["masks"])
    return found


def _summed(act: str, masks: Iterable[Row[Any]]) -> Masks:
    """A line each, in order of the rows they lie over."""
    hashed, count, rows = hashlib.sha256(), 0, list[int]()
    for mask in masks:
        _act, *says = tuple(mask)
        hashed.update(written(says) + b"\n")
        count += 1
        if count <= NAMED:
            rows.append(says[0])
    return Masks(act, hashed.hexdigest(), count, tuple(rows))
