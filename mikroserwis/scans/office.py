"""DOCX and XLSX: packages of XML that may carry more than a text or a table."""

import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
from lxml import etree

from mikroserwis.scans.model import XLSX, Code, Limits, UnusableFile

PARTS = 2_000
ENCRYPTED = 0x1  # bit of a ZIP entry's flags
CARRIERS = re.compile(r"vbaProject|/embeddings/|/activeX/|/externalLinks/|oleObject", re.IGNORECASE)
MACROS = re.compile("macroEnabled|vbaProject", re.IGNORECASE)
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0|\0<\0!")  # in UTF-8 or UTF-16; no office program writes one
HYPERLINK = "/hyperlink"
ANOTHER_TEXT = "/aFChunk"  # a web page or a document that becomes part of this one on opening


def check(path: Path, content_type: str, limits: Limits) -> None:
    """Raise UnusableFile unless the file opens, is not blank, and holds neither macros nor other files."""
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bomb(package, limits)
            _refuse_active_content(package)
            has_pictures = any("/media/" in name for name in package.namelist())
        has_text = _sheet_has_values(path) if content_type == XLSX else _document_has_text(path)
    except (UnusableFile, MemoryError):
        raise
    except Exception as error:  # both libraries let through whatever a damaged part makes them trip over
        raise UnusableFile(Code.BROKEN) from error
    if not has_text and not has_pictures:
        raise UnusableFile(Code.BLANK, {"pages": 1})


def _refuse_bomb(package: zipfile.ZipFile, limits: Limits) -> None:
    """The sizes may lie, but `zipfile` never unpacks more than they say."""
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked or len(parts) > PARTS:
        raise UnusableFile(Code.TOO_COMPLEX, {"unpacked": unpacked, "limit": limits.unpacked})
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise UnusableFile(Code.ENCRYPTED)
    if len({part.filename.lower() for part in parts}) != len(parts):
        raise UnusableFile(Code.BROKEN)  # two parts of one name: which one counts differs from reader to reader


def _refuse_active_content(package: zipfile.ZipFile) -> None:
    for name in package.namelist():
        if carrier := CARRIERS.search(f"/{name}"):
            raise _active(carrier[0].strip("/"))
        if name.lower().endswith((".xml", ".rels")):
            _refuse_active_part(name.lower(), package.read(name))


def _refuse_active_part(name: str, part: bytes) -> None:
    """What decides is read as the office program reads it: bytes can be spelled in many ways."""
    if DECLARATION.search(part):
        raise _active("DOCTYPE")
    if name == "[content_types].xml" and (macros := MACROS.search(etree.tostring(_read(part), encoding="unicode"))):
        raise _active(macros[0])
    if name.endswith(".rels"):
        for relation in _read(part).iter(etree.Element):
            _refuse_active_relation(relation.get("Type", ""), relation.get("TargetMode", ""))


def _refuse_active_relation(kind: str, mode: str) -> None:
    if kind.endswith(ANOTHER_TEXT):
        raise _active(ANOTHER_TEXT.strip("/"))
    if mode.strip().lower() == "external" and not kind.endswith(HYPERLINK):
        raise _active("External")


def _read(part: bytes) -> Any:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


def _active(found: str) -> UnusableFile:
    return UnusableFile(Code.ACTIVE_CONTENT, {"found": found})


def _document_has_text(path: Path) -> bool:
    return any(text.strip() for text in docx.Document(str(path)).element.body.itertext())


def _sheet_has_values(path: Path) -> bool:
    with path.open("rb") as file:  # given a path, openpyxl would judge by its extension
        for sheet in openpyxl.load_workbook(file, read_only=True).worksheets:
            sheet.reset_dimensions()  # else an empty sheet that says it has 17 thousand million cells is padded to that
            if any(cell not in (None, "") for row in sheet.iter_rows(values_only=True) for cell in row):
                return True
    return False
