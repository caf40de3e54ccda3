import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from exports.quotes import Difference, check_quote_docx, check_quote_xlsx, read_quote_mark
from exports.quotes.package import MOST_CELLS, MOST_PARTS, MOST_STYLES, MOST_UNPACKED, MOST_XML
from tests.exports.quote_edits import QUOTE, SHEET, WORD, repacked

CHECKS = [(check_quote_docx, WORD, "word/document.xml"), (check_quote_xlsx, SHEET, "xl/workbook.xml")]
OUTSIDE = (
    b'<Relationship Id="rId99" Type="http://x/attachedTemplate" Target="http://evil.example/" TargetMode=" External"/>'
)
LINK = b'<Relationship Id="rId99" Type="http://x/hyperlink" Target="http://evil.example/" TargetMode="External"/>'
Check = Callable[..., list[Difference]]


def refused(reason: str) -> list[Difference]:
    return [Difference("unreadable", {"reason": reason})]


def with_part(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: content})


def related(relation: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        for name in [name for name in parts if name.endswith(".rels")]:
            parts[name] = parts[name].replace(b"</Relationships>", relation + b"</Relationships>")

    return change


@pytest.mark.parametrize(("check", "content", "main"), CHECKS)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (with_part("word/vbaProject.bin", b"x"), "active_content"),
        (with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "active_content"),
        (with_part("word/embeddings/oleObject1.bin", b"x"), "active_content"),
        (with_part("word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "active_content"),
        (with_part("word/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")), "active_content"),
        (related(OUTSIDE), "active_content"),
        (with_part("_rels/x.rels", b"<Relationships"), "broken"),
        (with_part("media/bomb.png", bytes(MOST_UNPACKED + 1)), "too_large"),
        (with_part("word/bomb.xml", b" " * (MOST_XML + 1)), "too_large"),
        (with_part("xl/styles.xml", b"<xf/>" * (MOST_STYLES // 5 + 1)), "too_large"),
        (with_part("xl/worksheets/sheet1.xml", b"<c/>" * (MOST_CELLS // 4 + 1)), "too_large"),
        (lambda parts: parts.update({f"word/{number}.bin": b"" for number in range(MOST_PARTS)}), "too_large"),
    ],
)
def test_a_hostile_file_is_refused_with_the_reason(
    check: Check, content: bytes, main: str, change: Any, reason: str
) -> None:
    hostile = repacked(content, change)
    assert check(hostile, QUOTE) == refused(reason)
    assert read_quote_mark(hostile) is None


@pytest.mark.parametrize(("check", "content", "main"), CHECKS)
def test_a_web_link_is_no_harm(check: Check, content: bytes, main: str) -> None:
    assert check(repacked(content, related(LINK)), QUOTE) == []


@pytest.mark.parametrize(("check", "content", "main"), CHECKS)
def test_a_damaged_quote_is_refused(check: Check, content: bytes, main: str) -> None:
    broken = refused("broken")
    assert check(b"", QUOTE) == broken
    assert check(b"%PDF-1.7", QUOTE) == broken
    assert check(content[: len(content) // 2], QUOTE) == broken
    assert check(repacked(content, with_part(main, b"<broken")), QUOTE) == broken
    assert check(repacked(content, lambda parts: parts.pop("_rels/.rels")), QUOTE) in ([], broken)
    assert read_quote_mark(b"PK\x03\x04") is None


def test_a_flipped_bit_anywhere_breaks_no_check() -> None:
    for check, content, _ in CHECKS:
        for place in range(0, len(content), len(content) // 60):
            spoiled = bytearray(content)
            spoiled[place] ^= 0xFF
            assert isinstance(check(bytes(spoiled), QUOTE), list)


def test_a_quote_with_an_encrypted_part_is_refused() -> None:
    spoiled = bytearray(WORD)
    directory = spoiled.rindex(b"PK\x01\x02")
    spoiled[directory + 8] |= 1
    assert check_quote_docx(bytes(spoiled), QUOTE) == refused("encrypted")


def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(WORD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("WORD/document.xml", b"<x/>")
    assert check_quote_docx(out.getvalue(), QUOTE) == refused("broken")


def test_a_sheet_for_a_document_and_the_reverse_are_no_form() -> None:
    assert check_quote_docx(SHEET, QUOTE) != []
    assert check_quote_xlsx(WORD, QUOTE) == refused("broken")


@pytest.mark.parametrize("place", ["A1048576", "XFD1"])
def test_a_sheet_that_claims_to_be_huge_is_refused_at_once(place: str) -> None:
    workbook: Any = Workbook()
    workbook.active[place] = 1
    out = io.BytesIO()
    workbook.save(out)
    began = time.monotonic()
    assert check_quote_xlsx(out.getvalue(), QUOTE) == refused("too_large")
    assert time.monotonic() - began < 5


def test_numbers_that_are_none_are_only_other_values() -> None:
    def spoil(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b"<v>450</v>", b"<v>1E999</v>")

    hostile = repacked(SHEET, spoil)
    assert hostile != SHEET
    assert [each.code for each in check_quote_xlsx(hostile, QUOTE)] == ["changed"]
