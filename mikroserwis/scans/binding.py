"""One PDF out of pages of several files: what is drawn on them, and nothing else that a file can carry."""

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from mikroserwis.scans import jpeg, pdf, pictures
from mikroserwis.scans.model import JPEG, PDF, Code, Limits, UnusableFile

LONG_SIDE = 842.0  # points: a picture becomes as long as an A4 page
ORIENTATION = 0x0112  # EXIF's tag
# How the unit square of a picture lies on an upright page, by EXIF's orientation: (a, b, c, d, e, f) of the matrix.
UPRIGHT = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}


def bind(leaves: Sequence[tuple[Path, str, int]], limits: Limits) -> bytes:
    """A PDF of the leaves in this order: path and content type of a file that was inspected, and a page from 1.

    JPEG pictures are taken over without loss, but upright and without metadata. Raises UnusableFile.
    """
    if len(leaves) > limits.pages:
        raise UnusableFile(Code.TOO_MANY_PAGES, {"pages": len(leaves), "limit": limits.pages})
    book = pdfium.PdfDocument.new()
    opened: dict[Path, pdfium.PdfDocument] = {}
    for path, content_type, page in leaves:
        if content_type == PDF:
            with pdf.broken_if_unreadable():
                if path not in opened:
                    opened[path] = pdf.open_document(path, limits)
                _add_page(book, opened[path], page, limits)
        else:
            pictures.open_pages(path, limits)
            _add_picture(book, path, content_type)
    out = io.BytesIO()
    book.save(out, flags=pdfium_c.FPDF_NO_INCREMENTAL)
    pdf.refuse_active_content(out.getvalue(), book)
    return out.getvalue()


def _add_page(book: pdfium.PdfDocument, source: pdfium.PdfDocument, number: int, limits: Limits) -> None:
    """What the page shows as an object on a new page: so its actions, notes and metadata stay behind."""
    if not 1 <= number <= len(source):
        raise UnusableFile(Code.NO_SUCH_PAGE, {"page": number, "pages": len(source)})
    page = source[number - 1]
    pdf.refuse_a_giant(page, number, limits)
    pdfium_c.FPDFPage_Flatten(
        page, pdfium_c.FLAT_NORMALDISPLAY
    )  # what was signed or filled in on a screen becomes part of the drawing
    new = book.new_page(*page.get_size())
    new.insert_obj(source.page_as_xobject(number - 1, book).as_pageobject())
    new.gen_content()


def _add_picture(book: pdfium.PdfDocument, path: Path, content_type: str) -> None:
    with Image.open(path, formats=pictures.FORMATS) as picture:
        orientation = picture.getexif().get(ORIENTATION, 1)
        turn = UPRIGHT.get(orientation, UPRIGHT[1])
        wide, high = picture.size if turn[0] else picture.size[::-1]
    drawn = pdfium.PdfImage.new(book)
    if content_type == JPEG:
        with pdf.broken_if_unreadable():
            drawn.load_jpeg(io.BytesIO(jpeg.only_the_picture(path.read_bytes())), inline=True)
    else:
        drawn.set_bitmap(pdfium.PdfBitmap.from_pil(pictures.decoded(path)))
    scale = LONG_SIDE / max(wide, high)
    drawn.set_matrix(pdfium.PdfMatrix(*turn).scale(wide * scale, high * scale))
    page = book.new_page(wide * scale, high * scale)
    page.insert_obj(drawn)
    page.gen_content()
