"""Two acts at the same moment, on real connections: what they decide together is decided one after the other."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from mikroserwis.companies import next_number
from mikroserwis.errors import Problem
from mikroserwis.models import Counter as Numbers
from mikroserwis.models import Customer, File, RetailPoint
from mikroserwis.rulebook import RULES
from mikroserwis.textkeys import sort_key
from mikroserwis.tickets.operations import closing, company, export
from tests.operations.desk import PROVEN, Desk
from tests.operations.racing import at_once
from tests.support.app import sqlite_only
from tests.support.cast import COMPANIES, POOLED, SAM

TWO_SHOPS = [{"point": {"id": 741 + each, "name": "Sklep"}, "stations_buy": 1} for each in range(2)]


def outcome(act: Any, *given: Any, **words: Any) -> str:
    """`done`, or the code of a problem that a person may be told."""
    try:
        act(*given, **words)
    except Problem as problem:
        return problem.code
    return "done"


def test_the_last_two_shops_closed_at_once_close_the_ticket_once(desk: Desk):
    desk.intake(501, subtickets=TWO_SHOPS)
    shops = desk.ready(501, "alfa")
    assert at_once(lambda index: outcome(desk.close, shops[index], "alfa"), 2) == ["done", "done"]
    assert desk.ticket(501).state == "closed"
    packages = [
        one.purpose
        for one in desk.do(
            lambda session, ticket, **_: export.deliveries(session, ticket), 501, "operator", "ticket.see"
        )
    ]
    assert Counter(packages) == {"scans": 1, "closing": 1}
    assert desk.verbs(501).count("close") == 3


def test_one_shop_closed_twice_at_once_is_closed_once(desk: Desk):
    (shop,) = desk.ready(SAM, "alfa")
    assert sorted(at_once(lambda _: outcome(desk.close, shop, "alfa"), 2)) == ["done", "refused"]
    assert desk.ticket(SAM).state == "closed"


def test_the_last_two_scans_uploaded_at_once_make_one_contract(desk: Desk):
    desk.take(SAM, "alfa")
    desk.confirm(SAM, "alfa")
    desk.attach(SAM, "quote", "alfa")
    kinds = ("contract", "power_of_attorney")
    at_once(lambda index: desk.attach(SAM, kinds[index], "alfa"), 2)
    assert desk.ticket(SAM).state == "contract"
    assert desk.verbs(SAM).count("sign") == 1


def test_two_versions_of_one_paper_uploaded_at_once_leave_one_that_counts(desk: Desk):
    desk.take(SAM, "alfa")
    at_once(lambda index: desk.attach(SAM, "contract", "alfa", str(index)), 2)
    with desk.database.reading() as session:
        found = session.scalars(select(File).order_by(File.version)).all()
        assert [one.version for one in found] == [1, 2]
        assert [one.replaced_at is None for one in found] == [False, True]


def test_the_same_scan_uploaded_twice_at_once_is_one_file(desk: Desk):
    desk.take(SAM, "alfa")
    known = [already for _file, already in at_once(lambda _: desk.attach(SAM, "contract", "alfa"), 2)]
    assert sorted(known) == [False, True]


def test_export_pressed_twice_at_once_queues_one_package(desk: Desk):
    desk.contract(SAM, "alfa")
    answers = at_once(lambda _: outcome(desk.do, export.export_scans, SAM, "alfa", "ticket.export"), 2)
    assert sorted(answers) == ["done", "refused"]


def test_reopening_while_the_closing_package_is_acknowledged_loses_neither(desk: Desk):
    desk.close_all(SAM, "alfa")
    package = desk.do(
        lambda session, ticket, **_: export.deliveries(session, ticket)[0].id, SAM, "operator", "ticket.see"
    )

    def act(index: int) -> str:
        if index == 0:
            return outcome(desk.do, closing.reopen, SAM, "admin", "ticket.reopen", reason="Kasa nie drukuje")
        return outcome(desk.receipt, package)

    assert at_once(act, 2) == ["done", "done"]
    assert desk.ticket(SAM).state == "contract"
    assert {"reopen", "acknowledged"} <= set(desk.verbs(SAM))


def test_closing_the_shop_and_cancelling_the_ticket_at_once_end_it_once(desk: Desk):
    (shop,) = desk.ready(SAM, "alfa")

    def act(index: int) -> str:
        if index == 0:
            return outcome(desk.close, shop, "alfa", PROVEN)
        return outcome(desk.do, closing.cancel, SAM, "operator", "ticket.cancel", reason="Zamknięty sklep")

    answers = at_once(act, 2)
    ticket = desk.ticket(SAM)
    assert sorted(answers) == ["done", "refused"]
    assert ticket.outcome == ("done" if answers[0] == "done" else "withdrawn")
    assert ticket.subtickets[0].outcome == ticket.outcome


def test_one_intake_sent_many_times_at_once_is_one_ticket_and_everybody_is_told_so(desk: Desk):
    answers = at_once(lambda _: desk.intake(700), 8)
    assert Counter(answers) == {True: 1, False: 7}
    assert desk.verbs(700) == ["create"]


def test_two_tickets_of_one_new_company_at_once_share_it(desk: Desk):
    new = COMPANIES[POOLED] | {"tax_id": "5252248481", "name": "Nowa"}
    shop = [{"point": {"id": 9001}, "stations_buy": 1}]
    at_once(lambda index: desk.intake(800 + index, company=new, subtickets=shop), 6)
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).where(Customer.tax_id == "5252248481")) == 1
        assert session.scalar(select(func.count()).where(RetailPoint.id == 9001)) == 1


def test_shops_without_a_number_that_come_in_at_once_get_one_each(desk: Desk):
    shop = [{"stations_buy": 1}]
    at_once(lambda index: desk.intake(900 + index, subtickets=shop), 6)
    points = [desk.ticket(900 + index).subtickets[0].point_id for index in range(6)]
    assert sorted(points) == list(range(RULES.numbers.points_from, RULES.numbers.points_from + 6))


def test_a_number_is_never_given_out_twice_not_even_the_first(desk: Desk):
    def draw(_: int) -> int:
        with desk.database.transaction() as session:
            return next_number(session, "new", 10)

    assert sorted(at_once(draw, 10)) == list(range(10, 20))
    with desk.database.reading() as session:
        assert session.get_one(Numbers, "new").value == 19


def test_two_people_who_change_one_company_at_once_are_told_and_nothing_is_lost(desk: Desk):
    desk.take(SAM, "alfa")
    version = desk.ticket(SAM).customer.version

    def edit(index: int) -> str:
        values = {"city": f"Miasto {index}"}
        return outcome(desk.do, company.save_company, SAM, "alfa", "company.edit", values=values, version=version)

    answers = at_once(edit, 2)
    assert sorted(answers) == ["changed_meanwhile", "done"]
    assert desk.ticket(SAM).customer.city == f"Miasto {answers.index('done')}"


def test_one_company_changed_through_two_tickets_at_once_is_changed_twice_and_never_keeps_half(desk: Desk):
    desk.intake(501, subtickets=TWO_SHOPS)
    for number in (SAM, 501):
        desk.take(number, "alfa")

    def edit(index: int) -> str:
        values = {"city": f"Miasto {index}", "street": f"Ulica {index}"}
        number = (SAM, 501)[index % 2]
        try:
            return outcome(desk.do, company.save_company, number, "alfa", "company.edit", values=values, version=None)
        except SQLAlchemyError as error:
            return type(error).__name__

    assert at_once(edit, 8) == ["done"] * 8
    customer = desk.ticket(SAM).customer
    assert customer.city[-1] == customer.street[-1]
    assert {desk.ticket(number).city_key for number in (SAM, 501)} == {customer.city.lower()}


def test_an_intake_that_fills_a_company_and_a_change_of_it_at_once_are_both_done(desk: Desk):
    desk.take(SAM, "alfa")

    def act(index: int) -> str:
        try:
            if index % 2:
                given = COMPANIES[SAM] | {"regon": "", "iban": "PL61109010140000071219812874"}
                return "done" if desk.intake(600 + index, company=given) else "known"
            values = {"city": f"Miasto {index}", "iban": ""}
            return outcome(desk.do, company.save_company, SAM, "alfa", "company.edit", values=values, version=None)
        except SQLAlchemyError as error:
            return type(error).__name__

    assert at_once(act, 8) == ["done"] * 8


@sqlite_only
def test_a_change_of_a_company_is_no_change_of_its_other_tickets(desk: Desk):
    desk.intake(501, subtickets=TWO_SHOPS)
    desk.take(SAM, "alfa")
    before = desk.ticket(501)
    values = {"name": "Ćma ß Żuk", "city": "Łódź", "tax_id": "5252248481"}
    desk.do(company.save_company, SAM, "alfa", "company.edit", values=values, version=None)
    after = desk.ticket(501)
    assert after.version == before.version
    assert (after.tax_id, after.search) == ("5252248481", "501 5252248481 cma ss zuk lodz")
    assert (after.company_key, after.city_key) == (sort_key("Ćma ß Żuk"), sort_key("Łódź", 200))
