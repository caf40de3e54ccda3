"""The history is sealed every minute, and each night the whole chain is proved: staff are told if it doesn't hold."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.edge import Parts
from mikroserwis.models import JobRun
from mikroserwis.seals.masks import NAMED
from mikroserwis.seals.proof import Finding, verify
from mikroserwis.seals.sealing import BATCH, seal
from mikroserwis.sweeps.ledger import Clock, Run

JOB = "audit"
# So many nights back, a chain that was cut off is known by its newest seal of then.
REMEMBERED = 30
_NAMED = 10


class ChainBroken(Exception):
    """The history isn't what was sealed."""


def work(parts: Parts, now: Clock) -> bool:
    """One seal; True if there may be rows enough for another whole one."""
    made = seal(parts.database, now())
    return made is not None and made.count == BATCH


def prove(parts: Parts, run: Run) -> Mapping[str, Any]:
    """Seal what can be, then read everything. Raises ChainBroken, which the ledger tells staff of."""
    while work(parts, run.clock):
        run.beat()
    with parts.database.reading() as session:
        anchors = heads(session)
    proof = verify(parts.database, anchors, run.beat)
    if not proof.is_whole:
        named = "; ".join(in_words(one) for one in proof.findings[:_NAMED])
        raise ChainBroken(f"{proof.found} findings: {named}{' …' if proof.found > _NAMED else ''}")
    return {"sealed_rows": proof.rows, "seals": proof.seals, "unsealed": proof.unsealed, "head": proof.head}


def heads(session: Session) -> list[str]:
    """The newest seals' hashes as the last nights have found them."""
    proved = (JobRun.job == JOB, JobRun.ended_at.is_not(None), JobRun.error.is_(None))
    results = session.scalars(select(JobRun.result).where(*proved).order_by(JobRun.id.desc()).limit(REMEMBERED))
    return [head for one in results if one and (head := json.loads(one).get("head"))]


def in_words(finding: Finding) -> str:
    """For the terminal and the ledger."""
    row, seal_ = finding.row, finding.seal
    whose = finding.label or f"anonymous person {finding.act}"
    over = f"rows {', '.join(map(str, finding.rows))}{' …' if len(finding.rows) == NAMED else ''}"
    return {
        "altered": f"row {row} was altered (seal {seal_})",
        "removed": f"row {row} was removed (seal {seal_})",
        "inserted": f"row {row} was put in afterwards (seal {seal_})",
        "moved": f"row {row} was moved: it was sealed as row {finding.was} (seal {seal_})",
        "seal_altered": f"seal {seal_} was altered",
        "seal_removed": f"seal {seal_} was removed",
        "anchor_missing": f"no seal has the kept hash {finding.anchor}: the chain was cut off or made anew",
        "masks_altered": f"masks of {whose} aren't those declared: altered, removed or put in (now over {over})",
        "masks_undeclared": f"masks of {whose} were never declared (over {over})",
        "masks_gone": f"masks of {whose} were declared and are gone",
    }[finding.kind]
