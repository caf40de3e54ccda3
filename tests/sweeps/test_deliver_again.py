"""What a rejection does to packages: left out of what was not offered yet, kept in what was, sent anew alone."""

import json
from typing import Any

from sqlalchemy import select

from mikroserwis.models import File
from mikroserwis.tickets import facts, printed
from mikroserwis.tickets.operations import company, papers
from tests.support.app import sqlite_only
from tests.support.other_side import Platform
from tests.support.way import Way
from tests.sweeps.desk import Desk, sent


def current(desk: Desk, kind: str) -> File:
    with desk.parts.database.reading() as session:
        query = select(File).where(File.kind == kind, File.replaced_at.is_(None)).order_by(File.id.desc())
        found = session.scalars(query).first()
        assert found is not None, kind
        return found


def reject(way: Way, desk: Desk, kind: str, reason: str = "Nieczytelny podpis.") -> File:
    """By staff, whatever is under way meanwhile."""
    file_id = current(desk, kind).id
    with way._ticket(115) as (session, ticket):
        operator = way.actor("operator@office.example")
        papers.reject(session, ticket, session.get_one(File, file_id), reason, actor=operator, now=desk.now())
        return session.get_one(File, file_id)


def new_scan(way: Way, kind: str) -> None:
    way.attached(115, kind, way.scan(115, kind) + b"\n% a second scan")


def held(way: Way) -> facts.Papers:
    with way._ticket(115) as (session, ticket):
        return facts.papers(session, ticket)


def outdated(way: Way) -> list[str]:
    with way._ticket(115) as (session, ticket):
        return [one.kind for one in printed.outdated(session, ticket, facts.papers(session, ticket))]


def packages(platform: Platform) -> list[dict[str, Any]]:
    return [one for one in platform.received()["packages"] if one["ticket"] == 115]


def test_after_a_rejection_only_the_new_scan_goes_out_and_names_what_it_replaces(
    way: Way, desk: Desk, platform: Platform
):
    way.acknowledged(115)
    old = reject(way, desk, "contract")
    new_scan(way, "contract")
    way.exported(115)
    desk.deliver()
    first, second = packages(platform)
    assert {file["kind"] for file in first["files"]} == {"quote", "contract", "power_of_attorney"}
    [file] = second["files"]
    assert (file["kind"], file["version"], file["sha256"]) == ("contract", 2, current(desk, "contract").sha256)
    assert second["details"]["supplements"] == [{"package_id": "115-scans-1", "receipt": first["receipt"]}]
    [replaced] = second["details"]["replaces"]
    assert (replaced["sha256"], replaced["by"]) == (old.sha256, file["sha256"])
    assert replaced["rejection"] == "Nieczytelny podpis."
    assert desk.delivery().receipt == second["receipt"] != first["receipt"]


def test_a_paper_rejected_while_its_package_waits_stays_here(way: Way, desk: Desk, platform: Platform):
    way.exported(115)
    rejected = reject(way, desk, "contract")
    desk.deliver()
    [package] = packages(platform)
    assert {file["kind"] for file in package["files"]} == {"quote", "power_of_attorney"}
    assert rejected.sha256 not in {scan["sha256"] for scan in platform.received()["scans"]}
    new_scan(way, "contract")
    way.exported(115)
    desk.deliver()
    assert [file["kind"] for file in packages(platform)[-1]["files"]] == ["contract"]


def test_a_paper_replaced_while_its_package_waits_goes_out_once_as_the_newer_one(
    way: Way, desk: Desk, platform: Platform
):
    way.exported(115)
    old = current(desk, "contract")
    new_scan(way, "contract")
    way.exported(115)
    desk.deliver()
    listed = [file["sha256"] for package in packages(platform) for file in package["files"]]
    assert old.sha256 not in listed
    assert sorted(listed) == sorted({*listed})
    assert current(desk, "contract").sha256 in listed


def test_a_package_of_which_nothing_is_left_is_not_sent_and_bothers_nobody(way: Way, desk: Desk, platform: Platform):
    way.acknowledged(115)
    reject(way, desk, "contract")
    new_scan(way, "contract")
    way.exported(115)
    reject(way, desk, "contract", "Brak strony 2.")
    assert desk.deliver().given_up == 1
    assert len(packages(platform)) == 1
    assert desk.messages("delivery_stuck") == []
    assert (desk.item().state, desk.attempts(desk.item())) == ("rejected", ["nothing_left"])
    assert "odrzucony albo zastąpiony" in json.loads(desk.delivery().rejection or "")["reason"]


@sqlite_only
def test_a_package_that_was_offered_keeps_a_paper_rejected_since_for_it_may_have_been_taken(
    way: Way, desk: Desk, platform: Platform
):
    way.exported(115)
    desk.deliver()
    before = sent(desk.item())
    reject(way, desk, "contract")
    with desk.parts.database.transaction() as session:
        item = desk.item()
        item.state, item.due_at = "queued", desk.now()
        session.merge(item)
    desk.deliver()
    assert desk.item().state == "delivered"
    assert sent(desk.item()) == before
    assert len(packages(platform)) == 1


@sqlite_only
def test_an_acknowledgement_counts_for_no_paper_that_is_rejected(way: Way, desk: Desk):
    way.acknowledged(115)
    assert held(way).acknowledges(frozenset({"contract"}))
    file = reject(way, desk, "contract")
    assert not held(way).acknowledges(frozenset({"contract"}))
    assert file.id not in held(way).acknowledged


@sqlite_only
def test_papers_signed_before_the_data_changed_are_named_until_they_are_signed_anew(way: Way, desk: Desk):
    way.contract(115)
    assert outdated(way) == []
    with way._ticket(115) as (session, ticket):
        who = way.caretaker(ticket)
        company.save_company(session, ticket, {"city": "Radom"}, version=None, actor=who, now=way.clock())
    way.confirmed(115)
    assert outdated(way) == ["contract", "power_of_attorney"]
    new_scan(way, "contract")
    assert outdated(way) == ["power_of_attorney"]
