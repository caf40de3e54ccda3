"""The words of this package: content types, limits, the answer and the refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from exports.marks import Mark

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SCANS = (PDF, JPEG, PNG)
OFFICE = (DOCX, XLSX)

# The first extension is the one we give; the others are names that people use for the same content.
EXTENSIONS = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    PNG: ("png",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
}


class Code(StrEnum):
    """Why a file can't be used, with the keys of `UnusableFile.detail`."""

    EMPTY = "empty"
    NOT_WHAT_ITS_NAME_SAYS = "not_what_its_name_says"  # name: extension, content: content type or None
    UNSUPPORTED_TYPE = "unsupported_type"  # content: content type or None, accepted: content types
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"  # pages, limit
    TOO_MANY_PIXELS = "too_many_pixels"  # page, width, height, limit, unit: px or pt (1/72 inch)
    TOO_COMPLEX = "too_complex"  # seconds; or memory: bytes; or unpacked: bytes, limit
    ACTIVE_CONTENT = "active_content"  # found: what, in the file format's own words
    BLANK = "blank"  # pages
    NO_SUCH_PAGE = "no_such_page"  # page, pages


class UnusableFile(Exception):
    """The file is refused; `detail` holds plain values for the message (see Code)."""

    def __init__(self, code: Code, detail: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.detail = dict(detail or {})
        super().__init__(f"{code}: {self.detail}")


class Busy(Exception):
    """Too many files are being inspected; nothing is known of this one. Trying again later helps."""


@dataclass(frozen=True)
class Limits:
    """What a well-meant scan never needs more of."""

    pages: int = 50
    points: int = 14_400  # side of a page in 1/72 inch; the largest that PDF itself foresees (ISO 32000-1, annex C)
    pixels: int = 64_000_000  # of one picture; today's telephones make up to 50 million
    unpacked: int = 100_000_000  # bytes of an office file after decompression
    memory: int = 1_500_000_000  # bytes of address space of the inspecting process
    queue: float = 20  # seconds to wait for a turn: files that take long must not hold every thread of the server
    seconds: int = 30  # of processor time; a page without a code takes up to 0.4


@dataclass(frozen=True)
class Inspection:
    """A file that can be used. Page numbers count from 1; a picture or an office file is one page.

    `marks` has one entry a page: what its QR code says, None without a readable code of ours.
    `blank_pages` are the empty ones among pages that are not all empty.
    """

    content_type: str
    extension: str
    pages: int
    marks: tuple[Mark | None, ...]
    blank_pages: tuple[int, ...]
