"""One look at a ticket: read once, shown in many parts of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from mikroserwis.access import Actor, may, ticket_relations
from mikroserwis.models import Assignment, Delivery, File, FinalInvoice, Quote, Subticket, Ticket
from mikroserwis.tickets import queries
from mikroserwis.tickets.ages import acts
from mikroserwis.tickets.clock import Acts, tenures
from mikroserwis.tickets.facts import Papers, awaits_invoice, given_up_by, papers, ticket_facts
from mikroserwis.tickets.invoicing.queries import visible as invoices
from mikroserwis.tickets.operations.export import deliveries
from mikroserwis.tickets.queries import Action
from mikroserwis.tickets.quoting.queries import visible
from mikroserwis.tickets.settlement import Settlement, settlement
from workflows import TicketFacts


@dataclass(frozen=True)
class Scene:
    """A ticket as this actor sees it now."""

    session: Session
    ticket: Ticket
    actor: Actor
    now: datetime

    @cached_property
    def relations(self) -> set[str]:
        return ticket_relations(self.actor, self.ticket)

    def may(self, permission: str) -> bool:
        return may(permission, self.relations)

    @cached_property
    def held(self) -> Papers:
        scans = [one for one in self.deliveries if one.purpose == "scans"]
        sent = [(each.file_id, one.acknowledged_at, one.item.state) for one in scans for each in one.files]
        return papers(self.session, self.ticket, self.files if self.may("files.see") else None, sent)

    @cached_property
    def deliveries(self) -> Sequence[Delivery]:
        """All of the ticket's, newest first, whoever sent them."""
        return deliveries(self.session, self.ticket)

    @cached_property
    def tenures(self) -> Sequence[Assignment]:
        """All of the ticket's, undone ones too, in order."""
        return tenures(self.session, self.ticket)

    @cached_property
    def acts(self) -> Acts:
        """What moved the ticket as a whole."""
        return acts(self.session, self.ticket)

    @cached_property
    def invoices(self) -> Sequence[FinalInvoice]:
        """Those that this actor may see, newest first."""
        return invoices(self.session, self.ticket, self.actor) if self.may("quotes.see") else ()

    @cached_property
    def quotes(self) -> Sequence[Quote]:
        """Those that this actor may see, newest first."""
        return visible(self.session, self.ticket, self.actor) if self.may("quotes.see") else ()

    @property
    def quote(self) -> Quote | None:
        """The version that counts for the dealer who has the ticket."""
        own = [one for one in self.quotes if one.dealer_id == self.ticket.dealer_id and one.state != "superseded"]
        return own[0] if own else None

    @cached_property
    def given_up(self) -> frozenset[int]:
        """Ids of the sub-tickets that the actor's dealer gave up."""
        return given_up_by(self.session, self.ticket, self.actor)

    @cached_property
    def facts(self) -> TicketFacts:
        """As this actor would act on them."""
        settled = not awaits_invoice(self.ticket) or self.settlement.is_settled
        return ticket_facts(self.session, self.ticket, self.actor, papers_=self.held, settled=settled)

    @cached_property
    def actions(self) -> dict[str, Action]:
        """What this actor may do to the ticket, by trigger."""
        return {one.trigger: one for one in queries.ticket_actions(self.ticket, self.actor, self.facts)}

    @cached_property
    def assignment(self) -> Assignment | None:
        """The newest tenure: the present one, or the last of a closed ticket."""
        return next((one for one in reversed(self.tenures) if one.ended_by != "undone"), None)

    @property
    def present(self) -> Assignment | None:
        """The tenure that has not ended."""
        return self.assignment if self.assignment is not None and self.assignment.ended_at is None else None

    @cached_property
    def files(self) -> Sequence[File]:
        """Those that this actor may see, newest first."""
        return queries.files(self.session, self.ticket, self.actor)

    @cached_property
    def subtickets(self) -> Sequence[Subticket]:
        """Those that this actor may know of: a dealer who isn't the caretaker sees what it holds or may take."""
        if not self.actor.is_dealer or "caretaker" in self.relations:
            return self.ticket.subtickets
        own = {self.actor.dealer_id}
        return [
            one
            for one in self.ticket.subtickets
            if one.dealer_id in own or (one.dealer_id is None and one.state == "new")
        ]

    @cached_property
    def settlement(self) -> Settlement:
        """How the final invoice stands to the accepted quote."""
        is_whose = not self.actor.is_dealer or self.actor.dealer_id == self.ticket.dealer_id
        sees_all = is_whose and self.may("quotes.see")
        return settlement(self.session, self.ticket, (self.quotes, self.invoices) if sees_all else None)

    @property
    def is_mine(self) -> bool:
        return "caretaker" in self.relations
