"""The XML parts of an office file that someone sends in: nothing in it is trusted."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from lxml import etree

from exports import marks
from exports.papers.form_mark import PROPERTY

Parts = Mapping[str, bytes]
Reason = Literal["broken", "encrypted", "too_large", "active_content"]
MOST_PARTS = 500
MOST_UNPACKED = 32 * 1024 * 1024
MOST_XML = 2 * 1024 * 1024  # the longest form takes a fifth
MOST_STYLES = 256 * 1024  # the shortest format costs a thousand times its bytes while it is read
MOST_CELLS = 384 * 1024  # of sheets; the longest form takes a quarter, a cell costs a hundred times its bytes
_ENCRYPTED = 0x1
_CARRIERS = re.compile(r"vbaProject|/embeddings/|/activeX/|/externalLinks/|oleObject|afchunk", re.IGNORECASE)
_ACTIVE = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!|\0<\0!|macroEnabled|vbaProject|/aFChunk", re.IGNORECASE)
_MARK = re.compile(r"MKS1/\d{1,9}/[a-z_]{1,32}/v\d{1,9}/p\d{1,9}-\d{1,9}/[0-9a-f]{6}")


class Unreadable(Exception):
    """Why the file can't be read as an office file."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def opened(content: bytes) -> Parts:
    """The XML parts by name; raises Unreadable. `zipfile` never unpacks more than a part says of itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            _inspect(entries)
            parts = {each.filename: package.read(each) for each in entries if _is_xml(each.filename)}
    except Unreadable:
        raise
    except Exception as error:  # a damaged container makes the library trip in many ways
        raise Unreadable("broken") from error
    for name, part in parts.items():
        if _ACTIVE.search(part) or (name.endswith(".rels") and _leads_outside(part)):
            raise Unreadable("active_content")
    return parts


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _inspect(entries: list[zipfile.ZipInfo]) -> None:
    names = {each.filename.lower() for each in entries}
    if any(each.flag_bits & _ENCRYPTED for each in entries):
        raise Unreadable("encrypted")
    if len(names) != len(entries):
        raise Unreadable("broken")
    unpacked = sum(each.file_size for each in entries)
    xml = sum(each.file_size for each in entries if _is_xml(each.filename))
    styles = sum(each.file_size for each in entries if each.filename.lower().endswith("styles.xml"))
    cells = sum(each.file_size for each in entries if "/worksheets/" in each.filename.lower())
    too_many = len(entries) > MOST_PARTS or unpacked > MOST_UNPACKED
    if too_many or xml > MOST_XML or styles > MOST_STYLES or cells > MOST_CELLS:
        raise Unreadable("too_large")
    if any(_CARRIERS.search(f"/{name}") for name in names):
        raise Unreadable("active_content")


def parsed(part: bytes) -> Any:
    try:
        return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise Unreadable("broken") from error


def _leads_outside(part: bytes) -> bool:
    return any(
        each.get("TargetMode", "").strip().lower() == "external" and not each.get("Type", "").endswith("/hyperlink")
        for each in parsed(part).iter(etree.Element)
    )


def main_part(parts: Parts) -> str:
    """The name of the part that the others belong to: the document or the workbook."""
    for each in parsed(parts.get("_rels/.rels", b"<none/>")).iter("{*}Relationship"):
        target = each.get("Target", "").lstrip("/")
        if each.get("Type", "").endswith("/officeDocument") and target in parts:
            return str(target)
    raise Unreadable("broken")


def marks_in(text: str) -> Iterator[marks.Mark]:
    for code in _MARK.findall(text):
        if mark := marks.parse(code):
            yield mark


def property_marks(parts: Parts) -> Iterator[marks.Mark]:
    """The mark in the file's own properties."""
    if "docProps/custom.xml" in parts:
        for each in parsed(parts["docProps/custom.xml"]).iter("{*}property"):
            if each.get("name") == PROPERTY:
                yield from marks_in("".join(each.itertext()))
