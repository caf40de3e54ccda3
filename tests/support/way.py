"""The way of a ticket, walked with the real operations by whoever has it; each step takes the ones before it."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import papers as exported
from exports.marks import Mark
from exports.papers import PaperData, QuoteData
from mikroserwis import access
from mikroserwis.access import SYSTEM, Actor
from mikroserwis.edge import Parts
from mikroserwis.models import Dealer, Quote, Subticket, Ticket, User
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.deliver import deliver_due
from mikroserwis.tickets import connectivity, documents
from mikroserwis.tickets.invoicing import operations as invoicing
from mikroserwis.tickets.invoicing.forms import InvoiceIn
from mikroserwis.tickets.operations import closing, company, export, papers, taking
from mikroserwis.tickets.operations.closing import NOT_NEEDED
from mikroserwis.tickets.operations.papers import Upload
from mikroserwis.tickets.quoting import forms, operations, queries
from mikroserwis.tickets.quoting.papers import quote_data
from mikroserwis.tickets.settlement import settlement
from tests.support.cast import EXCHANGE, LICENCE
from tests.support.other_side import Platform


@cache
def signed(kind: str, data: PaperData) -> bytes:
    """The finished paper of a ticket, with our codes on its pages; a scan that the upload accepts."""
    return exported.contract_pdf(data) if kind == "contract" else exported.power_of_attorney_pdf(data)


@cache
def quote_page(data: QuoteData) -> bytes:
    """Our own form of a quote, as it is printed."""
    return exported.quote_pdf(data)


@cache
def plain_page() -> bytes:
    """A PDF with something on it and no code of ours."""
    page = Image.new("L", (400, 600), 255)
    page.paste(0, (50, 100, 350, 120))
    out = io.BytesIO()
    page.save(out, "PDF")
    return out.getvalue()


class Way:
    """Brings a ticket to a state. Every step may be asked for again."""

    def __init__(self, parts: Parts, platform: Platform, clock: Callable[[], datetime]) -> None:
        self.parts = parts
        self.platform = platform
        self.clock = clock

    def actor(self, name: str) -> Actor:
        """The person with this e-mail, or the first of a dealer by the dealer's name."""
        with self.parts.database.reading() as session:
            query = select(User, Dealer.name).outerjoin(Dealer, Dealer.id == User.dealer_id)
            row = session.execute(query.where((User.email == name) | (Dealer.name == name))).first()
            assert row is not None, name
            user, dealer = row
            return Actor(
                user_id=user.id,
                name=user.name,
                role=user.role,
                dealer_id=user.dealer_id,
                dealer_name=dealer or "",
                source="api",
            )

    def state(self, number: int) -> str:
        with self.parts.database.reading() as session:
            return session.scalars(select(Ticket.state).where(Ticket.number == number)).one()

    def subtickets(self, number: int) -> list[int]:
        """Their ids."""
        with self.parts.database.reading() as session:
            query = select(Subticket.id).join(Ticket).where(Ticket.number == number).order_by(Subticket.id)
            return list(session.scalars(query))

    def taken(self, number: int, dealer: str = "Dealer Alfa") -> None:
        """By its caretaker, or out of the pool by `dealer`."""
        if self.state(number) != "new":
            return
        with self._ticket(number) as (session, ticket):
            who = self.actor(ticket.dealer.name if ticket.dealer else dealer)
            taking.take(session, ticket, actor=who, now=self.clock())

    def confirmed(self, number: int) -> None:
        """The company's data is vouched for: papers can be made."""
        self.taken(number)
        with self._ticket(number) as (session, ticket):
            company.confirm_company(session, ticket, actor=self.caretaker(ticket), now=self.clock())

    def quoted(self, number: int) -> int:
        """A quote is issued, of one piece for each kind of station; the number of the version that counts."""
        self.confirmed(number)
        with self._ticket(number) as (session, ticket):
            quote = queries.present(session, ticket) or self.issue(session, ticket)
            return quote.number

    def issue(self, session: Session, ticket: Ticket) -> Quote:
        lines = [{"item": code, "quantity": "1"} for code in (LICENCE, EXCHANGE)]
        now = self.clock()
        wanted = forms.read({"lines": lines}, now.astimezone(RULES.tz).date())
        return operations.issue(session, ticket, wanted, actor=self.caretaker(ticket), now=now)

    def scan(self, number: int, kind: str) -> bytes:
        """Bytes that a dealer may upload under this kind once the company is confirmed."""
        if kind == "quote":
            self.quoted(number)
            with self._ticket(number) as (session, ticket):
                quote = queries.present(session, ticket)
                assert quote is not None
                return quote_page(quote_data(ticket, quote))
        if kind not in papers.SCANNED:
            return plain_page()
        with self._ticket(number) as (_session, ticket):
            return signed(kind, documents.paper_data(ticket, self.clock().astimezone(RULES.tz).date()))

    def attached(self, number: int, kind: str, content: bytes | None = None) -> None:
        """Filed without the look into it that an upload takes."""
        scan = content or self.scan(number, kind)
        stored = self.parts.store.put(io.BytesIO(scan), limit=len(scan))
        marks = (Mark(number, "quote", self.quoted(number), 1, 1),) if kind == "quote" else ()
        upload = Upload(f"{kind}.pdf", stored.sha256, stored.size, "application/pdf", 1, marks)
        with self._ticket(number) as (session, ticket):
            papers.attach(session, ticket, upload, kind=kind, actor=self.caretaker(ticket), now=self.clock())

    def contract(self, number: int) -> None:
        """Every paper that the type needs is there, so the ticket has become a contract by itself."""
        if self.state(number) in {"new", "taken"}:
            self.confirmed(number)
            with self._ticket(number) as (_session, ticket):
                needed = RULES.ticket_types[ticket.type].documents
            for kind in needed:
                self.attached(number, kind)

    def exported(self, number: int) -> None:
        """The scans are queued."""
        self.contract(number)
        with self._ticket(number) as (session, ticket):
            export.export_scans(session, ticket, actor=self.caretaker(ticket), now=self.clock())

    def acknowledged(self, number: int) -> None:
        """The backoffice has sent its receipt."""
        self.exported(number)
        self.delivered()

    def delivered(self) -> None:
        """Carry out what lies in the outbox, over HTTP to the sandbox."""
        deliver_due(self.parts, self.clock, limit=50)

    def subtickets_taken(self, number: int) -> None:
        self.acknowledged(number)
        for one in self.subtickets(number):
            with self._subticket(one) as (session, subticket):
                taking.take_subticket(session, subticket, actor=self.caretaker(subticket.ticket), now=self.clock())

    def points_saved(self, number: int) -> None:
        """Nothing but the gate stands before the closing."""
        self.subtickets_taken(number)
        for one in self.subtickets(number):
            with self._subticket(one) as (session, subticket):
                company.save_point(
                    session,
                    subticket,
                    {"contact": "pani Bożena"},
                    version=None,
                    actor=self.caretaker(subticket.ticket),
                    now=self.clock(),
                )

    def closed(self, number: int) -> None:
        """Every sub-ticket is closed, the final invoice there where one is needed: the ticket closes by itself."""
        self.shops_closed(number)
        self.invoiced(number)

    def shops_closed(self, number: int) -> None:
        """Every station is switched on, every sub-ticket closed through the gate."""
        self.points_saved(number)
        for one in self.subtickets(number):
            with self._subticket(one) as (session, subticket):
                stations = subticket.stations_buy + subticket.stations_exchange
                self.platform.switch(subticket.point_id, *range(1, stations + 1), online=True)
                gated = RULES.ticket_types[subticket.ticket.type].connectivity
                check = connectivity.ask(self.parts.backoffice, subticket.point_id, stations) if gated else NOT_NEEDED
                who = self.caretaker(subticket.ticket)
                closing.close_subticket(session, subticket, check, actor=who, now=self.clock())

    def invoiced(self, number: int, *, of: str | None = None, who: str | None = None) -> None:
        """The final invoice, equal to the accepted quote; nothing where the type needs none."""
        page = plain_page()
        stored = self.parts.store.put(io.BytesIO(page), limit=len(page))
        upload = Upload("faktura.pdf", stored.sha256, stored.size, "application/pdf", 1)
        with self._ticket(number) as (session, ticket):
            accepted = settlement(session, ticket).accepted
            if accepted is None:
                return
            wanted = InvoiceIn(of or f"FV/{number}/2026", self.clock().astimezone(RULES.tz).date(), accepted.gross)
            actor = self.actor(who) if who else self.caretaker(ticket)
            invoicing.give(session, ticket, wanted, upload, actor=actor, now=self.clock())

    def caretaker(self, ticket: Ticket) -> Actor:
        assert ticket.dealer is not None
        return self.actor(ticket.dealer.name)

    @contextmanager
    def _ticket(self, number: int) -> Iterator[tuple[Session, Ticket]]:
        with self.parts.database.transaction() as session:
            yield session, access.ticket(session, SYSTEM, number, "ticket.reassign")

    @contextmanager
    def _subticket(self, subticket_id: int) -> Iterator[tuple[Session, Subticket]]:
        with self.parts.database.transaction() as session:
            yield (
                session,
                access.subticket(session, self.actor("operator@office.example"), subticket_id, "subticket.see"),
            )
