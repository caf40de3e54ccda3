"""Pages of several files bound into one PDF: seen as before, with nothing of what else the files carried."""

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from mikroserwis.scans import JPEG, PDF, PNG, Code, Limits, UnusableFile, bind, inspect
from mikroserwis.scans.jpeg import only_the_picture
from tests.scans.samples import drawn_pdf, empty_paper, encoded, marked_page, scanned, stream, with_text

ORIENTATION, CAMERA = 0x0112, 0x010F
BAGGAGE = b"/Annots[5 0 R]/AA<</O<</S/URI/URI(http://x.example)>>>>/Metadata 6 0 R/PieceInfo<</X<</Private(hidden)>>>>"
CARRIED = (
    b"<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[0 0 500 500]/A<</S/URI/URI(http://x.example)>>>>",
    stream(b"<x>hidden</x>", b"/Type/Metadata"),
)


def bound(folder: Path, leaves: Sequence[tuple[bytes, str, int]], limits: Limits = Limits()) -> bytes:
    files = []
    for number, (content, content_type, page) in enumerate(leaves):
        file = folder / str(number)
        file.write_bytes(content)
        files.append((file, content_type, page))
    return bind(files, limits=limits)


def look(content: bytes, page: int = 1) -> Image.Image:
    picture: Image.Image = pdfium.PdfDocument(content)[page - 1].render(scale=1).to_pil()
    return picture.convert("L")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [b"", b"/CropBox[60 80 380 600]"])
def test_a_bound_page_looks_as_before_and_carries_nothing_else(tmp_path: Path, turn: int, crop: bytes) -> None:
    page = drawn_pdf(box=b"20 30 400 700", page=b"/Rotate %d" % turn + crop + BAGGAGE, more=CARRIED)
    made = bound(tmp_path, [(page, PDF, 1)])
    assert ImageChops.difference(look(made), look(page)).getbbox() is None
    for word in (b"hidden", b"x.example", b"/AA", b"/Annots", b"/Metadata", b"/PieceInfo"):
        assert word in page
        assert word not in made


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_becomes_an_upright_page_without_loss_and_without_its_data(
    tmp_path: Path, orientation: int
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = orientation, "SecretPhone"
    picture = marked_page(dpi=100).convert("RGB").crop((0, 0, 826, 700))
    photograph = encoded(picture, "JPEG", exif=exif, comment=b"Secret", progressive=orientation % 2 == 0)
    made = bound(tmp_path, [(photograph, JPEG, 1)])
    assert b"Secret" in photograph
    assert b"Secret" not in made
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(photograph))).convert("L")
    page = look(made)
    assert ImageStat.Stat(ImageChops.difference(page, upright.resize(page.size))).mean[0] < 8
    drawn = next(iter(pdfium.PdfDocument(made)[0].get_objects()))
    assert isinstance(drawn, pdfium.PdfImage)
    assert bytes(drawn.get_data()) == only_the_picture(photograph)
    assert (
        Image.open(io.BytesIO(only_the_picture(photograph))).tobytes() == Image.open(io.BytesIO(photograph)).tobytes()
    )


def test_pages_of_many_files_lie_in_the_order_asked_for(tmp_path: Path) -> None:
    first, second = with_text(empty_paper(), 100), marked_page(dpi=100)
    book = scanned(first, second)
    made = bound(tmp_path, [(book, PDF, 2), (encoded(first, "PNG"), PNG, 1), (book, PDF, 1)])
    file = tmp_path / "made"
    file.write_bytes(made)
    found = inspect(file, "made.pdf")
    assert (found.pages, [mark is not None for mark in found.marks]) == (3, [True, False, False])


@pytest.mark.parametrize(
    ("leaf", "limits", "code"),
    [
        ((drawn_pdf(catalog=b"/OpenAction<</S/JavaScript/JS(x)>>"), PDF, 1), Limits(), Code.ACTIVE_CONTENT),
        ((drawn_pdf(), PDF, 2), Limits(), Code.NO_SUCH_PAGE),
        ((drawn_pdf(box=b"0 0 20000 20000"), PDF, 1), Limits(), Code.TOO_MANY_PIXELS),
        ((drawn_pdf(), PDF, 1), Limits(pages=0), Code.TOO_MANY_PAGES),
        ((encoded(empty_paper(), "PNG"), PNG, 1), Limits(pixels=1000), Code.TOO_MANY_PIXELS),
        ((encoded(empty_paper(), "JPEG")[:400], JPEG, 1), Limits(), Code.BROKEN),
        ((b"%PDF-1.7 nothing", PDF, 1), Limits(), Code.BROKEN),
    ],
)
def test_what_is_refused_alone_is_refused_among_others(
    tmp_path: Path, leaf: tuple[bytes, str, int], limits: Limits, code: Code
) -> None:
    with pytest.raises(UnusableFile) as refused:
        bound(tmp_path, [leaf], limits)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0\x00",
        b"\xff\xd8\xff\x00\x00\x02",
        b"\xff\xd8\xff\xda\x00\x02abc",
        b"\xff\xd8abcd",
    ],
)
def test_a_picture_whose_segments_do_not_follow_each_other_is_broken(content: bytes) -> None:
    with pytest.raises(UnusableFile) as refused:
        only_the_picture(content)
    assert refused.value.code == Code.BROKEN


def test_what_follows_the_picture_is_left_behind() -> None:
    picture = encoded(empty_paper(), "JPEG")
    assert only_the_picture(picture + b"a second picture") == only_the_picture(picture)
