"""Long histories and notes have an end that can be reached, on the page and over the API."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Event, Note, Ticket
from tests.support.app import sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api, Web

pytestmark = sqlite_only
COUNT = 1201


@pytest.fixture
def busy(parts: Parts) -> None:
    now = datetime.now(UTC)
    with parts.database.transaction() as session:
        ticket_id = session.scalars(select(Ticket.id).where(Ticket.number == SAM)).one()
        for n in range(COUNT):
            session.add(Note(ticket_id=ticket_id, author="Olga", at=now, text=f"Uwaga nr {n}."))
            words = f'{{"note": "Wpis nr {n}."}}'
            session.add(
                Event(ticket_id=ticket_id, actor="Olga", at=now, verb="note", source="web", changes="{}", data=words)
            )


def whole(api: Api, of: str) -> list[dict[str, Any]]:
    """Every item, newest first, asked for part by part."""
    found: list[dict[str, Any]] = []
    before = ""
    for _ in range(20):
        part = api.get(f"/tickets/{SAM}/{of}{before}").json
        found += part["items"]
        if part["older"] is None:
            return found
        before = f"?before={part['older']}"
    raise AssertionError("no end")


@pytest.mark.usefixtures("busy")
def test_the_api_gives_all_notes_and_all_events_part_by_part(api: Callable[[str], Api]):
    notes, events = whole(api("alfa"), "notes"), whole(api("alfa"), "history")
    assert [one["text"] for one in notes] == [f"Uwaga nr {n}." for n in reversed(range(COUNT))]
    assert [one["data"].get("note") for one in events[:COUNT]] == [f"Wpis nr {n}." for n in reversed(range(COUNT))]
    assert events[-1]["verb"] == "create"
    assert len({one["id"] for one in events}) == len(events)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(("of", "word", "last"), [("history", "Wpis", "Zgłoszenie"), ("notes", "Uwaga", "Uwaga nr 0.")])
def test_the_page_leads_to_what_is_older(web: Callable[[str], Web], of: str, word: str, last: str):
    alfa, path, seen, part = web("alfa"), f"/tickets/{SAM}", 0, ""
    for _ in range(20):
        page = alfa.get(path).text
        part = page.split(f'id="{of}"')[1].split("</section>")[0]
        seen += part.count(f"{word} nr ")
        older = [one.split('"')[0] for one in part.split('href="')[1:] if f"{of}_before" in one.split('"')[0]]
        if not older:
            break
        path = older[0].replace("&amp;", "&")
    assert (seen, last in part) == (COUNT, True)
    assert "Najnowsze wpisy" in part


@pytest.mark.parametrize("wrong", ["x", "-1", "99999999999999999999", "٣"])
def test_an_address_that_names_no_entry_shows_the_newest(web: Callable[[str], Web], wrong: str):
    assert web("alfa").get(f"/tickets/{SAM}?history_before={wrong}&notes_before={wrong}").status_code == 200


@pytest.mark.parametrize("wrong", ["x", "0", "99999999999999999999"])
def test_the_api_refuses_one_that_can_be_none(api: Callable[[str], Api], wrong: str):
    for of in ("notes", "history"):
        assert api("alfa").get(f"/tickets/{SAM}/{of}?before={wrong}").status_code == 422
