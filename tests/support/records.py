"""Records of the slices around the tickets, for tests that only need one to be there."""

import io
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select

from exports.forms import shipped
from mikroserwis.edge import Parts
from mikroserwis.models import (
    Assignment,
    BulkAct,
    BulkLine,
    CustomerContact,
    DeadlineExtension,
    Dealer,
    DealerAbsence,
    Handover,
    JobRun,
    Material,
    PaperForm,
    SavedView,
    Ticket,
    User,
    UserPicture,
)
from mikroserwis.pricing import today
from tests.support.cast import PEOPLE, SAM
from tests.support.way import plain_page


def a_view(parts: Parts, who: str = "alfa") -> int:
    """The id of a view that this person keeps."""
    with parts.database.transaction() as session:
        user_id = session.scalars(select(User.id).where(User.email == PEOPLE[who].email)).one()
        view = SavedView(user_id=user_id, name="Pula", name_key="pula", query="view=pool", created_at=datetime.now(UTC))
        session.add(view)
        session.flush()
        return view.id


def an_account(parts: Parts, who: str) -> int:
    """The id of this person's account."""
    with parts.database.reading() as session:
        return session.scalars(select(User.id).where(User.email == PEOPLE[who].email)).one()


def a_picture(parts: Parts) -> int:
    """The id of an account that has a picture, of nobody in the cast."""
    sha256 = parts.store.put(io.BytesIO(b"RIFF"), limit=100).sha256
    with parts.database.transaction() as session:
        user = User(email="logo@x.example", name="Logo", role="dealer", dealer_id=1, created_at=datetime.now(UTC))
        session.add(user)
        session.flush()
        session.add(UserPicture(user_id=user.id, sha256=sha256))
        return user.id


def a_customer_of(parts: Parts, number: int) -> int:
    """The id of the customer of this ticket, with one of its people."""
    with parts.database.transaction() as session:
        customer_id = session.scalars(select(Ticket.customer_id).where(Ticket.number == number)).one()
        session.add(CustomerContact(customer_id=customer_id, name="Bożena"))
        return customer_id


def an_absence(parts: Parts, who: str = "alfa") -> int:
    """The id of an absence of this person's dealer that began yesterday and goes on for a week."""
    now, day = datetime.now(UTC), timedelta(days=1)
    with parts.database.transaction() as session:
        dealer_id = session.scalars(select(Dealer.id).where(Dealer.name == PEOPLE[who].dealer)).one()
        days = {"first_day": today(now) - day, "last_day": today(now) + 7 * day}
        absence = DealerAbsence(dealer_id=dealer_id, **days, entered_at=now, entered_by="Olga")
        session.add(absence)
        session.flush()
        return absence.id


def a_material(parts: Parts) -> int:
    """The id of a published PDF for every type of ticket."""
    page, now = plain_page(), datetime.now(UTC)
    stored = parts.store.put(io.BytesIO(page), limit=len(page))
    file = {"file_name": "kurs.pdf", "sha256": stored.sha256, "size": stored.size, "pages": 1}
    with parts.database.transaction() as session:
        material = Material(kind="pdf", title="Kurs", **file, created_at=now, created_by="Olga", renewed_at=now)
        session.add(material)
        session.flush()
        return material.id


def a_form(parts: Parts, paper: str = "contract", content: bytes | None = None, *, in_force: bool = False) -> int:
    """The number of a new version of a paper's form; the shipped one if no content is given."""
    form, now = content or shipped(paper), datetime.now(UTC)
    stored = parts.store.put(io.BytesIO(form), limit=len(form))
    with parts.database.transaction() as session:
        number = session.scalar(select(func.count()).where(PaperForm.paper == paper)) or 0
        session.add(
            PaperForm(
                paper=paper,
                number=number + 1,
                name="wzor.docx",
                sha256=stored.sha256,
                size=stored.size,
                in_force=in_force,
                uploaded_at=now,
                uploaded_by="Olga",
                put_in_force_at=now if in_force else None,
                put_in_force_by="Olga" if in_force else None,
            )
        )
    return number + 1


def a_bulk_act(parts: Parts) -> str:
    """The name of an act that put no ticket into the pool."""
    with parts.database.transaction() as session:
        user = session.scalars(select(User).where(User.email == PEOPLE["operator"].email)).one()
        act = BulkAct(
            batch=uuid4().hex,
            act="pool",
            reason="Zmiana dealera",
            user_id=user.id,
            user=user.name,
            source="web",
            created_at=datetime.now(UTC),
            total=1,
            state="done",
        )
        session.add(act)
        session.flush()
        session.add(BulkLine(act_id=act.id, place=1, number=999_999, state="refused", told=_UNKNOWN))
        return act.batch


_UNKNOWN = '{"problem": {"code": "not_found", "params": {}}}'


def a_handover(parts: Parts) -> int:
    """The id of a change of dealer of ticket 115, from Alfa into the pool."""
    with parts.database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == SAM)).one()
        made = Handover(
            ticket_id=ticket.id,
            at=datetime.now(UTC),
            how="staff",
            former_dealer_id=ticket.dealer_id,
            before=_NOTHING_ALONG,
        )
        session.add(made)
        session.flush()
        return made.id


def a_request(parts: Parts) -> int:
    """The id of a request for more time that Alfa made for ticket 115 and staff refused."""
    with parts.database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == SAM)).one()
        tenure = session.scalars(select(Assignment).where(Assignment.ticket_id == ticket.id)).first()
        assert tenure is not None
        asked = DeadlineExtension(
            ticket_id=ticket.id,
            assignment_id=tenure.id,
            stage="take",
            state="refused",
            until=date(2026, 6, 2),
            reason="Remont",
            asked_at=datetime.now(UTC),
            asked_by="Łukasz",
        )
        session.add(asked)
        session.flush()
        return asked.id


_NOTHING_ALONG = '{"state": "new", "suspended_from": null, "confirmed_version": null, "subtickets": []}'


def a_run(parts: Parts) -> int:
    """The id of a run of the ledger that tidied up."""
    with parts.database.transaction() as session:
        now = datetime.now(UTC)
        made = JobRun(job="tidy", due="2026-05-27", started_at=now, ended_at=now, process="x:1", result="{}")
        session.add(made)
        session.flush()
        return made.id
