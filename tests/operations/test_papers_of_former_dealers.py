"""What the backoffice says of a former dealer's papers: not for the next one to read, nor for the former to mend."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from mikroserwis.errors import Refused
from mikroserwis.models import Delivery, File, OutboxItem, Ticket
from mikroserwis.tickets import queries
from mikroserwis.tickets.operations import export, handover, papers
from mikroserwis.tickets.queries import Act
from tests.operations.desk import Desk
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM

BLURRED = "Nieczytelny podpis"


def handed_over_while_under_way(desk: Desk) -> int:
    """Alfa's scans are on their way when the ticket is given to Beta; the delivery's id."""
    desk.contract(SAM, "alfa")
    delivery: Delivery = desk.do(export.export_scans, SAM, "alfa", "ticket.export")
    beta = desk.actor("beta").dealer_id
    desk.do(handover.reassign, SAM, "operator", "ticket.reassign", reason="Dealer chory.", to=beta)
    return delivery.id


def scan(desk: Desk, kind: str = "contract") -> File:
    found: File = next(one for one in desk.rows(File, SAM) if one.kind == kind)
    return found


def refuse(desk: Desk, delivery_id: int) -> None:
    def answered(session: Session, *_: Any, **__: Any) -> None:
        export.refuse(session, delivery_id, BLURRED, {scan(desk).sha256: BLURRED}, now=desk.now)
        item_id = session.get_one(Delivery, delivery_id).item_id
        session.execute(update(OutboxItem).where(OutboxItem.id == item_id).values(state="rejected"))

    desk.do(answered, SAM, "operator", "ticket.see")


def read_by(desk: Desk, name: str) -> list[Act]:
    actor = desk.actor(name)

    def history(session: Session, ticket: Ticket) -> list[Act]:
        return queries.history(session, ticket, actor).items

    found: list[Act] = desk.look(history, SAM, actor)
    return found


def test_the_next_dealer_reads_nothing_of_what_was_refused_to_the_former(desk: Desk):
    refuse(desk, handed_over_while_under_way(desk))
    assert [one.verb for one in read_by(desk, "beta")] == []
    assert [one.verb for one in read_by(desk, "operator")][:2] == ["refused", "reject"]


def test_the_next_dealer_reads_nothing_of_what_was_accepted_from_the_former(desk: Desk):
    desk.receipt(handed_over_while_under_way(desk), receipt="R-alfa")
    assert read_by(desk, "beta") == []
    assert read_by(desk, "operator")[0].verb == "acknowledged"


@sqlite_only
def test_staff_who_send_a_former_dealers_package_again_or_refuse_its_paper_tell_the_next_dealer_nothing(desk: Desk):
    delivery_id = handed_over_while_under_way(desk)

    def again(session: Session, _ticket: Ticket, **_: Any) -> None:
        delivery = next(one for one in export.deliveries(session, _ticket) if one.id == delivery_id)
        delivery.item.state = "stuck"
        export.try_again(session, delivery, actor=desk.actor("operator"), now=desk.now)
        file = session.get_one(File, scan(desk).id)
        papers.reject(session, _ticket, file, BLURRED, actor=desk.actor("operator"), now=desk.now)

    desk.do(again, SAM, "operator", "ticket.see")
    assert read_by(desk, "beta") == []


def test_a_dealer_reads_what_became_of_its_own_papers(desk: Desk):
    desk.contract(SAM, "alfa")
    refuse(desk, desk.do(export.export_scans, SAM, "alfa", "ticket.export").id)
    assert {"refused", "reject"} <= {one.verb for one in read_by(desk, "alfa")}
    assert [one.recipient for one in desk.mails(SAM, "scan_rejected")] == [PEOPLE["alfa"].email]


def test_the_mail_about_a_former_dealers_scan_goes_to_the_back_office(desk: Desk):
    refuse(desk, handed_over_while_under_way(desk))
    [mail] = desk.mails(SAM, "scan_rejected")
    assert mail.recipient not in {person.email for person in PEOPLE.values() if person.role == "dealer"}
    assert BLURRED in mail.body
    assert "Prosimy" not in mail.body


def test_a_package_with_a_rejected_paper_in_it_is_not_sent_again(desk: Desk):
    desk.contract(SAM, "alfa")
    delivery_id = desk.do(export.export_scans, SAM, "alfa", "ticket.export").id
    refuse(desk, delivery_id)

    def again(session: Session, ticket: Ticket, **_: Any) -> None:
        [delivery] = export.deliveries(session, ticket)
        export.try_again(session, delivery, actor=desk.actor("operator"), now=desk.now)

    with pytest.raises(Refused) as refused:
        desk.do(again, SAM, "operator", "ticket.see")
    assert [one.code for one in refused.value.blockers] == ["no_file_is_rejected"]
    assert next(one for one in desk.rows(Delivery, SAM) if one.id == delivery_id).rejection is not None
