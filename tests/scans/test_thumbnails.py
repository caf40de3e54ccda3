import io
from pathlib import Path

import pytest
from PIL import Image

from mikroserwis.scans import DOCX, JPEG, PDF, PNG, Code, UnusableFile, thumbnail
from tests.scans.samples import drawn_pdf, empty_paper, encoded, png_that_says, scanned, with_text


def shown(tmp_path: Path, content: bytes, content_type: str, page: int = 1, width: int = 200) -> Image.Image:
    file = tmp_path / "upload"
    file.write_bytes(content)
    picture = Image.open(io.BytesIO(thumbnail(file, content_type, page, width)))
    assert picture.format == "WEBP"
    return picture.convert("RGB")


def colour(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def test_a_page_of_a_pdf_is_shown_at_the_width_asked_for(tmp_path: Path) -> None:
    pages = scanned(with_text(empty_paper(), 100), empty_paper(shade=100))
    first, second = (shown(tmp_path, pages, PDF, page) for page in (1, 2))
    assert first.size == second.size == (200, 283)
    assert colour(first, 2, 2) == (255, 255, 255)
    assert abs(colour(second, 100, 100)[0] - 100) < 4


def test_colours_of_a_pdf_stay_what_they_are(tmp_path: Path) -> None:
    picture = shown(tmp_path, scanned(Image.new("RGB", (400, 400), (250, 10, 10))), PDF)
    assert colour(picture, 100, 100) == pytest.approx((250, 10, 10), abs=8)


def test_a_photograph_is_shown_upright_and_without_where_it_was_taken(tmp_path: Path) -> None:
    photograph = Image.new("RGB", (1200, 800), "white")
    photograph.paste("red", (0, 0, 600, 800))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise: the left side is the top
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x0131] = "place and owner"
    content = encoded(photograph, "JPEG", exif=exif)
    assert b"place and owner" in content
    picture = shown(tmp_path, content, JPEG)
    assert picture.size == (200, 300)
    assert colour(picture, 100, 30) == pytest.approx((255, 0, 0), abs=8)
    assert colour(picture, 100, 270) == pytest.approx((255, 255, 255), abs=8)
    bare = thumbnail(tmp_path / "upload", JPEG, 1, 200)
    assert b"place and owner" not in bare
    assert not Image.open(io.BytesIO(bare)).getexif()


def test_what_is_transparent_is_shown_white(tmp_path: Path) -> None:
    content = encoded(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "PNG")
    assert colour(shown(tmp_path, content, PNG), 50, 50) == (255, 255, 255)


def test_a_small_picture_is_not_blown_up_and_a_long_one_is_bounded(tmp_path: Path) -> None:
    assert shown(tmp_path, encoded(Image.new("RGB", (50, 40)), "PNG"), PNG).size == (50, 40)
    assert shown(tmp_path, encoded(Image.new("RGB", (100, 9000)), "PNG"), PNG).height == 800
    assert shown(tmp_path, drawn_pdf(box=b"0 0 20 9000"), PDF).height <= 801


@pytest.mark.parametrize("page", [0, -1, 2])
def test_a_page_that_the_file_does_not_have_is_told(tmp_path: Path, page: int) -> None:
    with pytest.raises(UnusableFile) as caught:
        shown(tmp_path, drawn_pdf(), PDF, page)
    assert (caught.value.code, caught.value.detail) == (Code.NO_SUCH_PAGE, {"page": page, "pages": 1})


def test_a_bomb_and_an_office_file_have_no_picture(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile) as bomb:
        shown(tmp_path, png_that_says(60_000, 60_000), PNG)
    assert bomb.value.code == Code.TOO_MANY_PIXELS
    with pytest.raises(UnusableFile) as office:
        shown(tmp_path, b"PK\x03\x04", DOCX)
    assert office.value.code == Code.UNSUPPORTED_TYPE
