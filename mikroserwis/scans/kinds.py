"""Which kind of file is it, by its first bytes, and is it that kind only?"""

import io
import re
import zipfile
from collections.abc import Collection
from pathlib import PurePath

import filetype

from mikroserwis.scans.model import DOCX, EXTENSIONS, PDF, XLSX, Code, UnusableFile

ZIP = "application/zip"
OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
PDF_HEADER = b"%PDF-"
PDF_HEADER_SEARCHED = 1024  # readers look for the header this far into a file (ISO 32000-1, annex H)
MARKUP = re.compile(rb"<script[\s>]|<html[\s>]|<!doctype\s+html", re.IGNORECASE)


def content_type(raw: bytes, name: str, accept: Collection[str]) -> str:
    """The accepted content type of the bytes. Raises UnusableFile."""
    if not raw:
        raise UnusableFile(Code.EMPTY)
    if raw.startswith(OLE_MAGIC) and ENCRYPTED_PACKAGE in raw:
        raise UnusableFile(Code.ENCRYPTED)  # an office file with a password is wrapped in an OLE container
    found = _sniff(raw)
    claimed = PurePath(name).suffix.lower().removeprefix(".")
    if _claims_something(claimed) and (found is None or claimed not in _extensions(found)):
        raise UnusableFile(Code.NOT_WHAT_ITS_NAME_SAYS, {"name": claimed, "content": found})
    if found is None or found not in accept:
        raise UnusableFile(Code.UNSUPPORTED_TYPE, {"content": found, "accepted": sorted(accept)})
    return found


def refuse_second_meaning(raw: bytes, content: str) -> None:
    """Refuse a scan that another program would take for an archive, a web page or another PDF."""
    start = raw[:PDF_HEADER_SEARCHED].find(PDF_HEADER)
    if start > 0:
        raise UnusableFile(Code.ACTIVE_CONTENT, {"found": "PDF"})
    if zipfile.is_zipfile(io.BytesIO(raw)):
        raise UnusableFile(Code.ACTIVE_CONTENT, {"found": "ZIP"})
    if MARKUP.search(raw):
        raise UnusableFile(Code.ACTIVE_CONTENT, {"found": "HTML"})
    if content == PDF:
        _refuse_what_follows_the_end(raw)


def _refuse_what_follows_the_end(raw: bytes) -> None:
    _, end, rest = raw.rpartition(b"%%EOF")
    if not end:
        raise UnusableFile(Code.BROKEN)
    if rest.strip(b"\r\n\t\f \0"):
        raise UnusableFile(Code.ACTIVE_CONTENT, {"found": "%%EOF"})


def _sniff(raw: bytes) -> str | None:
    if raw.startswith(b"PK\x03\x04"):
        return _archive_type(raw)
    found: str | None = filetype.guess_mime(raw)
    return PDF if found is None and PDF_HEADER in raw[:PDF_HEADER_SEARCHED] else found


def _archive_type(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnusableFile(Code.BROKEN) from error
    return next((kind for part, kind in OFFICE_PARTS.items() if part in names), ZIP)


def _extensions(content: str) -> tuple[str, ...]:
    return EXTENSIONS.get(content) or (filetype.get_type(mime=content).extension,)


def _claims_something(extension: str) -> bool:
    """`umowa.pdf` does, `Umowa 12.2026` doesn't."""
    ours = any(extension in extensions for extensions in EXTENSIONS.values())
    return ours or filetype.get_type(ext=extension) is not None
