"""Papers on their way back: taken apart, shuffled, scanned into one file, photographed page by page."""

import io
from collections.abc import Iterable, Sequence

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

BLANK = None
Paper = bytes


def pages_of(paper: Paper) -> int:
    return len(pdfium.PdfDocument(paper))


def in_one_scan(*pages: tuple[Paper, int] | None) -> bytes:
    """A PDF of these pages (from 1) of papers; BLANK is the empty back of a sheet."""
    book = pdfium.PdfDocument.new()
    for one in pages:
        if one is BLANK:
            book.new_page(595, 842)
        else:
            paper, page = one
            book.import_pages(pdfium.PdfDocument(paper), [page - 1])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def whole(paper: Paper) -> list[tuple[Paper, int]]:
    return [(paper, page) for page in range(1, pages_of(paper) + 1)]


def smudged(paper: Paper, page: int) -> Paper:
    """One page, its code blackened."""
    picture = picture_of(paper, page)
    ImageDraw.Draw(picture).rectangle((0, picture.height * 0.85, picture.width / 3, picture.height), fill=60)
    return _saved(picture, "PDF", resolution=150)


def photographed(paper: Paper, page: int, *, orientation: int = 1) -> bytes:
    """A JPEG as a telephone makes it, turned by EXIF, with the place where it was taken."""
    picture = picture_of(paper, page)
    if orientation == 6:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "SecretPhone"
    return _saved(picture, "JPEG", quality=80, exif=exif)


def picture_of(paper: Paper, page: int, dpi: int = 150) -> Image.Image:
    rendered: Image.Image = pdfium.PdfDocument(paper)[page - 1].render(scale=dpi / 72).to_pil()
    return rendered.convert("RGB")


def texts_of(paper: Paper) -> list[str]:
    """What is written on each page."""
    return [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(paper)]


def marks_in_order(paper: Paper, marks: Sequence[str]) -> bool:
    """Whether each page bears its readable mark."""
    return all(mark in text for mark, text in zip(marks, texts_of(paper), strict=True))


def joined(parts: Iterable[Iterable[tuple[Paper, int]]]) -> list[tuple[Paper, int]]:
    return [each for part in parts for each in part]


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
