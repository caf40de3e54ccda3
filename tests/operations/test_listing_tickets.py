"""The list, against the same list read slowly in Python: every filter, every order, every page, nobody else's."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from mikroserwis.access import Actor
from mikroserwis.models import Dealer, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import listing, overview
from mikroserwis.tickets.listing import BOUND, VIEWS, fetch
from mikroserwis.tickets.wanted import COLUMNS, SIZES, SORTS, Wanted, read
from tests.operations import shelf
from tests.operations.desk import Desk
from tests.support.cast import SAM

ORDERS = [f"{sign}{name}" for name in sorted(SORTS) for sign in ("", "-")]


@pytest.fixture
def full(desk: Desk) -> Desk:
    """The desk with a hundred more tickets, four more dealers and names that sort oddly."""
    others = [
        desk.add_dealer("Żak", 1010, types=["insoft"]),
        desk.add_dealer("Zebra", 1011, active=False),
        desk.add_dealer("Łącki", 1012),
        desk.add_dealer("Lipa", 1013),
    ]
    actors = [desk.actor("alfa"), desk.actor("beta"), *others]
    with desk.database.transaction() as session:
        shelf.fill(session, random.Random(115), [*(one.dealer_id for one in actors), None], desk.now)
    return desk


def people(desk: Desk) -> list[Actor]:
    with desk.database.reading() as session:
        found = session.scalars(select(Dealer).order_by(Dealer.id)).all()
        dealers = [Actor(user_id=None, name=one.name, role="dealer", dealer_id=one.id) for one in found]
    return [*dealers, desk.actor("operator")]


def numbers(desk: Desk, wanted: Wanted, actor: Actor) -> list[int]:
    """Every page of the list, one after the other."""
    found: list[int] = []
    with desk.database.reading() as session:
        pages = fetch(session, wanted, actor, desk.now).pages
        for page in range(1, pages + 1):
            asked = Wanted(**{**vars(wanted), "page": page})
            found += [row.number for row in fetch(session, asked, actor, desk.now).rows]
    return found


def visible(desk: Desk, actor: Actor) -> list[Ticket]:
    with desk.database.reading() as session:
        seen = [one for one in shelf.everything(session) if shelf.sees(session, actor, one)]
        session.expunge_all()
        return seen


def expected(desk: Desk, wanted: Wanted, actor: Actor, seen: list[Ticket] | None = None) -> list[int]:
    today = desk.now.astimezone(RULES.tz).date()
    of = visible(desk, actor) if seen is None else seen
    return shelf.in_order([one for one in of if shelf.fits(one, wanted, actor, today)], wanted.sort, today)


def some_filter(chance: random.Random, desk: Desk) -> dict[str, Any]:
    day = desk.now.astimezone(RULES.tz).date() - timedelta(days=chance.randrange(130))
    every: dict[str, Any] = {
        "q": chance.choice(["łab", "LABEDZ", "cma lodz", "10", "0000-0000", "swoj", "%", "_", "\\", "żab zgi"]),
        "type": chance.choice(["insoft", "fiscal"]),
        "number": str(chance.choice([SAM, 1003, 999_999])),
        "tax_id": chance.choice(["7", "3-00", "797-456-94-39"]),
        "company": chance.choice(["Ćma", "cma", "ŁABĘDŹ", "zrodlo", "swoj skl", "%"]),
        "city": chance.choice(["łódź", "lodz", "Z", "ostrow"]),
        "acquired": chance.choice(["yes", "no"]),
        "state": chance.choice(["open", "new", "taken", "contract", "suspended", "closed"]),
        "opened_from": day,
        "opened_to": day,
        "closed_from": day,
        "closed_to": day,
        "days_min": chance.randrange(100),
        "days_max": chance.randrange(100),
    }
    return {name: every[name] for name in chance.sample(sorted(every), chance.randrange(1, 3))}


def test_every_filter_finds_what_a_person_would_find_and_nobody_sees_a_foreign_ticket(full: Desk):
    chance = random.Random(80)
    everybody = people(full)
    worlds = {one: visible(full, one) for one in everybody}
    for _ in range(80):
        actor = chance.choice(everybody)
        whose = ["", "yes", "no"] if actor.is_dealer else ["", "none", str(chance.choice(everybody[:-1]).dealer_id)]
        wanted = Wanted(
            **some_filter(chance, full),
            caretaker=chance.choice(whose),
            sort=chance.choice(ORDERS),
            size=chance.choice(SIZES),
        )
        assert numbers(full, wanted, actor) == expected(full, wanted, actor, worlds[actor]), wanted


def test_every_order_is_the_polish_one_on_both_databases(full: Desk):
    for actor in (full.actor("alfa"), full.actor("operator")):
        world = visible(full, actor)
        for sort in ORDERS:
            wanted = Wanted(sort=sort, size=50)
            assert numbers(full, wanted, actor) == expected(full, wanted, actor, world), sort


def test_each_dealer_sees_its_own_world_and_staff_see_all(full: Desk):
    for actor in people(full):
        wanted = Wanted(size=50)
        assert sorted(numbers(full, wanted, actor)) == sorted(expected(full, wanted, actor))
    assert len(numbers(full, Wanted(size=50), full.actor("operator"))) == 103


def test_whoever_has_nothing_to_do_with_tickets_sees_none(full: Desk):
    assert numbers(full, Wanted(), full.actor("technician")) == []
    assert numbers(full, Wanted(), full.actor("sam")) == []
    assert numbers(full, Wanted(), full.actor("seller")) == [SAM]


def test_the_counts_of_the_quick_views_are_the_lengths_of_their_lists(full: Desk):
    for actor in people(full):
        with full.database.reading() as session:
            counts = overview.fetch(session, Wanted(), actor, full.now, VIEWS).counts
        found = {name: len(numbers(full, Wanted(view=name, size=50), actor)) for name in VIEWS}
        assert counts == found


def test_the_page_beside_the_quick_views_is_the_page_of_the_list_alone(full: Desk):
    looked_at = [Wanted(sort=sort, size=10, page=number) for sort in ORDERS for number in (1, 2, 99, 10**14, -1)]
    looked_at += [Wanted(view=name, state="open", size=10) for name in VIEWS] + [Wanted(q="no such thing")]
    for actor in people(full):
        with full.database.reading() as session:
            for wanted in looked_at:
                beside = overview.fetch(session, wanted, actor, full.now, VIEWS).page
                assert beside == listing.fetch(session, wanted, actor, full.now), (actor.name, wanted)


def test_pages_from_the_end_and_from_the_front_meet(full: Desk):
    operator = full.actor("operator")
    world = visible(full, operator)
    with full.database.reading() as session:
        for sort in ORDERS:
            whole = expected(full, Wanted(sort=sort), operator, world)

            def page(number: int, sort: str = sort) -> listing.Page:
                return fetch(session, Wanted(sort=sort, size=10, page=number), operator, full.now, bound=60)

            front, back = [page(number) for number in range(1, 7)], [page(-number) for number in range(1, 7)]
            assert all(one.bounded and one.total == 60 for one in (*front, *back))
            assert [row.number for one in front for row in one.rows] == whole[:60], sort
            assert [row.number for one in reversed(back) for row in one.rows] == whole[-60:], sort


def test_a_page_past_either_end_is_the_last_one_there_is(full: Desk):
    operator = full.actor("operator")
    with full.database.reading() as session:
        last = fetch(session, Wanted(size=50, page=999), operator, full.now)
        first = fetch(session, Wanted(size=50, page=-999), operator, full.now)
    assert (last.page, len(last.rows), first.page) == (3, 3, 1)


def test_a_page_counted_from_the_end_of_a_short_list_is_an_ordinary_one(full: Desk):
    with full.database.reading() as session:
        page = fetch(session, Wanted(size=50, page=-1), full.actor("operator"), full.now)
    assert (page.page, page.total, page.bounded) == (3, 103, False)


@pytest.mark.parametrize(
    "arguments",
    [
        {"sort": "name; DROP TABLE", "size": "7", "page": "x", "state": "lost", "days_min": "1e9"},
        {"q": "\x00'\"%_\\" * 60, "number": "9" * 99, "caretaker": "²", "opened_from": "31.02.2026"},
        {"caretaker": "9" * 90, "tax_id": "x", "company": "~", "page": "-0", "days_max": "999999999"},
        {"opened_to": "0001-01-01", "closed_from": "9999-12-31", "acquired": "perhaps", "view": "secret"},
    ],
)
def test_an_address_that_somebody_made_up_is_a_list_all_the_same(full: Desk, arguments: dict[str, str]):
    with full.database.reading() as session:
        for actor in (full.actor("alfa"), full.actor("operator")):
            page = fetch(session, read(arguments), actor, full.now)
            assert 0 <= len(page.rows) <= page.size


def test_a_list_of_more_than_the_bound_says_so_and_counts_no_further(full: Desk):
    with full.database.transaction() as session:
        sample = session.execute(select(Ticket.__table__).where(Ticket.number == SAM)).mappings().one()
        values = {name: value for name, value in sample.items() if name not in {"id", "number", "crm_id"}}
        session.execute(insert(Ticket), [values | {"number": 100_000 + index} for index in range(BOUND)])
    with full.database.reading() as session:
        page = fetch(session, Wanted(), full.actor("operator"), full.now)
    assert (page.total, page.bounded) == (BOUND, True)


def test_a_dealer_that_loses_its_certificate_loses_sight_of_the_pool_at_once(full: Desk):
    actor, wanted = full.actor("alfa"), Wanted(size=50)
    before = numbers(full, wanted, actor)
    full.change_dealer(actor, types=[])
    after = numbers(full, wanted, actor)
    assert set(after) < set(before)
    assert after == expected(full, wanted, actor)


def test_the_columns_of_the_list_are_the_manuals_in_its_order():
    assert COLUMNS == (
        "type", "number", "tax_id", "company", "city", "acquired", "state", "caretaker", "opened", "closed", "days",
    )  # fmt: skip
