"""What staff do with the forms of papers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict, FieldError, Invalid
from mikroserwis.models import PaperForm
from mikroserwis.paper_forms import queries

LONGEST_REMARK = 500


@dataclass(frozen=True)
class Upload:
    """A form whose bytes are in the store and that has been checked without a refusal."""

    name: str
    sha256: str
    size: int


def add(
    session: Session, paper: str, upload: Upload, remark: str, *, actor: Actor, now: datetime
) -> tuple[PaperForm, bool]:
    """A new version, not in force yet; whether it is the newest one's file once more, which then stays as it is.

    Raises Invalid for a remark that is too long.
    """
    if len(remark) > LONGEST_REMARK:
        raise Invalid([FieldError("remark", "too_long", {"limit": LONGEST_REMARK, "length": len(remark)})])
    newest = queries.newest(session, paper)
    if newest is not None and newest.sha256 == upload.sha256:
        return newest, True
    form = PaperForm(
        paper=paper,
        number=newest.number + 1 if newest else 1,
        name=upload.name,
        sha256=upload.sha256,
        size=upload.size,
        remark=remark.strip(),
        uploaded_at=now,
        uploaded_by=actor.label,
    )
    session.add(form)
    session.flush()
    history.record(session, "form_add", actor=actor, now=now, paper_form=form, number=form.number, name=form.name)
    return form, False


def put_in_force(session: Session, form: PaperForm, *, instead_of: int | None, actor: Actor, now: datetime) -> None:
    """From now on papers are made on this form. `instead_of` is the number of the one that was in force when the
    person decided, 0 for the shipped one, None for whichever.

    Done already: nothing happens. Raises Conflict if another one is in force by now.
    """
    if form.in_force:
        return
    present = _present(session, form.paper, instead_of)
    if present is not None:
        present.in_force = False
        session.flush()
    form.in_force, form.put_in_force_at, form.put_in_force_by = True, now, actor.label
    session.flush()
    history.record(session, "form_in_force", actor=actor, now=now, paper_form=form, number=form.number)


def back_to_shipped(session: Session, paper: str, *, instead_of: int | None, actor: Actor, now: datetime) -> None:
    """Papers are made on the shipped form again; the versions stay. Raises Conflict as above."""
    present = _present(session, paper, instead_of)
    if present is None:
        return
    present.in_force = False
    session.flush()
    history.record(session, "form_shipped", actor=actor, now=now, paper_form=present, number=present.number)


def _present(session: Session, paper: str, instead_of: int | None) -> PaperForm | None:
    present = queries.in_force(session, paper, lock=True)
    if instead_of is not None and instead_of != (present.number if present else 0):
        raise Conflict("changed_meanwhile")
    return present
