import io
import re
import zipfile
from collections.abc import Callable

import pytest
from docx.oxml.ns import qn
from lxml import etree

from exports.papers import PaperData, contract_docx, power_of_attorney_docx
from tests.exports.paper_cast import ALFA, HOSTILE, filled_with, opened, paper


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_file_says_who_made_what_when_and_in_which_language() -> None:
    properties = opened(contract_docx(paper())).core_properties
    assert properties.title == "Umowa o wdrożenie M/platform 115, wersja 1"
    assert properties.author == ALFA.name
    assert properties.language == "pl-PL"
    assert properties.comments == ""
    assert properties.created == properties.modified
    assert str(properties.created).startswith("2019-05-27")
    assert b'w:val="pl-PL"' in parts(contract_docx(paper()))["word/styles.xml"]


def test_the_only_fields_are_page_numbers_whatever_the_data_hold() -> None:
    for name, content in parts(contract_docx(filled_with(HOSTILE, 12))).items():
        if name.startswith("word/") and name.endswith(".xml"):
            root = etree.fromstring(content)
            assert {field.get(qn("w:instr")) for field in root.iter(qn("w:fldSimple"))} <= {"PAGE", "NUMPAGES"}
            assert not list(root.iter(qn("w:instrText"), qn("w:hyperlink")))


def test_no_part_points_outside_the_file() -> None:
    for name, content in parts(contract_docx(filled_with("http://evil.example/x", 2))).items():
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in content


def test_hostile_characters_are_gone_and_markup_is_only_text() -> None:
    body = parts(contract_docx(filled_with(HOSTILE, 1)))["word/document.xml"].decode()
    assert "&lt;w:p/&gt;{PAGE} #eval(1)" in body
    assert not re.search("[\u202e\ufffe\x00\x07]", body)


def test_every_part_is_sound_xml_and_nothing_of_the_librarys_own_remains() -> None:
    found = parts(power_of_attorney_docx(paper(12)))
    for name, content in found.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
    assert not [name for name in found if "thumbnail" in name or "customXml" in name]
    assert b"python-docx" not in found["docProps/core.xml"]


def test_rows_are_not_split_and_headers_are_repeated() -> None:
    document = opened(contract_docx(paper(40)))
    rows = list(document.element.body.iter(qn("w:tr")))
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
    headers = [row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
    assert len(headers) == 3


def test_headings_and_clauses_are_styles_that_word_knows() -> None:
    names = {paragraph.style.name for paragraph in opened(contract_docx(paper())).paragraphs if paragraph.style}
    assert {"Title", "Heading 1", "List Number", "Body Text"} <= names


def test_pages_are_a4() -> None:
    for section in opened(contract_docx(paper(12))).sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)  # type: ignore[union-attr]


@pytest.mark.parametrize("write", [contract_docx, power_of_attorney_docx])
def test_pictures_of_marks_are_described_for_those_who_do_not_see_them(write: Callable[[PaperData], bytes]) -> None:
    footer = parts(write(paper()))["word/footer1.xml"].decode()
    assert re.search(r'descr="115 · (Umowa|Pełnomocnictwo) · w. 1 · str. 1/\d"', footer)


def test_every_time_in_the_file_is_the_day_of_the_paper() -> None:
    with zipfile.ZipFile(io.BytesIO(contract_docx(paper()))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2019, 5, 27, 0, 0, 0)}
