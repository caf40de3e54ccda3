"""Pictures of numbers: everything that they show stands in them as text, and fits its place."""

import re
from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask import render_template_string

from mikroserwis import charts
from mikroserwis.charts import Item, Picture
from mikroserwis.i18n import speaking
from tests.support.app import sqlite_only

ITEMS = [
    Item("Nowe", (12, 5, 8), "/tickets?state=new"),
    Item("pn\n23", (0, 1234, None)),
    Item("<b>Los & Spółka</b>", (7, 1, 3)),
]
HEADS = ("Stan", "Jeden", "Dwa", "Trzy")
MADE: dict[str, Callable[..., Picture]] = {
    "bars": charts.bars,
    "stacks": charts.stacks,
    "columns": charts.columns,
    "trend": charts.trend,
}


@pytest.fixture(params=sorted(MADE))
def picture(request: pytest.FixtureRequest) -> Picture:
    series = 1 if request.param == "trend" else 3
    items = [Item(one.label, one.values[:series], one.url) for one in ITEMS]
    with speaking("pl"):
        return MADE[request.param]("one", "Zgłoszenia", HEADS[: series + 1], items)


def drawn(app: APIFlask, picture: Picture) -> str:
    with app.test_request_context(), speaking("pl"):
        return render_template_string(
            '{% from "macros/charts.html" import chart %}{{ chart(picture, level=2) }}', picture=picture
        )


@sqlite_only
def test_each_number_stands_in_the_picture_as_text_and_in_the_table(app: APIFlask, picture: Picture) -> None:
    page = drawn(app, picture)
    svg, table = page[page.index('<svg class="drawing"') : page.rindex("</svg>")], page[page.index("<table") :]
    description = re.search(r"<desc[^>]*>(.*?)</desc>", svg)
    assert description is not None
    for _label, _url, values in picture.rows:
        for value in values:
            assert value in description[1]
            assert f"<td>{value}</td>" in table
    assert '<a href="/tickets?state=new"><bdi>Nowe</bdi></a>' in table


@sqlite_only
def test_a_picture_is_an_image_with_a_name_and_needs_no_style_of_its_own(app: APIFlask, picture: Picture) -> None:
    page = drawn(app, picture)
    assert 'role="img" aria-labelledby="one-t one-d"' in page
    assert '<title id="one-t">Zgłoszenia</title>' in page
    assert not re.search(r"\sstyle=|<style|<script| on\w+=", page)
    assert "<b>Los" not in page
    assert "&lt;b&gt;Los &amp; Spółka&lt;/b&gt;" in page


def test_whatever_is_drawn_lies_within_its_place(picture: Picture) -> None:
    for shape in picture.shapes:
        x, y, width, height = shape.box
        assert 0 <= x <= x + width <= 100 + 1e-6
        assert 0 <= y <= y + height <= picture.height
    for words in picture.words:
        assert 0 <= words.x <= 100
        assert 0 < words.y <= picture.height
    assert all(0 <= x <= 100 and 0 <= y <= picture.height for x, y in picture.points)


@sqlite_only
def test_series_are_told_apart_by_pattern_and_named(app: APIFlask) -> None:
    page = drawn(app, charts.stacks("two", "T", ("Kto", *"ABCDE"), [Item("x", (1, 2, 3, 4, 5))]))
    fills = re.findall(r'<rect class="s(\d)"[^>]*y="[1-9][^>]*?(?: fill="(url\(#two-p\d\))")?>', page)
    assert fills == [("0", ""), ("1", "url(#two-p1)"), ("2", "url(#two-p2)"), ("3", "url(#two-p3)"), ("4", "")]
    assert re.findall(r"</svg>(\w)</li>", page) == [*"ABCDE"]


def test_more_series_than_patterns_are_refused() -> None:
    with pytest.raises(ValueError, match="5 series at most"):
        charts.stacks("x", "T", ("Kto", *"ABCDEF"), [Item("x", (1,) * 6)])


@pytest.mark.parametrize("make", MADE.values())
def test_nothing_but_zeros_nothings_or_no_item_at_all_can_be_drawn(make: Callable[..., Picture]) -> None:
    for items in ([], [Item("a", (0,))], [Item("a", (None,)), Item("b", (None,))]):
        picture = make("x", "T", ("Kto", "A"), items)
        assert picture.shapes == ()
        assert len(picture.rows) == len(items)


def test_the_longest_bar_leaves_room_for_its_number_and_lengths_are_in_proportion() -> None:
    picture = charts.bars("x", "T", ("Kto", "A"), [Item("a", (50,)), Item("b", (200,))])
    widths = [shape.box[2] for shape in picture.shapes]
    assert widths[1] == pytest.approx(4 * widths[0])
    assert widths[1] <= 80
