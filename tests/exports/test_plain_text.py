import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.papers.measure import lines, shortened, width
from exports.plain import plain, slug


@given(st.text(st.characters(exclude_categories=())))
def test_plain_text_is_one_line_that_any_xml_may_hold(value: str) -> None:
    made = plain(value)
    assert made == made.strip()
    assert made.isprintable() or set(made) & set("\u200c\u200d")
    made.encode()


def test_nothing_is_plain_too() -> None:
    assert plain(None) == ""


def test_direction_tricks_go_and_joiners_stay() -> None:
    assert plain("faktura\u202efdp.exe") == "fakturafdp.exe"
    assert plain("می\u200cخواهم 👩\u200d👧") == "می\u200cخواهم 👩\u200d👧"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Zdjęcie lady — Łódź.JPG", "zdjecie-lady-lodz-jpg"),
        ("../../etc/passwd", "etc-passwd"),
        ("日本", ""),
        ("a" * 100, "a" * 60),
    ],
)
def test_a_slug_is_safe_as_a_file_name(value: str, expected: str) -> None:
    assert slug(value) == expected


@given(st.text(max_size=400).map(plain), st.floats(40, 500), st.integers(1, 8))
def test_a_shortened_text_keeps_to_its_lines(value: str, room: float, most: int) -> None:
    made = shortened(value, room, 9, most)
    assert lines(made, room, 9) <= most
    assert made == value or (made.endswith("…") and value.startswith(made[:-1]))


def test_wide_and_bold_text_needs_more_room() -> None:
    assert width("WWW", 10) > width("iii", 10)
    assert width("abc", 10, bold=True) > width("abc", 10)
    assert width("😀", 10) >= 14
    assert lines("Wąchock " * 20, 100, 9) > lines("Wąchock " * 10, 100, 9)
