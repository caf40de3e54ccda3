"""What the demo's data promises to a newcomer."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from stdnum.pl import nip, regon

from mikroserwis import scans
from mikroserwis.access import Actor, visible_tickets
from mikroserwis.accounts.operations import find_user, password_fits
from mikroserwis.demo.cast import PASSWORD
from mikroserwis.demo.plan import tickets
from mikroserwis.edge import Parts
from mikroserwis.models import (
    Customer,
    Dealer,
    File,
    Material,
    Note,
    OutboxItem,
    Quote,
    Subticket,
    Ticket,
    User,
    VendorContact,
)
from mikroserwis.rulebook import RULES
from mikroserwis.storage import in_folder
from tests.demo.conftest import NOW

# The first test of a process loads the data.
pytestmark = pytest.mark.timeout(300)

TODAY = NOW.astimezone(RULES.tz).date()


def ticket(parts: Parts, number: int) -> Ticket:
    with parts.database.reading() as session:
        query = select(Ticket).where(Ticket.number == number)
        whole = joinedload(Ticket.customer), joinedload(Ticket.dealer), selectinload(Ticket.subtickets)
        found = session.scalars(query.options(*whole)).one()
        session.expunge_all()
        return found


def count(parts: Parts, *which: Any) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Ticket).where(*which)) or 0


def test_the_manuals_new_ticket_lies_in_alfas_list(loaded: Parts):
    sam = ticket(loaded, 115)
    [shop] = sam.subtickets
    assert (sam.customer.name, sam.customer.tax_id) == ("PPHU SAM", "7974569439")
    assert (sam.customer.city, sam.customer.postal_code) == ("Sieciechów", "26-922")
    assert (sam.type, sam.state, sam.opened_on) == ("insoft", "new", TODAY)
    assert sam.dealer is not None
    assert (sam.dealer.name, sam.dealer.crm_id, sam.dealer.phone) == ("Dealer Alfa", 101, "111333444")
    assert (shop.point_id, shop.stations_buy, shop.stations_exchange) == (735, 1, 0)


def test_the_manuals_other_ticket_has_its_contract(loaded: Parts):
    arklity = ticket(loaded, 80)
    assert (arklity.customer.name, arklity.customer.tax_id) == ("PPHU Spożywcza", "8213457130")
    assert (arklity.customer.city, arklity.state) == ("Arklity", "contract")
    assert arklity.opened_on == TODAY - timedelta(days=22)
    assert arklity.due_at is not None
    assert arklity.due_at > NOW
    with loaded.database.reading() as session:
        kinds = session.scalars(select(File.kind).where(File.ticket_id == arklity.id)).all()
    assert sorted(kinds) == ["contract", "power_of_attorney", "quote"]


def test_every_insoft_ticket_beyond_taken_has_its_quote_on_file(loaded: Parts):
    beyond = (Ticket.type == "insoft") & Ticket.state.in_(("contract", "suspended", "closed"))
    with loaded.database.reading() as session:
        wanted = set(session.scalars(select(Ticket.number).where(beyond, Ticket.outcome.is_distinct_from("withdrawn"))))
        rows = session.execute(
            select(Ticket.number, Ticket.state, Quote.state)
            .join(Quote, Quote.ticket_id == Ticket.id)
            .join(File, (File.id == Quote.file_id) & File.replaced_at.is_(None))
        ).all()
    found = {number: (ticket_state, state) for number, ticket_state, state in rows}
    assert wanted <= set(found)
    assert set(found.values()) == {("contract", "accepted"), ("closed", "accepted"), ("suspended", "issued")}


def test_the_manuals_two_companies_lack_nothing_that_papers_need(loaded: Parts):
    for number in (115, 80):
        customer = ticket(loaded, number).customer
        names = ("phone", "email", "representative", "account_manager_name", "account_manager_email", "street")
        assert all(getattr(customer, name) for name in names)


def test_about_three_hundred_tickets_stand_in_every_state(loaded: Parts):
    with loaded.database.reading() as session:
        states = Counter(session.scalars(select(Ticket.state)))
    assert 290 <= states.total() <= 310
    assert min(states[state] for state in ("new", "taken", "contract", "suspended", "closed")) >= 10


def test_some_are_due_soon_and_one_is_late(loaded: Parts):
    assert count(loaded, Ticket.due_at < NOW) == 1
    assert count(loaded, Ticket.due_at.between(NOW, NOW + timedelta(days=1))) >= 10


@pytest.mark.parametrize("crm_id", [101, 102])
def test_both_dealers_find_tickets_in_the_pool(loaded: Parts, crm_id: int):
    with loaded.database.reading() as session:
        dealer_id = session.scalars(select(Dealer.id).where(Dealer.crm_id == crm_id)).one()
        actor = Actor(user_id=None, name="", role="dealer", dealer_id=dealer_id)
        seen = session.scalars(visible_tickets(actor)).all()
    assert sum(1 for one in seen if one.dealer_id is None) >= 20
    assert sum(1 for one in seen if one.dealer_id == dealer_id) >= 50


def test_every_tax_id_is_valid_and_some_tickets_have_many_shops(loaded: Parts):
    with loaded.database.reading() as session:
        customers = session.scalars(select(Customer)).all()
        shops = Counter(session.scalars(select(Subticket.ticket_id)))
    assert all(nip.is_valid(one.tax_id) and regon.is_valid(one.regon) for one in customers)
    assert max(shops.values()) == 12
    assert sum(1 for number in shops.values() if number > 1) >= 20


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("alfa@dealer.example", "dealer"),
        ("beta@dealer.example", "dealer"),
        ("operator@office.example", "operator"),
        ("admin@office.example", "admin"),
        ("master@office.example", "master"),
        ("technician@office.example", "technician"),
        ("seller@office.example", "seller"),
    ],
)
def test_one_of_each_role_may_sign_in_with_the_printed_password(loaded: Parts, email: str, role: str):
    with loaded.database.reading() as session:
        user = find_user(session, email)
        assert user is not None
        assert (user.role, user.language) == (role, "pl")
        hashes = set(session.scalars(select(User.password_hash)))
    assert len(hashes) == 1
    assert password_fits(hashes.pop(), PASSWORD)


def test_the_vendors_contacts_are_the_manuals(loaded: Parts):
    with loaded.database.reading() as session:
        contacts = session.scalars(select(VendorContact).where(VendorContact.type == "insoft")).all()
    assert {(one.name, one.phone) for one in contacts} == {("PH Novitus", "171171171"), ("RKS Insoft", "222333222")}


def test_the_seller_looks_after_some_companies(loaded: Parts):
    with loaded.database.reading() as session:
        seller = session.scalars(select(User).where(User.role == "seller")).one()
        actor = Actor(user_id=seller.id, name="", role="seller")
        assert 115 in {one.number for one in session.scalars(visible_tickets(actor))}


def test_suspended_tickets_say_why(loaded: Parts):
    with loaded.database.reading() as session:
        noted = set(session.scalars(select(Note.ticket_id).where(Note.act == "suspend")))
        suspended = set(session.scalars(select(Ticket.id).where(Ticket.state == "suspended")))
    assert suspended <= noted


def test_the_papers_are_real_ones_that_an_upload_would_take(loaded: Parts):
    with loaded.database.reading() as session:
        files = session.scalars(select(File).where(File.kind != "quote").order_by(File.id).limit(4)).all()
    for file in files:
        found = scans.inspect(in_folder(loaded.settings, "files").path(file.sha256), file.name, accept=scans.SCANS)
        assert (found.content_type, found.pages) == (file.content_type, file.pages)
        assert {mark.paper for mark in found.marks if mark} == {file.kind}


def test_the_backoffice_has_acknowledged_what_was_exported(loaded: Parts):
    received = requests.get(f"{loaded.settings.backoffice_url}/sandbox/received", timeout=10).json()
    purposes = Counter(package["purpose"] for package in received["packages"])
    assert purposes["scans"] >= 20
    with loaded.database.reading() as session:
        states = set(session.scalars(select(OutboxItem.state)))
    assert states <= {"delivered", "queued"}


def test_the_manuals_shop_is_silent_and_some_others_report(loaded: Parts):
    known = requests.get(f"{loaded.settings.backoffice_url}/sandbox/points", timeout=10).json()["points"]
    online = {point["point_id"]: [station["online"] for station in point["stations"]] for point in known}
    assert online[735] == [False]
    assert sum(1 for stations in online.values() if all(stations)) >= 5


def test_two_loads_on_one_day_plan_the_same():
    assert tickets(TODAY) == tickets(TODAY)
    assert len({one.number for one in tickets(TODAY)}) == len(tickets(TODAY))


def test_a_newcomer_finds_training_material_of_every_kind(loaded: Parts):
    with loaded.database.reading() as session:
        found = session.scalars(select(Material).order_by(Material.position)).all()
    assert {one.kind for one in found if one.published} == {"text", "link", "pdf"}
    assert [one.published for one in found].count(False) == 1
    [pdf] = [one for one in found if one.sha256]
    assert (
        scans.inspect(
            in_folder(loaded.settings, "files").path(str(pdf.sha256)), str(pdf.file_name), accept=(scans.PDF,)
        ).pages
        == 1
    )
