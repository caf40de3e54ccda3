from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from mikroserwis.scans import SCANS, Code, Limits, UnusableFile, inspect
from tests.scans.samples import (
    compressed_pdf,
    drawn_pdf,
    empty_paper,
    encoded,
    png_that_says,
    raw_pdf,
    scanned,
    stream,
    turned,
    with_noise,
    with_text,
    zipped,
)

WEB_PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
LOCKED_WORD = OLD_WORD + "EncryptedPackage".encode("utf-16-le")
TEXT_PAGE = with_text(empty_paper(), 100)
LOCK = b"<</Filter/Standard/V 1/R 2/P -4/O(%b)/U(%b)>>" % (b"o" * 32, b"u" * 32)


def refusal(tmp_path: Path, content: bytes, name: str = "skan", limits: Limits = Limits()) -> UnusableFile:
    file = tmp_path / "upload"
    file.write_bytes(content)
    with pytest.raises(UnusableFile) as caught:
        inspect(file, name, limits=limits)
    return caught.value


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"", "skan.pdf").code == Code.EMPTY


def test_a_file_that_is_gone_is_not_called_unusable(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        inspect(tmp_path / "gone", "skan.pdf")


@pytest.mark.parametrize(
    ("content", "name", "says", "is_"),
    [
        (encoded(TEXT_PAGE, "PNG"), "umowa.pdf", "pdf", "image/png"),
        (scanned(TEXT_PAGE), "skan.JPG", "jpg", "application/pdf"),
        (encoded(TEXT_PAGE, "JPEG"), "skan.png", "png", "image/jpeg"),
        (HEIC, "IMG_1.jpg", "jpg", "image/heic"),
        (scanned(TEXT_PAGE), "wycena.docx", "docx", "application/pdf"),
        (zipped({"a.txt": b"a"}), "umowa.docx", "docx", "application/zip"),
        (WEB_PAGE, "umowa.pdf", "pdf", None),
        (DRAWING, "umowa.pdf", "pdf", None),
        (b"just words", "skan.jpeg", "jpeg", None),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_with_both(
    tmp_path: Path, content: bytes, name: str, says: str, is_: str | None
) -> None:
    error = refusal(tmp_path, content, name)
    assert (error.code, error.detail) == (Code.NOT_WHAT_ITS_NAME_SAYS, {"name": says, "content": is_})


@pytest.mark.parametrize(
    ("content", "name", "is_"),
    [
        (HEIC, "IMG_1.heic", "image/heic"),
        (encoded(TEXT_PAGE, "GIF"), "skan.gif", "image/gif"),
        (zipped({"a.txt": b"a"}), "skany.zip", "application/zip"),
        (OLD_WORD, "skan", None),
        (WEB_PAGE, "umowa.html", None),
    ],
)
def test_a_kind_of_file_that_we_do_not_take_is_refused_with_those_we_do(
    tmp_path: Path, content: bytes, name: str, is_: str | None
) -> None:
    error = refusal(tmp_path, content, name)
    assert (error.code, error.detail) == (Code.UNSUPPORTED_TYPE, {"content": is_, "accepted": sorted(SCANS)})


@pytest.mark.parametrize(
    "content",
    [
        encoded(TEXT_PAGE, "JPEG")[:-3000],
        encoded(TEXT_PAGE, "PNG")[:-3000],
        png_that_says(2000, 3000),
        scanned(TEXT_PAGE)[:-200],
        b"%PDF-1.7\nnothing\n%%EOF\n",
        raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[9 0 R]/Count 1>>"]),
    ],
    ids=["half a JPEG", "half a PNG", "PNG without its pixels", "half a PDF", "no PDF", "PDF without its page"],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content).code == Code.BROKEN


@pytest.mark.parametrize("content", [drawn_pdf(trailer=b"/Encrypt 5 0 R/ID[<00><00>]", more=[LOCK]), LOCKED_WORD])
def test_a_file_that_needs_a_password_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content).code == Code.ENCRYPTED


def test_ten_thousand_pages_are_refused(tmp_path: Path) -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count 10000>>" % kids, *[page] * 10_000]
    error = refusal(tmp_path, raw_pdf(objects))
    assert (error.code, error.detail) == (Code.TOO_MANY_PAGES, {"pages": 10_000, "limit": Limits().pages})


@pytest.mark.parametrize("box", [b"0 0 200000 200000", b"0 0 10 30000", b"-90000 0 0 842"])
def test_a_page_as_large_as_a_field_is_refused(tmp_path: Path, box: bytes) -> None:
    error = refusal(tmp_path, drawn_pdf(box=box))
    assert (error.code, error.detail["unit"], error.detail["page"]) == (Code.TOO_MANY_PIXELS, "pt", 1)


BOMB_IMAGE = b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceGray"


@pytest.mark.parametrize(
    "content",
    [
        png_that_says(60_000, 60_000),
        png_that_says(2**31 - 1, 2**31 - 1),
        drawn_pdf(
            page=b"/Resources<</XObject<</I 5 0 R>>>>",
            more=[stream(b"x", BOMB_IMAGE)],
        ).replace(b"20 w 100 100 m 400 700 l S", b"600 0 0 800 0 0 cm /I Do  "),
    ],
    ids=["PNG", "largest PNG", "picture in a PDF"],
)
def test_a_picture_of_thousands_of_millions_of_pixels_is_refused_undecoded(tmp_path: Path, content: bytes) -> None:
    error = refusal(tmp_path, content)
    assert (error.code, error.detail["unit"], error.detail["page"]) == (Code.TOO_MANY_PIXELS, "px", 1)


def nested_forms(depth: int) -> bytes:
    """Each form draws the next one twenty times: 20 to the power of `depth` lines."""
    forms = [
        stream(b"/F Do " * 20, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % number)
        for number in range(6, 6 + depth)
    ]
    last = stream(b"0 0 m 9 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    content = drawn_pdf(page=b"/Resources<</XObject<</F 5 0 R>>>>", more=[*forms, last])
    return content.replace(b"20 w 100 100 m 400 700 l S", b"/F Do                     ")


def test_a_page_that_would_take_for_ever_is_given_up(tmp_path: Path) -> None:
    error = refusal(tmp_path, nested_forms(9), limits=Limits(seconds=2))
    assert (error.code, error.detail) == (Code.TOO_COMPLEX, {"seconds": 2})


def test_a_file_that_wants_all_memory_harms_only_its_own_inspection(tmp_path: Path) -> None:
    picture = encoded(Image.new("L", (8000, 8000)), "PNG", compress_level=1)
    assert refusal(tmp_path, picture, limits=Limits(memory=160_000_000)).code == Code.TOO_COMPLEX
    (tmp_path / "next").write_bytes(drawn_pdf())
    assert inspect(tmp_path / "next", "skan.pdf").pages == 1


HOSTILE: dict[str, tuple[bytes, str]] = {
    "script on opening": (drawn_pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "JavaScript"),
    "script spelled otherwise": (drawn_pdf(catalog=b"/OpenAction<</S/J#61vaScript/JS(1)>>"), "JavaScript"),
    "script by name": (drawn_pdf(catalog=b"/Names<</JavaScript<</Names[(a)5 0 R]>>>>", more=[b"<<>>"]), "JavaScript"),
    "program start": (
        drawn_pdf(page=b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(x.exe)>>>>]"),
        "Launch",
    ),
    "attached file": (
        drawn_pdf(
            catalog=b"/Names<</EmbeddedFiles<</Names[(x)5 0 R]>>>>",
            more=[b"<</Type/Filespec/F(x.exe)/EF<</F 6 0 R>>>>", stream(b"MZ", b"/Type/EmbeddedFile")],
        ),
        "EmbeddedFiles",
    ),
    "archive behind": (drawn_pdf() + zipped({"x.exe": b"MZ"}), "ZIP"),
    "web page behind": (drawn_pdf() + WEB_PAGE, "HTML"),
    "web page behind, ended again": (drawn_pdf() + WEB_PAGE + b"\n%%EOF\n", "HTML"),
    "anything behind": (drawn_pdf() + b"something else", "%%EOF"),
    "anything before": (b"something else\n" + drawn_pdf(), "PDF"),
    "PDF in a picture": (
        encoded(TEXT_PAGE, "JPEG", comment=b"%PDF-1.7 " + drawn_pdf()),
        "PDF",
    ),
    "archive in a picture": (encoded(TEXT_PAGE, "PNG") + zipped({"x.exe": b"MZ"}), "ZIP"),
    "web page in a picture": (encoded(TEXT_PAGE, "JPEG", comment=WEB_PAGE), "HTML"),
}


@pytest.mark.parametrize(("content", "found"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_scan_that_is_more_than_paper_is_refused_with_what_was_found(
    tmp_path: Path, content: bytes, found: str
) -> None:
    error = refusal(tmp_path, content)
    assert (error.code, error.detail) == (Code.ACTIVE_CONTENT, {"found": found})


def test_a_script_hidden_in_compressed_objects_is_found(tmp_path: Path) -> None:
    assert refusal(tmp_path, compressed_pdf(b"<</S/JavaScript/JS(1)>>")).detail == {"found": "JavaScript"}


def lid(page: Image.Image) -> Image.Image:
    """Put down askew on a scanner whose lid is black."""
    return page.rotate(2, fillcolor=15)


def streaked(page: Image.Image) -> Image.Image:
    page = page.copy()
    ImageDraw.Draw(page).line((300, 0, 300, page.height), fill=110, width=2)
    return page


def yellowish(page: Image.Image) -> Image.Image:
    """Old paper, in shadow towards its top."""
    shadow = Image.linear_gradient("L").resize(page.size).point(lambda value: 190 + value // 4)
    return ImageChops.multiply(
        Image.merge("RGB", (page, page, page.point(lambda value: value * 4 // 5))), shadow.convert("RGB")
    )


@pytest.mark.parametrize("seen", [lid, streaked, yellowish, lambda page: turned(page, 90), lambda page: page])
@pytest.mark.parametrize("shade", [255, 190])
def test_empty_paper_is_refused_however_the_scanner_sees_it(
    tmp_path: Path, seen: Callable[[Image.Image], Image.Image], shade: int
) -> None:
    page = seen(with_noise(empty_paper(shade=shade)))
    error = refusal(tmp_path, scanned(page, page))
    assert (error.code, error.detail) == (Code.BLANK, {"pages": 2})


def test_a_page_of_black_is_blank(tmp_path: Path) -> None:
    assert refusal(tmp_path, encoded(Image.new("L", (1200, 1700)), "JPEG")).code == Code.BLANK
