"""Leaves of an upload become whole papers in page order, or it is said what stands in the way."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.marks import Mark
from mikroserwis.scans import Leaf, Muddled, sort_leaves

PAPERS = ("quote", "contract", "power_of_attorney")


def upload(*written: str) -> list[Leaf]:
    """`c1/2` is page 1 of 2 of the contract, `?` an unreadable page, `-` a blank one."""
    names = {"q": "quote", "c": "contract", "p": "power_of_attorney"}
    leaves = []
    for page, text in enumerate(written, start=1):
        mark = None
        if text not in "?-":
            number, total = text[1:].split("/")
            version = 2 if text[0].isupper() else 1
            mark = Mark(115, names[text[0].lower()], version, int(number), int(total))
        leaves.append(Leaf(0, page, mark, text == "-"))
    return leaves


def found(*written: str) -> dict[str, list[int]]:
    """Paper → pages of the upload, in the order of the paper."""
    return {sheaf.mark.paper: [leaf.page for leaf in sheaf.leaves] for sheaf in sort_leaves(upload(*written))}


@given(st.lists(st.integers(1, 6), min_size=1, max_size=3), st.integers(0, 4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_readable_papers_are_found_in_any_order_with_blank_pages_among_them(
    lengths: list[int], blanks: int, chance: random.Random
) -> None:
    pages = [(paper, page, last) for paper, last in zip(PAPERS, lengths, strict=False) for page in range(1, last + 1)]
    marks = [Mark(115, paper, 1, page, last) for paper, page, last in pages]
    shuffled = [*marks, *[None] * blanks]
    chance.shuffle(shuffled)
    sheaves = sort_leaves([Leaf(0, page, mark, mark is None) for page, mark in enumerate(shuffled, start=1)])
    assert sorted(sheaf.mark.paper for sheaf in sheaves) == sorted(PAPERS[: len(lengths)])
    for sheaf in sheaves:
        assert [leaf.mark.page for leaf in sheaf.leaves if leaf.mark] == list(range(1, sheaf.mark.pages + 1))


@pytest.mark.parametrize(
    ("written", "papers"),
    [
        ("c1/3 ? c3/3 p1/1", {"contract": [1, 2, 3], "power_of_attorney": [4]}),
        ("p1/1 c3/3 ? c1/3", {"power_of_attorney": [1], "contract": [4, 3, 2]}),
        ("c1/2 ? p1/2 ?", {"contract": [1, 2], "power_of_attorney": [3, 4]}),
        ("? - c1/2 ? p1/2", {"power_of_attorney": [5, 4], "contract": [3, 1]}),
        ("c2/3 p1/2 ? p2/2 c1/3", {"contract": [5, 1, 3], "power_of_attorney": [2, 4]}),
        ("? c2/3 ?", {"contract": [1, 2, 3]}),
        ("c1/2 c2/2 ? -", {"contract": [1, 2, 3]}),
    ],
)
def test_an_unreadable_page_goes_where_it_alone_can_belong(written: str, papers: dict[str, list[int]]) -> None:
    assert found(*written.split()) == papers


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("c1/2 p1/1", ["pages_missing"]),
        ("c1/2 p1/2", ["pages_missing", "pages_missing"]),
        ("c2/3 ? p1/2 ? ?", ["pages_missing", "pages_missing", "page_unread"]),
        ("c1/1 p1/1 ?", ["page_unread"]),
        ("c1/2 c1/2 c2/2", ["page_twice"]),
        ("c1/2 C2/2", ["several_versions"]),
        ("c1/2 c2/3", ["several_prints"]),
    ],
)
def test_what_cannot_be_told_without_doubt_is_named(written: str, codes: list[str]) -> None:
    with pytest.raises(Muddled) as muddled:
        found(*written.split())
    assert [one.code for one in muddled.value.muddles] == codes
    assert muddled.value.incomplete == (set(codes) == {"pages_missing"})


def test_a_page_that_lies_twice_in_the_upload_is_named_by_both_places() -> None:
    with pytest.raises(Muddled) as muddled:
        found("c2/2", "c1/2", "-", "c2/2")
    [twice] = muddled.value.muddles
    assert (twice.detail["page"], [leaf.page for leaf in twice.detail["leaves"]]) == (2, [1, 4])
