import io
from pathlib import Path

import docx
import openpyxl
import pytest

from mikroserwis.scans import DOCX, OFFICE, SCANS, XLSX, Code, Inspection, Limits, UnusableFile, inspect
from tests.scans.samples import with_parts, zipped


def document(text: str = "Wycena") -> bytes:
    paper = docx.Document()
    paper.add_paragraph(text)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def sheet(value: str | None = "Wycena") -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["B7"] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def inspected(tmp_path: Path, content: bytes, name: str = "wycena", limits: Limits = Limits()) -> Inspection:
    file = tmp_path / "upload"
    file.write_bytes(content)
    return inspect(file, name, accept=(*SCANS, *OFFICE), limits=limits)


def refusal(tmp_path: Path, content: bytes, limits: Limits = Limits()) -> UnusableFile:
    with pytest.raises(UnusableFile) as caught:
        inspected(tmp_path, content, limits=limits)
    return caught.value


@pytest.mark.parametrize(
    ("content", "name", "kind", "extension"),
    [(document(), "wycena.docx", DOCX, "docx"), (sheet(), "wycena.XLSX", XLSX, "xlsx")],
)
def test_an_office_file_is_taken_where_it_is_asked_for(
    tmp_path: Path, content: bytes, name: str, kind: str, extension: str
) -> None:
    expected = Inspection(kind, extension, pages=1, marks=(None,), blank_pages=())
    assert inspected(tmp_path, content, name) == expected
    with pytest.raises(UnusableFile) as refused:
        inspect(tmp_path / "upload", name)
    assert refused.value.code == Code.UNSUPPORTED_TYPE
    assert refused.value.detail == {"content": kind, "accepted": sorted(SCANS)}


def test_a_link_in_a_text_is_no_reason_to_refuse_it(tmp_path: Path) -> None:
    paper = docx.Document()
    paper.add_paragraph("www")
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    paper.part.relate_to("https://example.com", link, is_external=True)
    out = io.BytesIO()
    paper.save(out)
    assert inspected(tmp_path, out.getvalue()).content_type == DOCX


@pytest.mark.parametrize(
    ("package", "part", "content", "found"),
    [
        (document(), "word/vbaProject.bin", b"x", "vbaProject"),
        (document(), "word/embeddings/oleObject1.bin", b"x", "embeddings"),
        (document(), "word/activeX/activeX1.xml", b"<x/>", "activeX"),
        (sheet(), "xl/vbaProject.bin", b"x", "vbaProject"),
        (sheet(), "xl/externalLinks/externalLink1.xml", b"<x/>", "externalLinks"),
        (sheet(), "[Content_Types].xml", b"<Types>sheet.macroEnabled.main+xml</Types>", "macroEnabled"),
        (document(), "word/more.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "DOCTYPE"),
        (document(), "word/more.xml", '<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'.encode("utf-16"), "DOCTYPE"),
        (
            document(),
            "word/_rels/settings.xml.rels",
            b'<Relationship Id="r1" Type="x/attachedTemplate" Target="http://a.example/t.dotm" TargetMode="External"/>',
            "External",
        ),
    ],
)
def test_an_office_file_that_does_or_carries_something_is_refused(
    tmp_path: Path, package: bytes, part: str, content: bytes, found: str
) -> None:
    error = refusal(tmp_path, with_parts(package, {part: content}))
    assert (error.code, error.detail) == (Code.ACTIVE_CONTENT, {"found": found})


def test_a_zip_bomb_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    bomb = with_parts(document(), {"word/media/a.png": bytes(150_000_000)})
    assert len(bomb) < 1_000_000
    error = refusal(tmp_path, bomb)
    assert error.code == Code.TOO_COMPLEX
    assert error.detail["unpacked"] > error.detail["limit"] == Limits().unpacked


def test_thousands_of_parts_are_refused(tmp_path: Path) -> None:
    parts = {f"word/part{number}.xml": b"" for number in range(3_000)}
    assert refusal(tmp_path, with_parts(document(), parts)).code == Code.TOO_COMPLEX


def test_an_empty_sheet_that_says_it_is_immense_is_seen_through_quickly(tmp_path: Path) -> None:
    content = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData/></worksheet>'
    )
    immense = with_parts(sheet(), {"xl/worksheets/sheet1.xml": content})
    assert refusal(tmp_path, immense, limits=Limits(seconds=4)).code == Code.BLANK


@pytest.mark.parametrize(
    "content",
    [
        document()[:-100],
        with_parts(document(), {"word/document.xml": b"<not xml"}),
        with_parts(sheet(), {"xl/workbook.xml": b"<not xml"}),
        zipped({"word/document.xml": b"<x/>"}),
        zipped({"xl/workbook.xml": b"<x/>"}),
    ],
)
def test_a_damaged_office_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content).code == Code.BROKEN


@pytest.mark.parametrize("content", [document(" "), sheet(None), sheet("")])
def test_an_office_file_without_a_word_is_blank(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content).code == Code.BLANK


def test_an_office_file_with_a_password_is_told_as_such(tmp_path: Path) -> None:
    package = bytearray(document())
    place = package.index(b"PK\x01\x02")
    package[place + 8] |= 1
    assert refusal(tmp_path, bytes(package)).code == Code.ENCRYPTED
