"""The proof: every seal against the one before it, every row against its seal, all masks against what was declared."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis.db import Database
from mikroserwis.models import Anonymised, Event, HistorySeal
from mikroserwis.seals import masks
from mikroserwis.seals.digests import SIZE, digests, seal_hash, unpacked

# So many findings are kept; more are counted.
KEPT = 1000
OfSeals = Literal["altered", "removed", "inserted", "moved", "seal_altered", "seal_removed", "anchor_missing"]
Kind = Literal[OfSeals, "masks_altered", "masks_undeclared", "masks_gone"]
Row = tuple[int, bytes]


@dataclass(frozen=True)
class Finding:
    """What is wrong with a row, or with a seal where there is no row.

    `was`: the id under which a moved row was sealed. `anchor`: a hash that was kept and that no seal has any more.
    Of masks: the Anonymised whose they are, its label, and the first of the rows over which its masks lie.
    """

    kind: Kind
    seal: int | None = None
    row: int | None = None
    was: int | None = None
    anchor: str | None = None
    act: str | None = None
    label: str | None = None
    rows: tuple[int, ...] = ()


@dataclass
class Proof:
    """`head` is the newest seal's hash, `last_id` the last row that it seals; `findings` are the first KEPT."""

    seals: int = 0
    rows: int = 0
    masks: int = 0
    head: str = ""
    last_id: int = 0
    sealed_at: datetime | None = None
    unsealed: int = 0
    unsealed_since: datetime | None = None
    found: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.found

    def add(self, finding: Finding) -> None:
        self.found += 1
        if len(self.findings) < KEPT:
            self.findings.append(finding)


def verify(
    database: Database, anchors: Iterable[str] = (), beat: Callable[[], None] = lambda: None, *, every: int = 100
) -> Proof:
    """Read in one snapshot, in little memory. `beat` is called each so many seals.

    `anchors` are hashes that were kept elsewhere: a chain that was cut off at its end, or made anew from a place on,
    is whole in itself, but has no seal of this hash any more.
    """
    proof, awaited = Proof(), {one.lower() for one in anchors}
    with database.snapshot() as session:
        upto = session.scalar(select(func.max(HistorySeal.last_id))) or 0
        rows = _Rows(digests(session, upto=upto))
        for seal in _seals(session):
            _against_the_former(proof, seal)
            for finding in _against_rows(seal, rows, fresh=seal.id == proof.seals + 1):
                proof.add(finding)
            awaited.discard(seal.hash)
            proof.seals, proof.head, proof.last_id, proof.sealed_at = seal.id, seal.hash, seal.last_id, seal.sealed_at
            if seal.id % every == 0:
                beat()
        proof.rows = rows.read
        newer = select(func.count(), func.min(Event.at)).where(Event.id > upto)
        proof.unsealed, proof.unsealed_since = session.execute(newer).one()
        beat()
        for finding in _against_masks(session, proof):
            proof.add(finding)
    for anchor in sorted(awaited):
        proof.add(Finding("anchor_missing", anchor=anchor))
    return proof


class _Rows:
    """Rows in order, taken away up to an id."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._ahead: Row | None = next(rows, None)
        self.read = 0

    def upto(self, last: int) -> Iterator[Row]:
        while self._ahead is not None and self._ahead[0] <= last:
            self.read += 1
            yield self._ahead
            self._ahead = next(self._rows, None)


def _seals(session: Session) -> Iterator[HistorySeal]:
    query = select(HistorySeal).order_by(HistorySeal.id).execution_options(yield_per=10)
    for seal in session.scalars(query):
        yield seal
        session.expunge(seal)


def _against_the_former(proof: Proof, seal: HistorySeal) -> None:
    missing = range(proof.seals + 1, seal.id)
    for number in missing[:KEPT]:
        proof.add(Finding("seal_removed", seal=number))
    if seal_hash(seal) != seal.hash:
        proof.add(Finding("seal_altered", seal=seal.id))
    elif not missing and seal.previous != proof.head:
        # This one is whole and knows another hash: the former was made anew.
        proof.add(Finding("seal_altered", seal=seal.id - 1))


def _against_rows(seal: HistorySeal, rows: _Rows, *, fresh: bool) -> Iterator[Finding]:
    """`fresh`: the former seal is there, so that all rows up to here are this one's."""
    sealed = unpacked(seal.digests) if len(seal.digests) % SIZE == 0 else {}
    found = dict(rows.upto(seal.last_id))
    if not fresh:
        found = {id_: one for id_, one in found.items() if id_ >= seal.first_id}
    if found == sealed:
        return
    places = {one: id_ for id_, one in sealed.items()}
    moved = {id_: places[one] for id_, one in found.items() if one in places and sealed.get(id_) != one}
    for id_ in sorted(found.keys() | sealed.keys()):
        if id_ in moved:
            yield Finding("moved", seal.id, id_, moved[id_])
        elif id_ not in sealed:
            yield Finding("inserted", seal.id, id_)
        elif id_ not in found and id_ not in moved.values():
            yield Finding("removed", seal.id, id_)
        elif id_ in found and found[id_] != sealed[id_]:
            yield Finding("altered", seal.id, id_)


def _against_masks(session: Session, proof: Proof) -> Iterator[Finding]:
    labels = {str(id_): label for id_, label in session.execute(select(Anonymised.id, Anonymised.label))}
    declared = masks.declared(session)
    for found in masks.standing(session):
        proof.masks += found.count
        said = declared.pop(found.act, None)
        if said != found.digest:
            kind: Kind = "masks_undeclared" if said is None else "masks_altered"
            yield Finding(kind, act=found.act, label=labels.get(found.act), rows=found.rows)
    for act, said in declared.items():
        if said != masks.NOTHING or act not in labels:
            yield Finding("masks_gone", act=act, label=labels.get(act))
