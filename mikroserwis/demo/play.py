"""The acts of the demo's people: each is a real operation in a transaction of its own, at a moment of the past."""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Self

import pypdfium2
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice_client import Connectivity, Station
from exports.marks import Mark
from exports.papers import contract_pdf, power_of_attorney_pdf
from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.demo.invoice import invoice_pdf
from mikroserwis.edge import Parts
from mikroserwis.models import Subticket, Ticket
from mikroserwis.pricing import offered, today
from mikroserwis.rulebook import RULES
from mikroserwis.scans import PDF, XLSX
from mikroserwis.sweeps.deliver import deliver_due
from mikroserwis.tickets import documents
from mikroserwis.tickets.invoicing.forms import InvoiceIn
from mikroserwis.tickets.invoicing.operations import give
from mikroserwis.tickets.operations import closing, company, export, handover, notes, papers, pausing, taking
from mikroserwis.tickets.operations.papers import Upload
from mikroserwis.tickets.quoting.forms import QuoteIn, read
from mikroserwis.tickets.quoting.operations import issue
from mikroserwis.tickets.quoting.papers import counts, printed
from mikroserwis.tickets.settlement import settlement
from workflows import Connectivity as Verdict

_PAPERS = {"contract": contract_pdf, "power_of_attorney": power_of_attorney_pdf}
_NAMES = {"contract": "umowa", "power_of_attorney": "pelnomocnictwo"}
# Items of the demo's price list by the stations that they are counted by.
_QUOTED = {"PCPOS-LIC": "buy", "PCPOS-WYM": "exchange", "INST-STAN": "all"}
_NOTES = (
    "Umówiłem się z właścicielem na przyszły tydzień, po dostawie.",
    "Detalista prosi o kontakt po godzinie 14.",
    "Sprzęt zamówiony, czekamy na dostawę terminala.",
    "Sklep w remoncie do końca miesiąca, właściciel oddzwoni.",
)


class Player:
    """Acts on tickets by number, as the dealer who has the ticket, or as the operator."""

    def __init__(self, parts: Parts, actors: Mapping[int | str, Actor]) -> None:
        self._parts = parts
        self._actors = actors
        self._printer = ThreadPoolExecutor(2, "printer")
        self._printed: dict[int, dict[str, Future[bytes]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._printer.shutdown(cancel_futures=True)

    def take(self, number: int, now: datetime) -> None:
        with self._as_dealer(number, "ticket.take") as (session, ticket, actor):
            taking.take(session, ticket, actor=actor, now=now)

    def note(self, number: int, now: datetime) -> None:
        with self._as_dealer(number, "notes.add") as (session, ticket, actor):
            notes.add_note(session, ticket, _NOTES[number % len(_NOTES)], actor=actor, now=now)

    def confirm(self, number: int, now: datetime) -> None:
        """From here on the papers can be made; that takes a while, and happens beside what comes next."""
        with self._as_dealer(number, "company.edit") as (session, ticket, actor):
            company.confirm_company(session, ticket, actor=actor, now=now)
            session.flush()
            data = documents.paper_data(ticket, today(now))
            self._printed[number] = {kind: self._printer.submit(make, data) for kind, make in _PAPERS.items()}

    def quote(self, number: int, now: datetime) -> None:
        """Made from the price list, shown to the retailer, filed as the sheet that it is."""
        with self._as_dealer(number, "quotes.make") as (session, ticket, actor):
            if RULES.ticket_types[ticket.type].quote:
                wanted = _quote(ticket, {one.code for one in offered(session, ticket.type, today(now))}, now)
                quote = issue(session, ticket, wanted, actor=actor, now=now)
                made = printed(session, self._parts.store, ticket, quote, "xlsx")
                stored = self._stored(f"{number}-wycena-{quote.number}.xlsx", made, XLSX)
                upload = replace(stored, marks=(Mark(number, "quote", quote.number, 1, 1),))
                papers.attach(session, ticket, upload, kind="quote", actor=actor, now=now)

    def sign(self, number: int, now: datetime) -> None:
        """The quote, then the papers as they come back signed: the ticket becomes a contract by itself."""
        self.quote(number, now)
        with self._as_dealer(number, "files.add") as (session, ticket, actor):
            for kind, printed in self._printed.pop(number).items():
                upload = self._scan(printed.result(), ticket, kind)
                papers.attach(session, ticket, upload, kind=kind, actor=actor, now=now)

    def export(self, number: int, now: datetime) -> None:
        """The backoffice acknowledges before anything else happens."""
        with self._as_dealer(number, "ticket.export") as (session, ticket, actor):
            export.export_scans(session, ticket, actor=actor, now=now)
        while deliver_due(self._parts, lambda: now, limit=100).tried:
            pass

    def take_shops(self, number: int, now: datetime) -> None:
        with self._as_dealer(number, "ticket.see") as (session, ticket, actor):
            for one in ticket.subtickets:
                taking.take_subticket(session, one, actor=actor, now=now)

    def close_shops(self, number: int, now: datetime) -> None:
        """Every shop's data is checked and its stations have reported; with the last one the ticket closes."""
        with self._as_dealer(number, "ticket.see") as (session, ticket, actor):
            for one in list(ticket.subtickets):
                values = {"contact": ticket.customer.representative, "opening_hours": "pn.–sob. 6–20"}
                company.save_point(session, one, values, version=one.point.version, actor=actor, now=now)
                closing.close_subticket(session, one, _check(one, now), actor=actor, now=now)

    def invoice(self, number: int, now: datetime) -> None:
        """Equal to the accepted quote; the ticket, which waited for it, closes."""
        with self._as_dealer(number, "invoice.give") as (session, ticket, actor):
            accepted = settlement(session, ticket).accepted
            if accepted is None:
                return
            day = today(now)
            name = f"FV/{number}/{day:%m/%Y}"
            upload = self._stored(f"faktura-{number}.pdf", invoice_pdf(ticket, name, day, accepted.gross), PDF)
            give(session, ticket, InvoiceIn(name, day, accepted.gross), upload, actor=actor, now=now)

    def suspend(self, number: int, now: datetime) -> None:
        with self._as_dealer(number, "ticket.suspend") as (session, ticket, actor):
            words = "Detalista zastanawia się nad kosztem, prosi o czas do namysłu."
            pausing.suspend(session, ticket, actor=actor, now=now, note=words)

    def resign(self, number: int, now: datetime) -> None:
        with self._as_dealer(number, "ticket.resign") as (session, ticket, actor):
            words = "Brak wolnego instalatora w tym miesiącu."
            handover.resign(session, ticket, actor=actor, now=now, note=words)

    def cancel(self, number: int, now: datetime) -> None:
        with self._parts.database.transaction() as session:
            actor = self._actors["operator"]
            ticket = access.ticket(session, actor, number, "ticket.cancel")
            closing.cancel(session, ticket, actor=actor, now=now, reason="Detalista zrezygnował z wdrożenia.")

    @contextmanager
    def _as_dealer(self, number: int, permission: str) -> Iterator[tuple[Session, Ticket, Actor]]:
        with self._parts.database.transaction() as session:
            dealer_id = session.scalars(select(Ticket.dealer_id).where(Ticket.number == number)).one()
            actor = self._actors[dealer_id or 0]
            yield session, access.ticket(session, actor, number, permission), actor

    def _scan(self, content: bytes, ticket: Ticket, kind: str) -> Upload:
        """Our own paper, so its marks are known without looking for them."""
        name = f"{ticket.number}-{_NAMES[kind]}.pdf"
        pages = len(pypdfium2.PdfDocument(content))
        version = ticket.confirmed_version or 1
        marks = tuple(Mark(ticket.number, kind, version, page, pages) for page in range(1, pages + 1))
        upload = self._stored(name, content, PDF)
        return Upload(name, upload.sha256, upload.size, PDF, pages, marks)

    def _stored(self, name: str, content: bytes, content_type: str) -> Upload:
        stored = self._parts.store.put(BytesIO(content), limit=self._parts.settings.upload_limit)
        return Upload(name, stored.sha256, stored.size, content_type, 1)


def _quote(ticket: Ticket, sold: Collection[str], now: datetime) -> QuoteIn:
    """Software and its installation by the stations, a training for each shop, here and there labour of its own."""
    stations, shops = counts(ticket), len(ticket.subtickets)
    counted = [(code, stations[per]) for code, per in _QUOTED.items()] + [("SZKOL", 2 * shops), ("PLATF", shops)]
    lines = [{"item": code, "quantity": str(count)} for code, count in counted if count and code in sold]
    if ticket.number % 3 == 0:
        lines.append(
            {"name": "Dojazd i montaż wagi", "unit": "godz.", "quantity": "1,5", "net": "140", "vat_rate": "23"}
        )
    return read({"lines": lines}, today(now))


def _check(subticket: Subticket, now: datetime) -> closing.Check:
    """The platform's answer of that day."""
    if not RULES.ticket_types[subticket.ticket.type].connectivity:
        return closing.NOT_NEEDED
    count = subticket.stations_buy + subticket.stations_exchange
    stations = tuple(Station(number, f"Stanowisko {number}", True, now) for number in range(1, count + 1))
    answer = Connectivity(subticket.point_id, f"demo-{subticket.point_id}", now, stations)
    return closing.Check(Verdict.PROVEN, evidence=answer.to_json())
