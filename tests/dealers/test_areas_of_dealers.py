"""Postal prefixes as staff type them, and the holes that they leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikroserwis.dealers import forms
from mikroserwis.dealers.areas import as_text, coverage, holes, plain, read_prefix, swallowed, touches
from mikroserwis.errors import Invalid
from sla import Candidate, Ticket, choose

PREFIXES = st.from_regex(r"[0-9]{1,2}|[0-9]{2}-[0-9]{1,3}", fullmatch=True)


def errors(**values: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        forms.dealer(values, new=False)
    return [(one.field, one.code) for one in caught.value.errors]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("26, 05-0", "05-0, 26"),
        ("268;05-0\n27 31,", "05-0, 26-8, 27, 31"),
        ("  ", ""),
        ("26922", "26-922"),
        ("0", "0"),
        ("269", "26-9"),
    ],
)
def test_areas_are_kept_in_order_with_their_dash(typed: str, kept: str):
    assert forms.dealer({"areas": typed}, new=False) == {"areas": kept}


@pytest.mark.parametrize("typed", ["2-6", "26-", "-26", "26-9222", "269222", "ab", "26.9", "٢٦", "26-9-1", "26\u20139"])
def test_what_is_no_beginning_of_a_postal_code_is_refused(typed: str):
    assert errors(areas=f"27, {typed}") == [("areas", "bad_prefixes")]


def test_areas_that_stand_twice_or_within_another_are_named():
    assert errors(areas="26, 26") == [("areas", "prefixes_twice")]
    with pytest.raises(Invalid) as caught:
        forms.dealer({"areas": "26-922, 26-9, 27, 05-0, 050"}, new=False)
    assert caught.value.errors[0].params == {"twice": ["05-0"], "within": [("26-922", "26-9")]}


def test_more_areas_than_anybody_reads_are_refused():
    assert errors(areas=",".join(f"{number:03}" for number in range(301))) == [("areas", "too_many_prefixes")]


@given(st.sets(PREFIXES, max_size=12))
def test_what_is_kept_reads_the_same_again(prefixes: set[str]):
    apart = {one for one in prefixes if one not in {inner for inner, _outer in swallowed(prefixes)}}
    kept = forms.dealer({"areas": as_text(apart)}, new=False)["areas"]
    assert kept == as_text(apart)
    assert {read_prefix(plain(one)) for one in apart} == apart


@given(st.lists(PREFIXES, max_size=8), st.from_regex(r"[0-9]{2}-[0-9]{3}", fullmatch=True))
def test_who_covers_a_code_is_whom_the_choice_finds(prefixes: list[str], code: str):
    types, areas = frozenset({"insoft"}), tuple(prefixes)
    dealer = Candidate(dealer_id=1, active=True, types=types, areas=areas, capacity=1, open_tickets=0)
    chosen = choose(Ticket("insoft", code), [dealer]).dealer_id
    assert any(touches(one, code) for one in prefixes) == (chosen == 1)


def test_the_holes_are_what_nobody_covers_even_in_part():
    counts = coverage([["0", "26-9"], ["26", "10", "12"], []])
    assert counts["05"] == (1, 0)
    assert counts["26"] == (1, 1)
    assert counts["13"] == (0, 0)
    assert holes(counts) == ["11", "13–25", "27–99"]
    assert holes(coverage([[str(digit) for digit in range(10)]])) == []
    assert holes(coverage([])) == ["00–99"]
