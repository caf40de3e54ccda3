"""What the database itself refuses, whoever writes."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from mikroserwis import migrate
from mikroserwis.db import Database
from mikroserwis.models import Assignment, Customer, Dealer, Note, OutboxItem, RetailPoint, Subticket, Ticket, User
from tests.support import cast

NOW = datetime(2026, 5, 27, 10, tzinfo=UTC)


@pytest.fixture
def database(empty: Engine) -> Database:
    migrate.upgrade(empty)
    made = Database(empty)
    with made.transaction() as session:
        cast.plant(session, NOW)
    return made


def ticket_row(**changed: Any) -> Ticket:
    usual = {
        "number": 9000,
        "type": "insoft",
        "source": "api",
        "customer_id": 1,
        "opened_on": NOW.date(),
        "created_at": NOW,
        "tax_id": "",
        "company_key": "",
        "city_key": "",
        "search": "",
    }
    return Ticket(**(usual | changed))


@pytest.mark.parametrize(
    "row",
    [
        lambda: ticket_row(number=cast.SAM),
        lambda: ticket_row(customer_id=999_999),
        lambda: ticket_row(dealer_id=999_999),
        lambda: Customer(tax_id="7974569439", name="Drugi raz", created_at=NOW),
        lambda: Dealer(crm_id=1001, name="Drugi raz"),
        lambda: User(email="alfa@dealer.example", name="Drugi raz", role="dealer", created_at=NOW),
        lambda: RetailPoint(id=cast.POINT, customer_id=1),
        lambda: Assignment(ticket_id=1, dealer_id=2, assigned_at=NOW, how="staff"),
        lambda: Subticket(ticket_id=1, point_id=999_999),
        lambda: Note(ticket_id=1, author="?", at=NOW, text=None),
        lambda: OutboxItem(topic="event", key="event:same", due_at=NOW, created_at=NOW),
    ],
)
def test_a_row_that_contradicts_another_is_refused(database: Database, row: Any):
    with database.transaction() as session:
        session.add(OutboxItem(topic="event", key="event:same", due_at=NOW, created_at=NOW))
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(row())


def test_a_ticket_has_one_present_tenure_and_any_number_of_former_ones(database: Database):
    with database.transaction() as session:
        for _ in range(2):
            session.add(Assignment(ticket_id=1, dealer_id=2, assigned_at=NOW, how="staff", ended_at=NOW))
    with database.reading() as session:
        assert len(session.scalars(select(Assignment).where(Assignment.ticket_id == 1)).all()) == 3


def test_whoever_saves_an_older_version_is_told(database: Database):
    with database.session(write=True) as slow:
        stale = slow.get_one(Ticket, 1)
        slow.commit()
        with database.transaction() as quick:
            quick.get_one(Ticket, 1).search = "nowe"
        stale.search = "stare"
        with pytest.raises(StaleDataError):
            slow.flush()
        slow.rollback()


def test_a_moment_without_a_zone_is_refused_and_others_come_back_in_utc(database: Database):
    warsaw = timezone(timedelta(hours=2))
    with database.transaction() as session:
        session.get_one(Ticket, 1).due_at = datetime(2026, 5, 31, tzinfo=warsaw)
    with database.reading() as session:
        due_at = session.get_one(Ticket, 1).due_at
        assert due_at == datetime(2026, 5, 30, 22, tzinfo=UTC)
        assert due_at.utcoffset() == timedelta()
    with pytest.raises(StatementError, match="needs a zone"), database.transaction() as session:
        session.get_one(Ticket, 1).due_at = datetime(2026, 5, 31)  # noqa: DTZ001 - it is this that is refused
