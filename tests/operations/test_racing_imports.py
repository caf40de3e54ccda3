"""A file of tickets beside other people's intakes."""

import io
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select, text

from mikroserwis.access import SYSTEM
from mikroserwis.models import Counter, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.operations.imports import import_file
from mikroserwis.tickets.operations.intake import create
from tests.operations.desk import Desk
from tests.support import cast
from tests.support.cast import COMPANIES, SAM
from tests.support.drafts import NAMES

FILE = (
    f"{NAMES}\n"
    f"{SAM};insoft;;{COMPANIES[SAM]['tax_id']};{COMPANIES[SAM]['name']};26-922;Nowy Sieciechów;735;;2;0\n"
    "701;insoft;2026-01-05;5260250995;Delikatesy Łoś;26-600;Radom;7001;Rynek;1;0\n"
)


def somebody_waits(desk: Desk) -> bool:
    """SQLite lets one write at a time: there everybody else does."""
    if desk.database.engine.dialect.name == "sqlite":
        return True
    with desk.database.reading() as session:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(session.scalar(waiting))


def test_a_file_and_an_intake_for_one_company_wait_for_each_other_in_one_order(desk: Desk):
    """The file changes a ticket of the company and then brings a new one; the intake comes between."""

    def bring() -> list[object]:
        with desk.database.transaction() as session:
            report = import_file(
                session, "a.csv", io.BytesIO(FILE.encode()), actor=desk.actor("operator"), now=desk.now
            )
            return [report.updated, report.created, *report.errors]

    values = cast.intake(SAM) | {"crm_id": 800, "subtickets": [{"point": {"id": 9001}, "stations_buy": 1}]}
    incoming = intake_form.read(values, desk.now.astimezone(RULES.tz).date())
    with ThreadPoolExecutor(1) as pool:
        with desk.database.transaction() as session:
            session.get_one(Counter, "intake", with_for_update=True)
            brought = pool.submit(bring)
            assert any(somebody_waits(desk) for _ in range(20_000))
            assert create(session, incoming, source="api", actor=SYSTEM, now=desk.now)[1]
        assert brought.result(timeout=30) == [1, 1]
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).where(Ticket.number.in_((701, 800)))) == 2
