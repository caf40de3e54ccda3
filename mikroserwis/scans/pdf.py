"""PDF files as pages, after everything that is more than paper was refused."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import SupportsIndex

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from mikroserwis.scans.model import Code, Limits, UnusableFile
from mikroserwis.scans.page import DOTS_PER_INCH, LONGEST, Page
from mikroserwis.scans.pictures import refuse_too_many_pixels

POINTS_PER_INCH = 72
NEEDS_PASSWORD = (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
XFA = (pdfium_c.FORMTYPE_XFA_FULL, pdfium_c.FORMTYPE_XFA_FOREGROUND)

# Actions, annotations and parts that do something or carry something (ISO 32000-1, 7.11.4, 12.5, 12.6). Names as long
# as these don't turn up by chance in the compressed bytes of a picture, so nothing needs to be parsed.
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|SubmitForm|ImportData|GoToE|GoToR|Rendition)"
    rb"(?=[\s/<>()\[\]%])"
)


class PdfPage:
    """A page of an open PDF."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page

    def grey(self, enlargement: float = 1.0) -> Image.Image:
        scale = min(DOTS_PER_INCH / POINTS_PER_INCH, LONGEST / max(self._page.get_size()))
        return self._render(scale * enlargement, grayscale=True)

    def coloured(self, width: int) -> Image.Image:
        points_wide, points_high = self._page.get_size()
        return self._render(min(width / points_wide, 4 * width / points_high), grayscale=False).convert("RGB")

    def _render(self, scale: float, *, grayscale: bool) -> Image.Image:
        with broken_if_unreadable():
            picture: Image.Image = self._page.render(scale=scale, grayscale=grayscale, rev_byteorder=True).to_pil()
            return picture


class PdfPages:
    """The pages of a PDF, each loaded and checked when it is asked for, and given up after use."""

    def __init__(self, document: pdfium.PdfDocument, limits: Limits) -> None:
        self._document = document
        self._limits = limits

    def __len__(self) -> int:
        return len(self._document)

    def __getitem__(self, index: SupportsIndex, /) -> Page:
        with broken_if_unreadable():
            page = self._document[index]
            refuse_a_giant(page, int(index) + 1, self._limits)
        return PdfPage(page)

    def __iter__(self) -> Iterator[Page]:
        return (self[index] for index in range(len(self)))


def open_pages(path: Path, limits: Limits) -> PdfPages:
    """The pages of a PDF that is only paper. Raises UnusableFile, also while pages are read."""
    return PdfPages(open_document(path, limits), limits)


def open_document(path: Path, limits: Limits) -> pdfium.PdfDocument:
    """A PDF that is only paper, its fields and notes ready to be drawn. Raises UnusableFile."""
    with broken_if_unreadable():
        document = pdfium.PdfDocument(path)
        if len(document) > limits.pages:
            raise UnusableFile(Code.TOO_MANY_PAGES, {"pages": len(document), "limit": limits.pages})
        refuse_active_content(path.read_bytes(), document)
        document.init_forms()
    return document


def refuse_active_content(raw: bytes, document: pdfium.PdfDocument) -> None:
    """Look at the bytes as they came and as PDFium writes them: nothing compressed or spelled `/Java#53cript` then."""
    plain = io.BytesIO()
    document.save(plain, flags=pdfium_c.FPDF_NO_INCREMENTAL | pdfium_c.FPDF_REMOVE_SECURITY)
    found = ACTIVE.search(raw) or ACTIVE.search(plain.getvalue())
    if found:
        raise UnusableFile(Code.ACTIVE_CONTENT, {"found": found[1].decode()})
    if document.get_formtype() in XFA:
        raise UnusableFile(Code.ACTIVE_CONTENT, {"found": "XFA"})


def refuse_a_giant(page: pdfium.PdfPage, number: int, limits: Limits) -> None:
    """Raises UnusableFile for a page or a picture on it that is larger than any scan."""
    width, height = page.get_size()
    if max(width, height) > limits.points:
        detail = {"page": number, "width": width, "height": height, "limit": limits.points, "unit": "pt"}
        raise UnusableFile(Code.TOO_MANY_PIXELS, detail)
    for image in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]):
        refuse_too_many_pixels(number, image.get_px_size(), limits)


@contextmanager
def broken_if_unreadable() -> Iterator[None]:
    """PDFium's errors as UnusableFile."""
    try:
        yield
    except pdfium.PdfiumError as error:
        raise UnusableFile(Code.ENCRYPTED if error.err_code in NEEDS_PASSWORD else Code.BROKEN) from error
