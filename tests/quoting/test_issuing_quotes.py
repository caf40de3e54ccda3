"""Quotes issued, version by version, and what the retailer says to them."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from exports.papers import quote_pdf
from mikroserwis import access
from mikroserwis.errors import Conflict, Invalid, NotFound, Refused
from mikroserwis.models import Event, PriceItem, Quote, SpecialOffer
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.operations import company, handover
from mikroserwis.tickets.quoting import operations, queries
from mikroserwis.tickets.quoting.forms import FreeLine, Line, ListLine, QuoteIn
from mikroserwis.tickets.quoting.papers import quote_data
from tests.operations.desk import Desk
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, EXCHANGE, LICENCE, OFFER, SAM

ONE = Decimal("1.00")
LABOUR = FreeLine("Montaż wagi", "godz.", Decimal("1.50"), Decimal("133.33"), "8")


def wanted(desk: Desk, *lines: Line, days: int = 30, based_on: int | None = None) -> QuoteIn:
    chosen = lines or (ListLine(LICENCE, ONE), ListLine(EXCHANGE, ONE), LABOUR)
    return QuoteIn(chosen, today(desk) + timedelta(days=days), "Termin do ustalenia.", based_on)


def today(desk: Desk) -> date:
    return desk.now.astimezone(RULES.tz).date()


def issue(desk: Desk, *lines: Line, who: str = "alfa", **more: Any) -> Quote:
    asked = wanted(desk, *lines, **more)
    made: Quote = desk.do(operations.issue, SAM, who, "quotes.make", wanted=asked)
    return made


def decide(desk: Desk, act: Any, version: int, *, on: date | None = None, note: str = "", who: str = "alfa") -> None:
    actor = desk.actor(who)
    with desk.database.transaction() as session:
        quote, ticket = access.quote(session, actor, SAM, version, "quotes.make")
        act(session, ticket, quote, on=on or today(desk), note=note, actor=actor, now=desk.now)


def ready(desk: Desk) -> None:
    desk.take(SAM, "alfa")
    desk.confirm(SAM, "alfa")


def states(desk: Desk) -> list[str]:
    return [one.state for one in desk.rows(Quote, SAM)]


def codes(refusal: Any) -> list[str]:
    return [one.code for one in refusal.value.blockers]


def test_a_quote_is_reckoned_from_the_list_and_from_free_labour(desk: Desk) -> None:
    ready(desk)
    quote = issue(desk)
    assert [(one.name, one.unit_net, one.list_net, one.net) for one in quote.lines] == [
        ("PC-POS, licencja na stanowisko", Decimal("1200.00"), None, Decimal("1200.00")),
        ("PC-POS, wymiana licencji", Decimal("450.00"), Decimal("900.00"), Decimal("450.00")),
        ("Montaż wagi", Decimal("133.33"), None, Decimal("200.00")),
    ]
    assert (quote.net, quote.vat, quote.gross) == (Decimal("1850.00"), Decimal("395.50"), Decimal("2245.50"))
    assert (quote.number, quote.state, quote.made_on) == (1, "issued", today(desk))
    assert quote.lines[1].offer == OFFER


def test_a_new_version_takes_the_place_of_the_former_one(desk: Desk) -> None:
    ready(desk)
    issue(desk)
    decide(desk, operations.accept, 1)
    second = issue(desk, LABOUR, based_on=1)
    assert (second.number, states(desk)) == (2, ["superseded", "issued"])
    assert desk.verbs(SAM)[-4:] == ["quote_issue", "quote_accept", "quote_supersede", "quote_issue"]


def test_a_form_that_somebody_overtook_is_told_so(desk: Desk) -> None:
    ready(desk)
    issue(desk, based_on=0)
    with pytest.raises(Conflict) as conflict:
        issue(desk, LABOUR, based_on=0)
    assert (conflict.value.code, conflict.value.params) == ("quote_issued_meanwhile", {"label": "W/115/1"})
    assert states(desk) == ["issued"]


def test_versions_made_at_once_have_numbers_of_their_own(desk: Desk) -> None:
    ready(desk)
    presses = [threading.Thread(target=issue, args=(desk,)) for _ in range(6)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    quotes = desk.rows(Quote, SAM)
    assert sorted(one.number for one in quotes) == [1, 2, 3, 4, 5, 6]
    assert sorted(one.state for one in quotes) == ["issued", *["superseded"] * 5]


def test_the_same_version_is_printed_alike_whatever_changes_later(desk: Desk) -> None:
    ready(desk)
    issue(desk)
    before = printed(desk)
    with desk.database.transaction() as session:
        session.execute(update(PriceItem).values(net=Decimal("9.99"), name="Coś innego"))
        session.execute(update(SpecialOffer).values(withdrawn_at=desk.now))
    desk.do(company.save_company, SAM, "alfa", "company.edit", values={"name": "Inna firma"}, version=None)
    assert printed(desk) == before


def printed(desk: Desk) -> bytes:
    with desk.database.reading() as session:
        quote, ticket = access.quote(session, desk.actor("alfa"), SAM, 1, "quotes.see")
        return quote_pdf(quote_data(ticket, quote))


def test_no_quote_before_the_ticket_is_taken_and_the_company_confirmed(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        issue(desk)
    assert codes(refused) == ["ticket_is_taken"]
    desk.take(SAM, "alfa")
    with pytest.raises(Refused) as refused:
        issue(desk)
    assert codes(refused) == ["company_is_confirmed"]


def test_a_type_without_a_quote_has_none(desk: Desk) -> None:
    desk.take(ARKLITY, "beta")
    desk.confirm(ARKLITY, "beta")
    with pytest.raises(Refused) as refused:
        desk.do(operations.issue, ARKLITY, "beta", "quotes.make", wanted=wanted(desk))
    assert codes(refused) == ["type_has_a_quote"]


def test_a_price_that_changed_since_it_was_seen_is_named_with_both(desk: Desk) -> None:
    ready(desk)
    with pytest.raises(Invalid) as invalid:
        issue(desk, ListLine(LICENCE, ONE, Decimal("1100.00")), ListLine(EXCHANGE, ONE, Decimal("450.00")))
    [error] = invalid.value.errors
    assert (error.field, error.code) == ("lines.0.item", "price_changed")
    assert (error.params["old"], error.params["new"]) == (Decimal("1100.00"), Decimal("1200.00"))
    assert states(desk) == []


@pytest.mark.parametrize("way", ["unknown", "put out of use", "of another type"])
@sqlite_only
def test_an_item_that_is_not_sold_is_refused(desk: Desk, way: str) -> None:
    ready(desk)
    values: dict[str, dict[str, Any]] = {"put out of use": {"active": False}, "of another type": {"types": "fiscal"}}
    with desk.database.transaction() as session:
        if way in values:
            session.execute(update(PriceItem).where(PriceItem.code == LICENCE).values(**values[way]))
    code = "HAMMER" if way == "unknown" else LICENCE
    with pytest.raises(Invalid) as invalid:
        issue(desk, ListLine(code, ONE))
    assert [(one.field, one.code) for one in invalid.value.errors] == [("lines.0.item", "item_is_not_sold")]


@sqlite_only
def test_sums_beyond_what_a_paper_can_bear_are_refused(desk: Desk) -> None:
    ready(desk)
    dear = FreeLine("Drogo", "szt.", Decimal("99999.99"), Decimal("9999999.99"), "23")
    with pytest.raises(Invalid) as invalid:
        issue(desk, dear)
    assert [(one.field, one.code) for one in invalid.value.errors] == [("lines.0.quantity", "line_too_large")]
    with pytest.raises(Invalid) as invalid:
        issue(desk, *[FreeLine("Drogo", "szt.", ONE, Decimal("5000000.00"), "zw")] * 2)
    assert [(one.field, one.code) for one in invalid.value.errors] == [("lines", "sum_too_large")]


def test_acceptance_keeps_who_when_and_the_retailers_day(desk: Desk) -> None:
    ready(desk)
    issue(desk, days=10)
    made = today(desk)
    desk.later(days=20)
    decide(desk, operations.accept, 1, on=made + timedelta(days=10), note="Telefonicznie, p. Bożena")
    [quote] = desk.rows(Quote, SAM)
    assert (quote.state, quote.decided_on, quote.decided_at) == ("accepted", made + timedelta(days=10), desk.now)
    assert (quote.decision_note, quote.decided_by) == ("Telefonicznie, p. Bożena", "Łukasz Gąska (Dealer Alfa)")
    assert desk.look(queries.accepted, SAM).number == 1


def test_an_expired_quote_needs_a_new_version_to_be_accepted(desk: Desk) -> None:
    ready(desk)
    issue(desk, days=10)
    desk.later(days=11)
    with pytest.raises(Refused) as refused:
        decide(desk, operations.accept, 1)
    assert codes(refused) == ["quote_was_valid_that_day"]
    issue(desk)
    decide(desk, operations.accept, 2)
    assert states(desk) == ["superseded", "accepted"]


def test_a_decline_needs_its_reason(desk: Desk) -> None:
    ready(desk)
    issue(desk)
    with pytest.raises(Refused) as refused:
        decide(desk, operations.decline, 1, note=" \u200b ")
    assert codes(refused) == ["note_is_given"]
    decide(desk, operations.decline, 1, note="Za drogo.")
    with pytest.raises(Refused) as refused:
        decide(desk, operations.accept, 1)
    assert (codes(refused), states(desk)) == (["wrong_state"], ["declined"])


@pytest.mark.parametrize(
    ("days", "code"), [(1, "decision_is_not_in_the_future"), (-1, "decision_is_not_before_the_quote")]
)
@sqlite_only
def test_the_retailers_day_lies_between_the_quotes_and_today(desk: Desk, days: int, code: str) -> None:
    ready(desk)
    issue(desk)
    for act in (operations.accept, operations.decline):
        with pytest.raises(Refused) as refused:
            decide(desk, act, 1, on=today(desk) + timedelta(days=days), note="x")
        assert codes(refused) == [code]


def test_the_next_dealer_sees_no_quote_of_the_former_and_goes_on_counting(desk: Desk) -> None:
    ready(desk)
    issue(desk)
    decide(desk, operations.accept, 1)
    desk.do(handover.resign, SAM, "alfa", "ticket.resign", note="Nie dam rady.")
    desk.do(handover.reassign, SAM, "operator", "ticket.reassign", reason="Do Bety", to=beta(desk))
    desk.take(SAM, "beta")
    desk.confirm(SAM, "beta")
    with pytest.raises(NotFound):
        decide(desk, operations.decline, 1, note="Cudza", who="beta")
    assert issue(desk, who="beta").number == 2
    assert states(desk) == ["accepted", "issued"]
    second = desk.actor("beta")
    assert [
        one.number for one in desk.look(lambda session, ticket: queries.visible(session, ticket, second), SAM, second)
    ] == [2]
    assert desk.look(queries.accepted, SAM) is None


def beta(desk: Desk) -> int:
    found = desk.actor("beta").dealer_id
    assert found is not None
    return found


def test_history_says_who_did_what_with_which_quote(desk: Desk) -> None:
    ready(desk)
    issue(desk, who="operator")
    with desk.database.reading() as session:
        event = session.scalars(select(Event).where(Event.verb == "quote_issue")).one()
        assert '"label": "W/115/1"' in event.data
        assert '"gross": "2245.50"' in event.data
        assert event.dealer_id == desk.actor("alfa").dealer_id
