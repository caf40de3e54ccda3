import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from exports import marks
from exports.marks import Mark
from tests.exports.paper_cast import marks_on

MARK = Mark(ticket=115, paper="contract", version=1, page=1, pages=2)
NUMBERS = st.integers(1, 999_999_999)


@given(NUMBERS, st.sampled_from(sorted(marks.PAPER_LABELS)), NUMBERS, st.integers(1, 999), st.integers(0, 999))
def test_every_mark_is_read_back_as_it_was_written(ticket: int, paper: str, version: int, page: int, more: int) -> None:
    mark = Mark(ticket, paper, version, page, page + more)
    assert marks.parse(marks.text(mark)) == mark


def test_the_code_names_ticket_paper_version_and_page() -> None:
    assert marks.text(MARK).startswith("MKS1/115/contract/v1/p1-2/")


def test_any_single_misread_character_is_noticed() -> None:
    code = marks.text(MARK)
    for at in range(len(code)):
        for wrong in "0189abcz/-":
            misread = code[:at] + wrong + code[at + 1 :]
            assert misread == code or marks.parse(misread) is None


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "https://example.com/115",
        "MKS1/115/contract/v1/p1-2",
        "MKS2" + marks.text(MARK)[4:],
        marks.text(MARK) + "\n",
        marks.text(MARK).upper(),
        "MKS1/" + "9" * 5000 + "/contract/v1/p1-2/000000",
        "MKS1/١١٥/contract/v1/p1-2/000000",
    ],
)
def test_a_foreign_code_is_no_mark(foreign: str) -> None:
    assert marks.parse(foreign) is None


@pytest.mark.parametrize(
    "impossible",
    [
        Mark(0, "contract", 1, 1, 1),
        Mark(-5, "contract", 1, 1, 1),
        Mark(115, "contract/v9", 1, 1, 1),
        Mark(115, "", 1, 1, 1),
        Mark(115, "contract", 0, 1, 1),
        Mark(115, "contract", 1, 3, 2),
        Mark(10**9, "contract", 1, 1, 1),
    ],
)
def test_a_mark_that_could_not_be_read_back_is_not_written(impossible: Mark) -> None:
    with pytest.raises(ValueError, match="not a page mark"):
        marks.text(impossible)


def test_people_read_the_mark_in_polish() -> None:
    assert marks.readable(MARK) == "115 · Umowa · w. 1 · str. 1/2"
    assert marks.readable(Mark(80, "annex", 2, 1, 1)) == "80 · annex · w. 2 · str. 1/1"


def test_the_picture_holds_the_mark_even_when_scanned_small_and_turned() -> None:
    picture = Image.open(io.BytesIO(marks.qr_png(MARK))).convert("L")
    assert marks_on(picture) == [MARK]
    small = picture.resize((120, 120)).rotate(7, fillcolor=255, expand=True)
    assert marks_on(small) == [MARK]


def test_the_drawing_is_plain_svg_on_white() -> None:
    drawing = marks.qr_svg(MARK)
    assert drawing.startswith("<svg ")
    assert 'fill="#fff"' in drawing
    assert "<script" not in drawing
