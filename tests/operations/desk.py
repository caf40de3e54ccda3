"""Operations as people do them: each act loads its record within the person's scope, in a transaction of its own."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from exports.marks import Mark
from mikroserwis import access
from mikroserwis.access import SYSTEM, Actor
from mikroserwis.db import Database, make_engine
from mikroserwis.models import (
    Assignment,
    Dealer,
    DealerArea,
    DealerType,
    Delivery,
    Event,
    File,
    FinalInvoice,
    Message,
    OutboxItem,
    Subticket,
    Ticket,
    User,
)
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.invoicing import operations as invoicing
from mikroserwis.tickets.invoicing.forms import InvoiceIn
from mikroserwis.tickets.operations import closing, company, export, papers, taking
from mikroserwis.tickets.operations.closing import NOT_NEEDED, Check
from mikroserwis.tickets.operations.intake import create
from mikroserwis.tickets.operations.papers import Upload
from mikroserwis.tickets.quoting import forms, queries
from mikroserwis.tickets.quoting.operations import issue
from mikroserwis.tickets.settlement import settlement
from tests.support import cast
from tests.support.cast import LICENCE
from workflows import Connectivity

PROVEN = Check(Connectivity.PROVEN, evidence={"check_id": "c-1"})
LEGIBLE = {"quote": "wycena.pdf", "contract": "umowa.pdf", "power_of_attorney": "pelnomocnictwo.pdf"}
Act = Callable[..., Any]


class Desk:
    """One database, the people of the cast, and a clock that goes on when it is told to."""

    def __init__(self, url: str) -> None:
        self.database = Database(make_engine(url, pool_size=60), base_url="http://localhost")
        self.now = datetime.now(UTC)

    def later(self, **by: float) -> datetime:
        """Move the clock on, as `timedelta` counts."""
        self.now += timedelta(**by)
        return self.now

    def actor(self, name: str) -> Actor:
        """A person of the cast by short name."""
        email = cast.PEOPLE[name].email
        with self.database.reading() as session:
            row = session.execute(
                select(User, Dealer.name).outerjoin(Dealer, Dealer.id == User.dealer_id).where(User.email == email)
            ).one()
            user, dealer = row
            return Actor(
                user_id=user.id, name=user.name, role=user.role, dealer_id=user.dealer_id, dealer_name=dealer or ""
            )

    def add_dealer(self, name: str, crm_id: int, *areas: str, **fields: Any) -> Actor:
        """A dealer certified for every type, and somebody who acts for it."""
        types = fields.pop("types", RULES.type_names)
        with self.database.transaction() as session:
            dealer = Dealer(
                crm_id=crm_id,
                name=name,
                email=f"{crm_id}@dealer.example",
                areas=[DealerArea(prefix=area) for area in areas],
                types=[DealerType(type=each) for each in types],
                **fields,
            )
            session.add(dealer)
            session.flush()
            return Actor(user_id=None, name=name, role="dealer", dealer_id=dealer.id, dealer_name=name)

    def change_dealer(self, actor: Actor, **fields: Any) -> None:
        with self.database.transaction() as session:
            dealer = session.get_one(Dealer, actor.dealer_id)
            for field, value in fields.items():
                setattr(dealer, field, value)

    def intake(self, number: int, actor: Actor = SYSTEM, **changed: Any) -> bool:
        """As the CRM sends it; whether it was new."""
        values = cast.intake(number, **changed)
        with self.database.transaction() as session:
            incoming = intake_form.read(values, self.now.astimezone(RULES.tz).date())
            return create(session, incoming, source="api", actor=actor, now=self.now)[1]

    def do(self, act: Act, number: int, who: Actor | str, permission: str, **words: Any) -> Any:
        """An act on a ticket."""
        actor = self.actor(who) if isinstance(who, str) else who
        with self.database.transaction() as session:
            ticket = access.ticket(session, actor, number, permission)
            return act(session, ticket, actor=actor, now=self.now, **words)

    def do_sub(self, act: Act, subticket_id: int, who: Actor | str, permission: str, *given: Any, **words: Any) -> Any:
        """An act on a sub-ticket."""
        actor = self.actor(who) if isinstance(who, str) else who
        with self.database.transaction() as session:
            subticket = access.subticket(session, actor, subticket_id, permission)
            return act(session, subticket, *given, actor=actor, now=self.now, **words)

    def look(self, question: Callable[[Session, Ticket], Any], number: int, who: Actor = SYSTEM) -> Any:
        """An answer about a ticket, read as this person."""
        with self.database.reading() as session:
            return question(
                session, access.ticket(session, who, number, "ticket.see" if who.role != "system" else REACH)
            )

    def take(self, number: int, who: Actor | str) -> None:
        self.do(taking.take, number, who, "ticket.take")

    def confirm(self, number: int, who: Actor | str) -> None:
        self.do(company.confirm_company, number, who, "company.edit")

    def attach(self, number: int, kind: str, who: Actor | str, content: str = "") -> tuple[File, bool]:
        """A scan that has been looked into already."""
        sha256 = hashlib.sha256(f"{number} {kind} {content}".encode()).hexdigest()
        marks = (Mark(number, "quote", self.quoted(number, who), 1, 1),) if kind == "quote" else ()
        upload = Upload(LEGIBLE.get(kind, "plik.pdf"), sha256, 1000, "application/pdf", 1, marks)
        attached: tuple[File, bool] = self.do(papers.attach, number, who, "files.add", upload=upload, kind=kind)
        return attached

    def quoted(self, number: int, who: Actor | str) -> int:
        """A quote is issued, if need be of data that were confirmed then; the number of the version that counts."""

        def present_or_new(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> int:
            lines = [{"item": LICENCE, "quantity": "1"}]
            wanted = forms.read({"lines": lines}, now.astimezone(RULES.tz).date())
            confirmed, ticket.confirmed_version = ticket.confirmed_version, ticket.customer.version
            quote = queries.present(session, ticket) or issue(session, ticket, wanted, actor=actor, now=now)
            ticket.confirmed_version = confirmed
            return quote.number

        made: int = self.do(present_or_new, number, who, "quotes.make")
        return made

    def contract(self, number: int, who: Actor | str) -> None:
        """Taken, confirmed, every paper on file: a contract by itself."""
        self.take(number, who)
        self.confirm(number, who)
        for kind in RULES.ticket_types[self.ticket(number).type].documents:
            self.attach(number, kind, who)

    def acknowledged(self, number: int, who: Actor | str) -> int:
        """The scans have gone out and their receipt is here; the delivery's id."""
        delivery_id: int = self.do(export.export_scans, number, who, "ticket.export").id
        self.receipt(delivery_id)
        return delivery_id

    def receipt(self, delivery_id: int, receipt: str = "R-1") -> None:
        with self.database.transaction() as session:
            export.acknowledge(session, delivery_id, receipt, now=self.now)
            session.get_one(OutboxItem, session.get_one(Delivery, delivery_id).item_id).state = "delivered"

    def ready(self, number: int, who: Actor | str) -> list[int]:
        """Every sub-ticket is taken, its point saved, the invoice there: nothing but the gate is left. Their ids."""
        ids = self.at_work(number, who)
        self.invoice(number, who)
        return ids

    def at_work(self, number: int, who: Actor | str) -> list[int]:
        """The same without the invoice."""
        self.contract(number, who)
        self.acknowledged(number, who)
        ids = self.subticket_ids(number)
        for one in ids:
            self.do_sub(taking.take_subticket, one, who, "subticket.take")
            self.save_point(one, who)
        return ids

    def invoice(self, number: int, who: Actor | str, /, **changed: Any) -> FinalInvoice | None:
        """The final invoice, equal to the accepted quote unless `changed` says otherwise; none without such a quote."""
        accepted = self.look(lambda session, ticket: settlement(session, ticket).accepted, number)
        if accepted is None:
            return None
        usual = {"number": f"FV/{number}", "issued_on": self.now.astimezone(RULES.tz).date(), "gross": accepted.gross}
        return self.give(number, who, **{**usual, **changed})

    def give(self, number: int, who: Actor | str, /, **values: Any) -> FinalInvoice:
        """An invoice, whatever it says."""
        wanted = InvoiceIn(**values)
        upload = Upload("faktura.pdf", hashlib.sha256(repr(wanted).encode()).hexdigest(), 1000, "application/pdf", 1)
        given: tuple[FinalInvoice, bool] = self.do(
            invoicing.give, number, who, "invoice.give", wanted=wanted, upload=upload
        )
        return given[0]

    def save_point(self, subticket_id: int, who: Actor | str) -> None:
        values = {"contact": "pani Bożena"}
        self.do_sub(company.save_point, subticket_id, who, "point.edit", values, version=None)

    def close(self, subticket_id: int, who: Actor | str, check: Check = PROVEN) -> None:
        self.do_sub(closing.close_subticket, subticket_id, who, "subticket.close", check)

    def close_all(self, number: int, who: Actor | str) -> None:
        gated = RULES.ticket_types[self.ticket(number).type].connectivity
        for one in self.ready(number, who):
            self.close(one, who, PROVEN if gated else NOT_NEEDED)

    def ticket(self, number: int) -> Ticket:
        """As it stands now, with all that belongs to it, cut off from the database."""
        with self.database.reading() as session:
            loads = (
                joinedload(Ticket.customer),
                joinedload(Ticket.dealer),
                selectinload(Ticket.subtickets).joinedload(Subticket.point),
            )
            found = session.scalars(select(Ticket).where(Ticket.number == number).options(*loads)).one()
            session.expunge_all()
            return found

    def subticket_ids(self, number: int) -> list[int]:
        return [one.id for one in self.ticket(number).subtickets]

    def verbs(self, number: int) -> list[str]:
        """The ticket's history in order."""
        return [one.verb for one in self.rows(Event, number)]

    def mails(self, number: int, event: str) -> list[Message]:
        return [one for one in self.rows(Message, number) if one.event == event]

    def tenures(self, number: int) -> list[Assignment]:
        return list(self.rows(Assignment, number))

    def rows(self, model: Any, number: int) -> list[Any]:
        """Rows that bear the ticket's id, oldest first."""
        with self.database.reading() as session:
            ticket_id = session.scalars(select(Ticket.id).where(Ticket.number == number)).one()
            found = session.scalars(select(model).where(model.ticket_id == ticket_id).order_by(model.id)).all()
            session.expunge_all()
            return list(found)


REACH = "ticket.reassign"
