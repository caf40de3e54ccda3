"""Acts on many tickets on screen: chosen, previewed, done once, told, kept as a file, undone."""

import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from mikroserwis.edge import Parts
from mikroserwis.models import BulkAct, Dealer, DealerArea, DealerType, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.intake_form import read
from mikroserwis.tickets.operations.intake import create
from tests.support import cast
from tests.support.app import clock, sqlite_only
from tests.support.cast import ARKLITY, POOLED, SAM
from tests.support.people import Web
from tests.support.way import Way

People = Callable[[str], Web]
REASON = "Urlop <script>alert(1)</script>"


@pytest.fixture
def gamma(parts: Parts) -> int:
    """A dealer who covers what Alfa covers."""
    with parts.database.transaction() as session:
        types = [DealerType(type=one) for one in RULES.type_names]
        areas = [DealerArea(prefix=one) for one in ("26", "70")]
        dealer = Dealer(crm_id=1003, name="Dealer Gamma", capacity=50, areas=areas, types=types)
        session.add(dealer)
        session.flush()
        return dealer.id


def form(page: str, **changed: str) -> dict[str, str]:
    """The hidden fields of the form that does it."""
    [inside] = re.findall(r'<form class="card form" method="post".*?</form>', page, re.DOTALL)
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', inside))
    return {**found, "csrf_token": "", **changed}


def send(person: Web, page: str, **changed: str):
    return person.post("/tickets/bulk", {**form(page), "csrf_token": person.csrf_token, **changed})


def caretaker(parts: Parts, number: int) -> str | None:
    with parts.database.reading() as session:
        query = select(Dealer.name).join(Ticket, Ticket.dealer_id == Dealer.id).where(Ticket.number == number)
        return session.scalars(query).one_or_none()


@sqlite_only
def test_the_list_lets_staff_choose_and_dealers_not(web: People):
    page = web("operator").get("/tickets?state=new").text
    assert f'name="number" value="{SAM}"' in page
    assert "Wszystkie 3 zgłoszenia z tej listy" in page
    assert 'name="query" value="state=new"' in page
    assert "Wybierz" not in web("alfa").get("/tickets").text
    assert 'id="bulk"' not in web("seller").get("/tickets").text


@pytest.mark.usefixtures("gamma")
def test_chosen_tickets_are_previewed_reassigned_told_and_undone(web: People, parts: Parts):
    operator = web("operator")
    page = operator.get(f"/tickets/bulk?act=reassign&number={SAM}&number={ARKLITY}&number={POOLED}").text
    assert "wybrane 3 zgłoszenia" in page
    assert re.search(r"Trafią do:.*Dealer Gamma</bdi></b> 2", page)
    answer = send(operator, page, reason=REASON)
    assert answer.status_code == 303
    assert caretaker(parts, SAM) == caretaker(parts, POOLED) == "Dealer Gamma"
    address = answer.headers["Location"]
    result = operator.get(address).text
    assert "Wykonano: 3" in result
    assert "Dealer Alfa → Dealer Gamma" in result
    assert "<script>alert" not in result
    assert "&lt;script&gt;alert(1)" in result
    assert "alert(1)" in operator.get("/tickets/bulk/acts").text
    assert "<script>alert" not in operator.get("/tickets/bulk/acts").text + operator.get(f"/tickets/{SAM}").text
    sheet = load_workbook(io.BytesIO(operator.get(f"{address}/result.xlsx").data)).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [SAM, ARKLITY, POOLED]
    assert web("alfa").get(f"/tickets/{SAM}").status_code == 404

    empty = operator.post(f"{address}/undo", {"reason": "", "number": str(SAM)})
    assert (empty.status_code, caretaker(parts, SAM)) == (422, "Dealer Gamma")
    operator.post(f"{address}/undo", {"reason": "Wrócił", "number": str(SAM)})
    assert (caretaker(parts, SAM), caretaker(parts, POOLED)) == ("Dealer Alfa", "Dealer Gamma")
    operator.post(f"{address}/undo", {"reason": "Wrócił"})
    assert caretaker(parts, POOLED) is None
    assert "cofnięto: 3" in operator.get(address).text


@sqlite_only
@pytest.mark.usefixtures("gamma")
def test_a_form_sent_twice_acts_once_and_an_empty_reason_keeps_what_was_chosen(web: People, parts: Parts):
    operator = web("operator")
    page = operator.get(f"/tickets/bulk?act=reassign&number={SAM}").text
    wrong = send(operator, page, reason=" ")
    assert wrong.status_code == 422
    assert f'value="{SAM}:' in wrong.text
    first = send(operator, page, once="a", reason="Urlop")
    again = send(operator, page, once="a", reason="Urlop")
    assert first.headers["Location"] == again.headers["Location"]
    with parts.database.reading() as session:
        assert len(session.scalars(select(BulkAct)).all()) == 1


@sqlite_only
@pytest.mark.usefixtures("gamma")
def test_of_a_filter_what_was_shown_is_done_not_what_it_finds_by_then(web: People, parts: Parts, way: Way):
    operator = web("operator")
    page = operator.get("/tickets/bulk?act=pool&all=yes&query=state%3Dnew").text
    assert "Przenieś 2 zgłoszenia do puli" in page
    way.taken(ARKLITY)
    with parts.database.transaction() as session:
        incoming = read(cast.intake(555), clock().astimezone(RULES.tz).date())
        create(session, incoming, source="api", actor=way.actor("operator@office.example"), now=clock())
    result = operator.get(send(operator, page, reason="Urlop").headers["Location"]).text
    assert "Wykonano: 1, nie wykonano: 1" in result
    assert "zmieniło się od czasu wyświetlenia" in result
    assert (caretaker(parts, SAM), caretaker(parts, ARKLITY), caretaker(parts, 555)) == (
        None,
        "Dealer Beta",
        "Dealer Alfa",
    )


@sqlite_only
def test_nothing_chosen_too_much_and_nonsense_are_told_in_words(web: People, parts: Parts):
    operator = web("operator")
    assert "Nie wybrano żadnego zgłoszenia" in operator.get("/tickets/bulk?act=reassign").text
    assert "999" in operator.get(f"/tickets/bulk?number={SAM}&number=999").text
    for query in ("act=fly&number=115", "number=x", "act=reassign&to=999&number=115", "act=extend&until=x&number=115"):
        assert operator.get(f"/tickets/bulk?{query}&page=-1&show=x").status_code in {200, 422}
    assert operator.post("/tickets/bulk", {"seen": "115", "reason": "x"}).status_code == 422
    assert operator.get("/tickets/bulk/" + "0" * 32).status_code == 404
    with parts.database.transaction() as session:
        session.execute(update(Dealer).values(active=False))
    assert "nieaktywny" in operator.get(f"/tickets/bulk?number={SAM}").text


@sqlite_only
@pytest.mark.parametrize("name", ["alfa", "seller", "technician"])
def test_nobody_else_can_do_it(web: People, parts: Parts, name: str):
    person, operator = web(name), web("operator")
    page = operator.get(f"/tickets/bulk?act=pool&number={SAM}").text
    assert send(person, page, reason="x").status_code == 403
    assert person.get(f"/tickets/bulk?number={SAM}").status_code == 403
    assert caretaker(parts, SAM) == "Dealer Alfa"
    address = send(operator, page, reason="x").headers["Location"]
    for path in (address, f"{address}/result.xlsx"):
        assert person.get(path).status_code == 403
    assert person.post(f"{address}/undo", {"reason": "x"}).status_code == 403
