"""Forms of papers as they are kept."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.errors import NotFound
from mikroserwis.models import Event, PaperForm

ENTRIES = 50


def newest(session: Session, paper: str) -> PaperForm | None:
    query = select(PaperForm).where(PaperForm.paper == paper).order_by(PaperForm.number.desc()).limit(1)
    return session.scalars(query).one_or_none()


def in_force(session: Session, paper: str, *, lock: bool = False) -> PaperForm | None:
    """None: the shipped form is. A `lock` makes a second person who decides wait."""
    query = select(PaperForm).where(PaperForm.paper == paper, PaperForm.in_force)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def all_in_force(session: Session) -> dict[str, PaperForm]:
    """By paper."""
    return {one.paper: one for one in session.scalars(select(PaperForm).where(PaperForm.in_force))}


def versions(session: Session, paper: str) -> list[PaperForm]:
    """The newest first."""
    return list(session.scalars(select(PaperForm).where(PaperForm.paper == paper).order_by(PaperForm.number.desc())))


def load(session: Session, paper: str, number: int) -> PaperForm:
    """Raises NotFound."""
    found = session.scalars(select(PaperForm).where(PaperForm.paper == paper, PaperForm.number == number))
    form = found.one_or_none()
    if form is None:
        raise NotFound(record="paper_form", id=f"{paper}/{number}")
    return form


def events(session: Session, paper: str) -> list[Event]:
    """The last things that were done to the forms of a paper, the newest first."""
    query = (
        select(Event)
        .join(PaperForm, PaperForm.id == Event.paper_form_id)
        .where(PaperForm.paper == paper)
        .order_by(Event.id.desc())
        .limit(ENTRIES)
    )
    return list(session.scalars(query))
