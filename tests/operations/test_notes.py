"""Notes, and when a ticket asks for a current one."""

import pytest

from mikroserwis.errors import Invalid
from mikroserwis.models import Note
from mikroserwis.tickets import queries
from mikroserwis.tickets.forms import LONGEST
from mikroserwis.tickets.operations.notes import add_note
from tests.operations.desk import Desk
from tests.support.cast import SAM


def write(desk: Desk, text: str, who: str = "alfa") -> None:
    desk.do(add_note, SAM, who, "notes.add", text=text)


def demand(desk: Desk) -> queries.NoteDemand:
    found: queries.NoteDemand = desk.look(
        lambda session, ticket: queries.note_demand(session, ticket, desk.now), SAM, desk.actor("alfa")
    )
    return found


@pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x00", "\u200b\u2060", "\u202e\u200f", "\ud800", "\xa0"])
def test_a_note_that_shows_nothing_is_no_note(desk: Desk, text: str):
    with pytest.raises(Invalid) as invalid:
        write(desk, text)
    assert [(one.field, one.code) for one in invalid.value.errors] == [("note", "required")]
    assert desk.rows(Note, SAM) == []


def test_a_note_is_kept_as_it_was_written(desk: Desk):
    for text in ("Zażółć gęślą\njaźń", "سلام، فردا می‌آیم", "🙂" * LONGEST):
        write(desk, f"  {text}\r\n")
        assert desk.rows(Note, SAM)[-1].text == text


def test_a_note_that_turns_the_line_round_or_holds_what_no_database_keeps_is_cleaned(desk: Desk):
    write(desk, "a\u202eb\x00c\x07d\ud800e")
    assert desk.rows(Note, SAM)[-1].text == "abcde"


def test_a_note_of_ten_megabytes_is_refused_with_both_lengths(desk: Desk):
    with pytest.raises(Invalid) as invalid:
        write(desk, "x" * 10_000_000)
    assert invalid.value.errors[0].params == {"limit": LONGEST, "length": 10_000_000}


def test_past_the_first_warning_a_current_note_is_asked_for_and_again_after_a_week(desk: Desk):
    desk.contract(SAM, "alfa")
    assert not demand(desk).needed
    warn_at = desk.ticket(SAM).warn_at
    assert warn_at is not None
    desk.now = warn_at
    assert demand(desk) == queries.NoteDemand(True, None)
    desk.later(minutes=1)
    write(desk, "Czekamy na kasy")
    assert demand(desk) == queries.NoteDemand(False, desk.now)
    desk.later(days=7, minutes=1)
    assert demand(desk).needed


def test_no_note_is_asked_for_while_the_clock_stands_or_after_the_end(desk: Desk):
    desk.close_all(SAM, "alfa")
    desk.later(days=400)
    assert not demand(desk).needed
