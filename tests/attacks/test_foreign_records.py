"""What a dealer who holds one shop of another's ticket may not learn."""

from sqlalchemy import select

from mikroserwis.access import SYSTEM
from mikroserwis.edge import Parts
from mikroserwis.models import Dealer, Subticket, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.operations.intake import create
from tests.support import cast
from tests.support.app import clock, sqlite_only

pytestmark = sqlite_only

NUMBER = 500
POINTS = (50_001, 50_002, 50_003)


def shared(parts: Parts) -> list[int]:
    """A ticket of Alfa with three shops: one Alfa's, one Beta's, one cancelled while it lay in the pool."""
    shops = [{"point": {"id": one, "name": f"Sklep {one}"}, "stations_buy": 1} for one in POINTS]
    with parts.database.transaction() as session:
        incoming = intake_form.read(cast.intake(NUMBER, subtickets=shops), today(clock()))
        ticket, _new = create(session, incoming, source="api", actor=SYSTEM, now=clock())
        ticket.state = "contract"
        beta = session.scalars(select(Dealer.id).where(Dealer.name == "Dealer Beta")).one()
        found = session.scalars(select(Subticket).where(Subticket.ticket_id == ticket.id).order_by(Subticket.id)).all()
        found[1].dealer_id = beta
        found[2].dealer_id, found[2].state, found[2].outcome = None, "closed", "withdrawn"
        return [one.id for one in found]


def test_the_holder_of_one_shop_reads_no_note_on_another(web, api, parts: Parts):
    alfas, betas, _gone = shared(parts)
    web("alfa").post(f"/subtickets/{alfas}/notes", {"note": "Alarm: 4711"})
    web("beta").post(f"/subtickets/{betas}/notes", {"note": "Klucz u sąsiada"})
    web("operator").post(f"/tickets/{NUMBER}/notes", {"note": "Do wszystkich"})

    page = web("beta").get(f"/tickets/{NUMBER}").text
    assert "Klucz u sąsiada" in page
    assert "Do wszystkich" in page
    assert "Alarm: 4711" not in page
    assert f"Sklep {POINTS[0]}" not in page
    said = [one["text"] for one in api("beta").get(f"/tickets/{NUMBER}/notes").json["items"]]
    assert said == ["Do wszystkich", "Klucz u sąsiada"]
    assert len(api("alfa").get(f"/tickets/{NUMBER}/notes").json["items"]) == 3


def test_the_holder_of_one_shop_is_shown_no_other(api, parts: Parts):
    _alfas, betas, _gone = shared(parts)
    assert [one["id"] for one in api("beta").get(f"/tickets/{NUMBER}").json["subtickets"]] == [betas]
    assert len(api("alfa").get(f"/tickets/{NUMBER}").json["subtickets"]) == 3


def test_a_key_gives_nobody_the_answer_that_another_got(api, parts: Parts, way):
    way.taken(cast.SAM)
    key = {"Idempotency-Key": "k"}
    path = f"/tickets/{cast.SAM}/notes"
    assert api("alfa").post(path, json={"note": "Tylko dla Alfy"}, headers=key).status_code == 201
    assert api("beta").post(path, json={"note": "x"}, headers=key).status_code == 404
    with parts.database.reading() as session:
        assert session.scalars(select(Ticket.state).where(Ticket.number == cast.SAM)).one() == "taken"


def test_nothing_between_us_and_a_person_keeps_what_belongs_to_that_person(web, way):
    way.acknowledged(cast.SAM)
    alfa = web("alfa")
    pages = ("", "/company", "/documents/contract.pdf", "/documents/contract.docx", "/documents/papers.zip")
    addresses = [f"/tickets/{cast.SAM}{page}" for page in pages] + ["/tickets", "/deliveries/1/package.zip", "/account"]
    answers = [alfa.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert "private" in alfa.get("/files/1").headers["Cache-Control"]
    assert "private" in alfa.get("/files/1/pages/1").headers["Cache-Control"]
