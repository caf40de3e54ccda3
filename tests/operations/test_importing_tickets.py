"""A file of tickets: whole or not at all, every bad row with its line, column and reason."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import event, func, select

from exports.intake_columns import INTAKE_COLUMNS
from mikroserwis.models import Customer, Dealer, OutboxItem, Subticket, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.operations.imports import Report, import_file
from tests.operations.desk import Desk
from tests.support.cast import COMPANIES, POOLED, SAM

NAMES = [one.name for one in INTAKE_COLUMNS]
GOOD = {
    "crm_id": 701,
    "type": "insoft",
    "opened_on": "2026-05-27",
    "tax_id": "7974569439",
    "company_name": "PPHU SAM Bożena Ślązak",
    "postal_code": "26-922",
    "point_id": 2001,
    "stations_buy": 1,
}


def csv(*rows: dict[str, Any]) -> bytes:
    lines = [";".join(NAMES)]
    lines += [";".join(str(row.get(name, "") or "") for name in NAMES) for row in rows]
    return "\n".join(lines).encode()


def xlsx(*rows: dict[str, Any]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(NAMES)
    for row in rows:
        sheet.append([row.get(name) for name in NAMES])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def check_digit(nine: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(nine, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True)) % 11


def tax_ids(count: int) -> list[str]:
    """Valid ones, all different."""
    numbers = (f"{number:09}" for number in range(101_000_000, 102_000_000))
    found = (f"{nine}{check_digit(nine)}" for nine in numbers if check_digit(nine) < 10)
    return [next(found) for _ in range(count)]


def big_file(rows: int) -> bytes:
    """Each ticket another company's, over the whole country, every fifth with a second shop."""
    lines = []
    for index, tax_id in enumerate(tax_ids(rows * 5 // 6)):
        ticket = GOOD | {
            "crm_id": 10_000 + index,
            "tax_id": tax_id,
            "company_name": f"Sklep {index}",
            "postal_code": f"{index % 100:02}-100",
            "city": "Łódź",
            "point_id": 100_000 + 2 * index,
        }
        lines.append(ticket)
        if index % 5 == 0:
            lines.append(ticket | {"point_id": 100_001 + 2 * index})
    return csv(*lines)


def bring(desk: Desk, content: bytes, name: str = "crm.csv") -> Report:
    """As the import does it: with errors nothing is kept."""
    with desk.database.session(write=True) as session:
        report = import_file(session, name, io.BytesIO(content), actor=desk.actor("operator"), now=desk.now)
        if report.errors:
            session.rollback()
        else:
            session.commit()
        return report


def wrong(report: Report) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in report.errors]


def count(desk: Desk, model: Any) -> int:
    with desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(("name", "write"), [("crm.csv", csv), ("crm.xlsx", xlsx)])
def test_rows_with_one_crm_id_are_one_ticket_with_many_shops(desk: Desk, name: str, write: Any):
    report = bring(desk, write(GOOD, GOOD | {"point_id": 2002}, GOOD | {"crm_id": 702, "point_id": None}), name)
    assert (report.created, report.unchanged, report.subtickets, report.errors) == (2, 0, 3, [])
    assert [one.point_id for one in desk.ticket(701).subtickets] == [2001, 2002]
    assert desk.ticket(702).subtickets[0].point_id == RULES.numbers.points_from
    assert (desk.ticket(701).opened_on, desk.ticket(701).source) == (date(2026, 5, 27), "file")


def test_the_same_file_again_changes_nothing(desk: Desk):
    content = csv(GOOD, GOOD | {"point_id": 2002}, GOOD | {"crm_id": 702, "opened_on": None, "point_id": None})
    bring(desk, content)
    before = count(desk, OutboxItem)
    desk.later(days=2)
    report = bring(desk, content)
    assert (report.created, report.unchanged, report.subtickets, report.errors) == (0, 2, 0, [])
    assert count(desk, OutboxItem) == before


def test_every_bad_row_is_named_with_its_line_and_column_and_nothing_is_written(desk: Desk):
    before = [count(desk, model) for model in (Ticket, Customer, Subticket, OutboxItem)]
    report = bring(
        desk,
        csv(
            GOOD,
            GOOD | {"crm_id": 702, "tax_id": "7974569438"},
            GOOD | {"crm_id": 703, "type": "parowóz", "opened_on": "27/05/2026"},
            GOOD | {"crm_id": 704, "stations_buy": "dwa"},
            GOOD | {"crm_id": None},
            GOOD | {"crm_id": 705, "stations_buy": 0, "point_id": 2005},
            GOOD | {"crm_id": 706, "company_name": None, "point_id": "sześć"},
            GOOD | {"crm_id": 707, "acquired_by_dealer": "tak"},
            GOOD | {"crm_id": 708, "dealer_crm_id": 4711},
            GOOD | {"crm_id": 709, "point_postal_code": "2692"},
        ),
    )
    assert wrong(report) == [
        (3, "tax_id", "nip_check_digit"),
        (4, "type", "unknown_type"),
        (4, "opened_on", "bad_date"),
        (5, "stations_buy", "bad_number"),
        (6, "crm_id", "required"),
        (7, "stations_buy", "no_stations"),
        (8, "company_name", "required"),
        (8, "point_id", "bad_number"),
        (9, "dealer_crm_id", "required"),
        (10, "dealer_crm_id", "no_such_dealer"),
        (11, "point_postal_code", "postal_code"),
    ]
    assert [count(desk, model) for model in (Ticket, Customer, Subticket, OutboxItem)] == before


def test_rows_of_one_ticket_must_agree(desk: Desk):
    report = bring(desk, csv(GOOD, GOOD | {"point_id": 2002, "city": "Radom", "type": "fiscal"}))
    assert wrong(report) == [(3, "type", "differs_from_line"), (3, "city", "differs_from_line")]
    assert report.errors[0].params == {"line": 2}


def test_later_rows_may_leave_out_what_the_first_one_said(desk: Desk):
    rest = {"crm_id": 701, "point_id": 2002, "stations_buy": 2}
    assert bring(desk, csv(GOOD, rest)).errors == []
    assert len(desk.ticket(701).subtickets) == 2


def test_one_shop_twice_in_a_ticket_is_refused_at_its_second_row(desk: Desk):
    report = bring(desk, csv(GOOD, GOOD))
    assert wrong(report) == [(3, "point_id", "point_twice")]


def test_one_shop_in_two_tickets_of_its_company_is_shared(desk: Desk):
    assert bring(desk, csv(GOOD, GOOD | {"crm_id": 702})).created == 2
    assert desk.ticket(702).subtickets[0].point_id == 2001


def test_a_shop_of_another_company_is_refused(desk: Desk):
    report = bring(desk, csv(GOOD, GOOD | {"crm_id": 702, "tax_id": COMPANIES[POOLED]["tax_id"]}))
    assert wrong(report) == [(3, "point_id", "point_of_another_company")]


def test_what_a_file_cannot_change_of_a_known_ticket_is_named(desk: Desk):
    report = bring(desk, csv(GOOD | {"crm_id": SAM, "type": "fiscal"}))
    assert wrong(report) == [(2, "type", "file_cannot_change"), (2, "opened_on", "file_cannot_change")]
    assert [error.params["now"] for error in report.errors] == ["insoft", str(desk.ticket(SAM).opened_on)]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "crm.csv", "not_a_table"),
        (csv(), "crm.csv", "no_rows"),
        (b"crm_id;kolor\n1;red", "crm.csv", "unknown_column"),
        (b"PK\x03\x04nonsense", "crm.xlsx", "not_a_table"),
        (csv(GOOD), "crm.xlsx", "not_a_table"),
        (b"\x00\x01\x02", "crm.csv", "not_a_table"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_table_of_tickets_is_refused(desk: Desk, content: bytes, name: str, code: str):
    assert [one.code for one in bring(desk, content, name).errors] == [code]


def test_tickets_of_one_file_are_spread_as_if_they_had_come_one_by_one(desk: Desk):
    desk.add_dealer("Dealer Gamma", 1003, "26", capacity=4)
    desk.change_dealer(desk.actor("alfa"), capacity=4)
    bring(desk, csv(*[GOOD | {"crm_id": 700 + each} for each in range(10)]))
    with desk.database.reading() as session:
        query = select(Dealer.name, func.count()).join(Ticket, Ticket.dealer_id == Dealer.id).group_by(Dealer.name)
        held = dict(session.execute(query.where(Ticket.type == "insoft")).all())
        pooled = session.scalar(select(func.count()).where(Ticket.dealer_id.is_(None), Ticket.number >= 700))
    assert held == {"Dealer Alfa": 4, "Dealer Gamma": 4}
    assert pooled == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_large_file_is_given_out_without_counting_every_dealers_tickets_for_each_of_its_own(desk: Desk):
    counted: list[str] = []
    statements: list[str] = []

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)
        if "GROUP BY" in statement:
            counted.append(statement)

    event.listen(desk.database.engine, "before_cursor_execute", executed)
    report = bring(desk, big_file(300))
    event.remove(desk.database.engine, "before_cursor_execute", executed)
    assert (report.created, report.subtickets, report.errors) == (250, 300, [])
    # Once for each moment at which tickets are given out: which these are depends on the hour.
    assert 1 <= len(counted) <= 3
    assert len(statements) < 30 * report.created
