"""The audit's page, file and API: what the filters let through, in words, and how the chain stands."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.edge import Parts
from mikroserwis.models import Event
from mikroserwis.pricing import today
from mikroserwis.supervision.audit import queries, wording
from mikroserwis.sweeps import audit
from mikroserwis.sweeps.ledger import offer
from mikroserwis.sweeps.schedule import DAILY
from tests.audit.desk import attack, ids, sealed, write
from tests.support.app import clock, sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api, Web
from tests.support.way import Way

PAGE = "/supervision/audit"
PROOF = next(job for job in DAILY if job.name == audit.JOB)
ANNA = Actor(user_id=None, name="Anna Święta", role="operator", source="api", address="198.51.100.4")


def of(parts: Parts, **asked: str) -> list[str]:
    """Verbs of the rows that an address lets through, newest first."""
    with parts.database.reading() as session:
        return [one.verb for one in queries.fetch(session, queries.read(asked)).items]


def record(parts: Parts, verb: str, actor: Actor = ANNA, **values: object) -> None:
    with parts.database.transaction() as session:
        history.record(session, verb, actor=actor, now=clock(), **values)  # type: ignore[arg-type]


@pytest.fixture
def acts(parts: Parts, way: Way) -> None:
    """A ticket that was taken and whose company was changed, and a few other acts."""
    way.contract(SAM)
    record(parts, "dealer_digest", changes={"digest": ("yes", "no")})
    record(parts, "add_material", material=1, title="Łącza i kasy 100%")


@pytest.mark.usefixtures("acts")
def test_filters_let_through_what_they_say(parts: Parts) -> None:
    everything = of(parts, size="100")
    assert of(parts, person="święta") == of(parts, person="ŚWIĘTA") == ["add_material", "dealer_digest"]
    assert of(parts, source="api", act="dealer_digest") == ["dealer_digest"]
    assert of(parts, address="198.51.") == ["add_material", "dealer_digest"]
    assert of(parts, kind="material") == ["add_material"]
    assert of(parts, q="łącza 100%") == of(parts, q="ŁĄCZA") == ["add_material"]
    assert of(parts, q="100_") == []
    assert of(parts, q="add_material") == ["add_material"]
    assert of(parts, kind="ticket", ticket=str(SAM)) == of(parts, ticket=str(SAM)) == of(parts, q=str(SAM))
    assert "create" in of(parts, ticket=str(SAM))
    day = today(clock())
    assert of(parts, **{"from": str(day + timedelta(days=1))}) == []
    assert of(parts, to=str(day - timedelta(days=400))) == []
    assert of(parts, **{"from": str(day - timedelta(days=1)), "to": str(day + timedelta(days=1)), "size": "100"}) == (
        everything
    )


@sqlite_only
@pytest.mark.usefixtures("acts")
def test_what_cant_be_read_in_the_address_is_as_if_it_werent_there(parts: Parts, web: Callable[[str], Web]) -> None:
    odd = {"from": "yesterday", "to": "0001-01-01", "ticket": "x", "size": "7", "page": "-3", "kind": "x", "act": "x"}
    assert of(parts, **odd, source="\x00", record="99999999999999") == of(parts)
    admin = web("admin")
    assert admin.get(f"{PAGE}?q=%00%ff&person=%27%22%3Cscript%3E&page=99999999&ticket=99999999999").status_code == 200


@sqlite_only
@pytest.mark.usefixtures("acts")
def test_each_row_opens_to_old_and_new_and_leads_to_its_record(web: Callable[[str], Web]) -> None:
    page = web("admin").get(f"{PAGE}?ticket={SAM}&size=100").text
    assert f'href="/tickets/{SAM}"' in page
    assert "zgłoszenie w etapie Umowa" in page
    assert "<details>" in page
    page = web("admin").get(f"{PAGE}?act=dealer_digest").text
    assert "<del><bdi>yes</bdi></del> → <ins><bdi>no</bdi></ins>" in page


@sqlite_only
def test_values_from_outside_stay_text(parts: Parts, web: Callable[[str], Web]) -> None:
    record(parts, "note", changes={"<b>x</b>": ("<i>old</i>", ["a", {"b": 1}, None, True])}, note="=1+1<script>")
    admin = web("admin")
    page = admin.get(f"{PAGE}?act=note").text
    assert "<i>old" not in page
    assert "=1+1<script>" not in page
    assert "&lt;i&gt;old" in page
    book = load_workbook(io.BytesIO(admin.get(f"{PAGE}/list.xlsx?act=note").data))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "data"),
    [("{", "{}"), ("{}", "[]"), ("[]", "null"), ('{"a": 1, "b": [1], "c": [1, 2, 3]}', "{}"), ('{"x": "y"}', "7")],
)
def test_a_row_that_somebody_broke_breaks_neither_page_nor_file(
    parts: Parts, web: Callable[[str], Web], api: Callable[[str], Api], changes: str, data: str
) -> None:
    with parts.database.transaction() as session:
        row = {"at": clock(), "actor": "x", "source": "web", "verb": "quote_issue", "ticket_id": 1}
        session.execute(insert(Event).values(**row, changes=changes, data=data))
    admin = web("admin")
    for address in (PAGE, f"{PAGE}/list.xlsx"):
        assert admin.get(address).status_code == 200
    assert api("admin").get("/audit").status_code == 200


@sqlite_only
@pytest.mark.usefixtures("acts")
def test_the_file_has_what_the_page_shows(parts: Parts, web: Callable[[str], Web]) -> None:
    answer = web("admin").get(f"{PAGE}/list.xlsx?ticket={SAM}")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(min_row=2, values_only=True))
    shown = of(parts, ticket=str(SAM), size="100")
    assert len({row[0] for row in rows}) == len(shown)
    assert {row[4] for row in rows} == {SAM}
    order = [float(str(row[0])) for row in rows]
    assert order == sorted(order, reverse=True)


@pytest.mark.usefixtures("acts")
def test_the_api_tells_the_same_as_the_page(parts: Parts, api: Callable[[str], Api]) -> None:
    admin = api("admin")
    found = admin.get(f"/audit?ticket={SAM}&size=100").json
    assert [one["act"] for one in found["items"]] == of(parts, ticket=str(SAM), size="100")
    assert {one["ticket"] for one in found["items"]} == {SAM}
    [digest] = admin.get("/audit?act=dealer_digest").json["items"]
    assert (digest["actor"], digest["changes"]) == ("Anna Święta", {"digest": ["yes", "no"]})


def test_how_the_chain_stands_is_said(parts: Parts, web: Callable[[str], Web], api: Callable[[str], Api]) -> None:
    assert api("admin").get("/audit/chain").json["proof"] == "never"
    assert "jeszcze nigdy" in web("admin").get(PAGE).text
    made = sealed(parts)
    assert offer(parts, PROOF, clock)
    write(parts, 2)
    told = api("admin").get("/audit/chain").json
    assert (told["proof"], told["unsealed"], told["hash"], told["seals"]) == ("whole", 2, made[-1].hash, len(made))
    assert made[-1].hash in web("admin").get(PAGE).text


@sqlite_only
def test_a_broken_chain_is_said(parts: Parts, web: Callable[[str], Web], api: Callable[[str], Api]) -> None:
    sealed(parts)
    row = ids(parts)[-1]
    attack(parts, "DELETE FROM history WHERE id = :row", row=row)
    with pytest.raises(audit.ChainBroken):
        offer(parts, PROOF, clock)
    assert api("admin").get("/audit/chain").json["proof"] == "broken"
    assert f"row {row} was removed" in web("admin").get(PAGE).text


@sqlite_only
def test_more_than_the_bound_is_said_and_further_pages_are_there(parts: Parts, api: Callable[[str], Api]) -> None:
    row = {"at": clock(), "actor": "x", "source": "web", "verb": "note", "changes": "{}", "data": "{}"}
    with parts.database.transaction() as session:
        session.execute(insert(Event), [row] * (queries.BOUND + 5))
    found = api("admin").get("/audit?page=99999").json
    assert (found["total"], found["total_is_bounded"], found["page"]) == (queries.BOUND, True, found["pages"])
    assert len(found["items"]) == queries.SIZES[0]


def test_every_act_has_a_name_and_every_source(app: object) -> None:
    assert app is not None
    assert {"web", "api", "cli", "system"} == set(wording.SOURCES)
    assert set(queries.KINDS) == set(wording.KINDS)
