"""What the retailer said to a quote: asked for on a page of its own, written on the ticket."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from mikroserwis.rulebook import RULES
from tests.support.app import sqlite_only
from tests.support.cast import SAM

NEW = f"/tickets/{SAM}/quotes/new"


def text(page: str) -> str:
    """What stands on the page, tags taken out."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def today() -> str:
    return datetime.now(UTC).astimezone(RULES.tz).date().isoformat()


def decide(who, noun: str, version: int = 1, **fields: str):
    return who.post(f"/tickets/{SAM}/quotes/{version}/{noun}", {"on": today(), "note": "", **fields})


def test_the_retailers_decision_is_written_on_the_ticket(web, way):
    way.quoted(SAM)
    alfa = web("alfa")
    assert "Detalista przyjmuje wycenę W/115/1" in alfa.get(f"/tickets/{SAM}/quotes/1/acceptance").text
    assert decide(alfa, "acceptance", note="Przez telefon").status_code == 303
    shown = text(alfa.get(f"/tickets/{SAM}").text)
    assert "W/115/1 Przyjęta" in shown
    assert "Przez telefon" in shown
    assert "Detalista przyjął wycenę W/115/1" in shown
    assert "W/115/1 jest przyjęta. Po wystawieniu W/115/2" in text(alfa.get(NEW).text)


@sqlite_only
def test_a_declined_quote_leads_to_the_suspension(web, way):
    way.quoted(SAM)
    alfa = web("alfa")
    empty = decide(alfa, "decline", note="  ")
    assert (empty.status_code, 'id="error-note"' in empty.text) == (409, True)
    assert decide(alfa, "decline", note="Za drogo").status_code == 303
    page = alfa.get(f"/tickets/{SAM}").text
    assert "Detalista odrzucił wycenę" in page
    assert "Dodaj wycenę do plików" in page


@pytest.mark.parametrize(
    ("on", "status"), [("", 422), ("wczoraj", 422), ("2019-05-27", 409), ("2999-01-01", 409), ("0001-01-01", 409)]
)
@sqlite_only
def test_a_day_that_cannot_be_stands_at_its_field(web, way, on, status):
    way.quoted(SAM)
    answer = decide(web("alfa"), "acceptance", on=on, note="Zostaje")
    assert answer.status_code == status
    assert 'id="error-on"' in answer.text
    assert ">\nZostaje</textarea>" in answer.text


@sqlite_only
def test_another_dealers_quote_and_one_that_was_never_issued_are_not_decided_on(web, way):
    way.quoted(SAM)
    assert decide(web("beta"), "acceptance").status_code == 404
    assert decide(web("alfa"), "acceptance", version=2).status_code == 404
