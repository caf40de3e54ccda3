"""An act on many tickets: each is done or refused alone, by what was seen, and told in one piece."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mikroserwis.errors import Forbidden, Invalid, Refused
from mikroserwis.models import Dealer, Handover, Message, News, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets.bulk import kept
from mikroserwis.tickets.bulk.act_page import why
from mikroserwis.tickets.bulk.plan import ids_of, preview
from mikroserwis.tickets.bulk.wishes import EXTEND, POOL, REASSIGN, Chosen, Wish, put_down, read_back
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.extending import operations as extending
from mikroserwis.tickets.operations import handover
from tests.bulk.office import BY_RULES, REASON, Office
from tests.operations.desk import Desk
from tests.operations.racing import at_once
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, POOLED, SAM

MANY = tuple(range(1001, 1051))


def brought(desk: Desk, numbers: tuple[int, ...] = MANY) -> None:
    for number in numbers:
        desk.intake(number)


def caretakers(desk: Desk, numbers: tuple[int, ...]) -> Counter[str | None]:
    with desk.database.reading() as session:
        query = select(Dealer.name).select_from(Ticket).outerjoin(Dealer, Dealer.id == Ticket.dealer_id)
        return Counter(session.scalars(query.where(Ticket.number.in_(numbers))))


def count(desk: Desk, model: type, *which: object) -> int:
    with desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*which)) or 0  # type: ignore[arg-type]


def test_of_fifty_tickets_those_that_changed_since_they_were_shown_are_left_as_they_are(desk: Desk):
    brought(desk)
    desk.add_dealer("Dealer Gamma", 1003, "26", capacity=100)
    office = Office(desk)
    chosen = office.seen(MANY)
    for number in MANY[:5]:
        desk.take(number, "alfa")
    batch = office.start(BY_RULES, chosen)
    assert Counter(office.states(batch).values()) == {"done": 45, "refused": 5}
    assert caretakers(desk, MANY) == {"Dealer Alfa": 5, "Dealer Gamma": 45}
    assert desk.ticket(MANY[0]).state == "taken"
    problem = office.told(batch, MANY[0])["problem"]
    assert kept.codes(problem) == ["changed_since_the_look"]
    assert "Podjęte, Dealer Alfa" in kept.said(problem)[0]
    assert office.act(batch).state == "done"


def test_who_gets_what_is_as_the_preview_showed_it(desk: Desk):
    brought(desk, MANY[:9])
    for crm_id, capacity in ((1003, 4), (1004, 2)):
        desk.add_dealer(f"Dealer {crm_id}", crm_id, "26", capacity=capacity)
    office = Office(desk)
    with desk.database.reading() as session:
        ids = ids_of(session, MANY[:9], office.actor)
        shown = preview(session, list(ids.values()), BY_RULES, desk.now)
    expected = {one.ticket.number: one.choice.dealer_id for one in shown if one.choice}
    office.start(BY_RULES, office.seen(list(expected)))
    assert {number: desk.ticket(number).dealer_id for number in expected} == expected
    assert Counter(expected.values())[None] == 3


def test_what_cannot_be_done_says_why_and_the_rest_is_done(desk: Desk):
    desk.close_all(ARKLITY, "beta")
    office = Office(desk)
    batch = office.start(Wish(POOL), [Chosen(one) for one in (SAM, ARKLITY, POOLED, 999_999)])
    assert office.states(batch) == {SAM: "done", ARKLITY: "refused", POOLED: "refused", 999_999: "refused"}
    said = {one.number: " ".join(why(one)) for one in office.lines(batch)}
    assert "Zamknięte" in said[ARKLITY]
    assert "w otwartej puli" in said[POOLED]
    assert "Nie ma zgłoszenia" in said[999_999]


def test_a_named_dealer_gets_them_unless_it_has_them_or_is_not_certified(desk: Desk):
    brought(desk, MANY[:3])
    gamma = desk.add_dealer("Dealer Gamma", 1003, types=("fiscal",))
    office = Office(desk)
    batch = office.start(Wish(REASSIGN, gamma.dealer_id), office.seen((SAM, ARKLITY)))
    assert office.states(batch) == {SAM: "refused", ARKLITY: "done"}
    desk.change_dealer(gamma, active=False)
    with pytest.raises(Invalid) as wrong:
        office.start(Wish(REASSIGN, gamma.dealer_id), office.seen(MANY[:3]))
    assert [one.code for one in wrong.value.errors] == ["dealer_is_inactive"]


def test_deadlines_move_where_something_is_owed_and_lies_before_the_day(desk: Desk):
    brought(desk, MANY[:2])
    desk.take(MANY[0], "alfa")
    desk.do(handover.reassign, SAM, "operator", "ticket.reassign", reason="Urlop", to=handover.POOL)
    until = today(desk.now) + timedelta(days=5)
    office = Office(desk)
    batch = office.start(Wish(EXTEND, until=until), office.seen((SAM, *MANY[:2])))
    assert office.states(batch) == {SAM: "refused", MANY[0]: "refused", MANY[1]: "done"}
    assert office.told(batch, MANY[1])["due"] == [str(until - timedelta(days=2)), str(until)]
    due = desk.ticket(MANY[1]).due_at
    assert due is not None
    assert last_day(due) == until
    assert kept.codes(office.told(batch, MANY[0])["problem"]) == ["not_after_the_deadline"]


def test_each_dealer_hears_of_all_of_it_in_news_and_of_nothing_in_single_mails(desk: Desk):
    brought(desk, MANY[:6])
    gamma = desk.add_dealer("Dealer Gamma", 1003, "26", capacity=100)
    before = count(desk, Message)
    office = Office(desk)
    batch = office.start(BY_RULES, office.seen(MANY[:6]))
    assert count(desk, Message) == before
    alfa = desk.actor("alfa").dealer_id
    assert count(desk, News, News.dealer_id == alfa, News.kind == "lost") == 6
    assert count(desk, News, News.dealer_id == gamma.dealer_id, News.kind == "got") == 6
    assert count(desk, Handover, Handover.batch == f"bulk:{batch}") == 6
    with desk.database.reading() as session:
        [data] = set(session.scalars(select(News.data).where(News.kind == "lost")))
    assert json.loads(data)["reason"] == REASON


def test_of_two_people_who_act_on_the_same_tickets_at_once_one_does_each(desk: Desk):
    brought(desk, MANY[:20])
    desk.add_dealer("Dealer Gamma", 1003, "26", capacity=100)
    offices = (Office(desk), Office(desk, "admin"))
    chosen = (offices[0].seen(MANY[:14]), offices[1].seen(MANY[6:20][::-1]))
    batches = at_once(lambda index: offices[index].start(BY_RULES, chosen[index]), 2)
    done = Counter(number for one in batches for number, state in offices[0].states(one).items() if state == "done")
    assert done == Counter(MANY[:20])
    assert count(desk, Handover) == 20


@sqlite_only
def test_it_is_staffs_and_wants_a_reason_and_tickets_but_not_too_many(desk: Desk):
    with pytest.raises(Forbidden):
        Office(desk, "alfa").start(BY_RULES, [Chosen(SAM)])
    office = Office(desk)
    for wish, chosen, reason, code in (
        (BY_RULES, [Chosen(SAM)], " \n", "required"),
        (BY_RULES, [], REASON, "nothing_chosen"),
        (BY_RULES, [Chosen(one) for one in range(1, 2002)], REASON, "too_many_chosen"),
        (Wish(REASSIGN, 999), [Chosen(SAM)], REASON, "no_such_dealer"),
        (Wish(EXTEND), [Chosen(SAM)], REASON, "required"),
        (Wish(EXTEND, until=today(desk.now) - timedelta(days=1)), [Chosen(SAM)], REASON, "day_is_past"),
    ):
        with pytest.raises(Invalid) as wrong:
            office.start(wish, chosen, reason)
        assert [one.code for one in wrong.value.errors] == [code]
    assert desk.ticket(SAM).dealer is not None


@sqlite_only
def test_a_ticket_that_is_chosen_twice_is_done_once(desk: Desk):
    desk.add_dealer("Dealer Gamma", 1003, "26")
    office = Office(desk)
    assert office.states(office.start(BY_RULES, [Chosen(SAM), Chosen(SAM)])) == {SAM: "done"}


def test_what_was_seen_comes_back_from_its_field_and_nothing_else_does():
    chosen = [Chosen(115, 3, 12), Chosen(80, 1, None)]
    assert read_back(put_down(chosen)) == chosen
    for text in ("115", "115:3", "115:x:1", "115:3:1;", "-1:1:1", "1" * 16 + ":1:1"):
        with pytest.raises(Invalid):
            read_back(text)


def test_all_of_it_is_undone_but_for_what_the_next_dealer_has_taken(desk: Desk):
    brought(desk, MANY[:4])
    desk.take(MANY[3], "alfa")
    gamma = desk.add_dealer("Dealer Gamma", 1003, "26", capacity=100)
    office = Office(desk)
    batch = office.start(BY_RULES, office.seen((*MANY[:4], POOLED)))
    desk.take(MANY[0], gamma)
    office.undo(batch, MANY[1])
    assert office.states(batch)[MANY[1]] == "undone"
    office.undo(batch)
    assert Counter(office.states(batch).values()) == {"undone": 3, "done": 1, "refused": 1}
    assert kept.codes(office.told(batch, MANY[0])["kept"]) == ["next_dealer_has_not_taken_it"]
    assert (desk.ticket(MANY[3]).state, caretakers(desk, MANY[1:4])) == ("taken", {"Dealer Alfa": 3})
    assert office.told(batch, MANY[2])["undone"][2] == "Wrócił."


def test_what_was_given_out_of_the_pool_goes_back_into_it(desk: Desk):
    gamma = desk.add_dealer("Dealer Gamma", 1003, "70")
    office = Office(desk)
    batch = office.start(BY_RULES, office.seen((POOLED,)))
    assert desk.ticket(POOLED).dealer_id == gamma.dealer_id
    office.undo(batch)
    pooled = desk.ticket(POOLED)
    assert (pooled.dealer_id, pooled.state, pooled.due_at) == (None, "new", None)
    assert office.states(office.start(BY_RULES, office.seen((POOLED,)))) == {POOLED: "done"}


def test_a_later_deadline_is_undone_unless_the_ticket_has_gone_on(desk: Desk):
    brought(desk, MANY[:3])
    before = desk.ticket(MANY[0]).due_at
    office = Office(desk)
    batch = office.start(Wish(EXTEND, until=today(desk.now) + timedelta(days=9)), office.seen(MANY[:3]))
    desk.take(MANY[1], "alfa")
    desk.take(MANY[2], "alfa")
    office.undo(batch)
    assert office.states(batch) == {MANY[0]: "undone", MANY[1]: "done", MANY[2]: "done"}
    assert desk.ticket(MANY[0]).due_at == before
    assert kept.codes(office.told(batch, MANY[1])["kept"]) == ["gone_on"]
    assert desk.verbs(MANY[0])[-1] == "undo_extension"


def test_each_answer_to_a_request_is_told_also_after_one_was_taken_back(desk: Desk):
    brought(desk, MANY[:1])
    day, office = today(desk.now) + timedelta(days=9), Office(desk)
    desk.do(extending.ask, MANY[0], "alfa", "extension.ask", until=day, reason="Klient na urlopie")
    for _twice in range(2):
        batch = office.start(Wish(EXTEND, until=day), office.seen(MANY[:1]))
        assert office.states(batch) == {MANY[0]: "done"}
        desk.later(minutes=1)
        office.undo(batch)
        assert office.states(batch) == {MANY[0]: "undone"}
        desk.later(minutes=1)
    assert count(desk, News, News.kind == "extended") == 4


def test_after_a_day_nothing_is_undone(desk: Desk):
    brought(desk, MANY[:1])
    desk.add_dealer("Dealer Gamma", 1003, "26")
    office = Office(desk)
    batch = office.start(BY_RULES, office.seen(MANY[:1]))
    desk.later(hours=24, minutes=1)
    with pytest.raises(Refused) as refused:
        office.undo(batch)
    assert [one.code for one in refused.value.blockers] == ["undo_is_in_time"]
    assert office.states(batch) == {MANY[0]: "done"}
