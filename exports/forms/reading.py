"""From a DOCX that staff wrote to the lines of a template. Nothing is left out in silence."""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from exports.forms import lists, runs, source
from exports.forms.model import EXCERPT, Code, Place, Problem, UnusableForm, Vocabulary
from exports.forms.pictures import settled
from exports.forms.runs import Content
from exports.forms.source import Source
from exports.forms.styles import Styles, is_on, value
from exports.forms.tables import MOST_COLUMNS, cells, columns, shape
from exports.forms.tags import TAG, Tags, is_control
from exports.forms.vocabulary import VOCABULARIES
from exports.papers.measure import width
from exports.papers.pages import INDENT, ROOM, TEXT_WIDTH
from exports.papers.rich import Picture

LARGEST, UNPACKED = 5_000_000, 30_000_000
_FETCHING = re.compile(
    r"\b(INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE|LINK|IMPORT|DATABASE|RD|MACROBUTTON)\b", re.IGNORECASE
)
# A number never has braces: cut off with one, half a tag would go and what its text held would become tags.
_TYPED_NUMBER = re.compile(r"([^\s{}]{1,6})\t(?=\S)")
_HOLDERS = ("sdt", "sdtContent", "customXml")
_SILENT = ("bookmarkStart", "bookmarkEnd", "sdtPr", "sdtEndPr", "proofErr", "permStart", "permEnd", "sectPr",
           "commentRangeStart", "commentRangeEnd", "customXmlPr")  # fmt: skip
_NAMED = {"altChunk": Code.OBJECT, "ins": Code.TRACKED_CHANGES, "del": Code.TRACKED_CHANGES, "oMathPara": Code.EQUATION}


@lru_cache(maxsize=8)
def read(content: bytes, paper: str) -> Source:
    """The form of this paper, with all that is wrong with it. Raises UnusableForm where nothing can be read."""
    document = _opened(content)
    reader = _Reader(document, VOCABULARIES[paper])
    reader.source.problems.extend(_active_fields(content))
    reader.read()
    if reader.source.size > source.MOST_TEXT:
        reader.source.report(Code.TOO_MUCH_TEXT, Place(), str(source.MOST_TEXT))
    return reader.source


def _opened(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise UnusableForm([Problem(Code.TOO_LARGE, found=str(LARGEST // 1_000_000))])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > UNPACKED:
                raise UnusableForm([Problem(Code.TOO_LARGE, found=str(UNPACKED // 1_000_000))])
        return docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, etree.XMLSyntaxError) as error:
        raise UnusableForm([Problem(Code.UNREADABLE)]) from error


def _active_fields(content: bytes) -> Iterator[Problem]:
    """Fields that fetch something or run, wherever in the file they hide."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                root = etree.fromstring(package.read(name), parser)
                codes = "".join(one.text or "" for one in root.iter(qn("w:instrText")))
                codes += " ".join(one.get(qn("w:instr"), "") for one in root.iter(qn("w:fldSimple")))
                if found := _FETCHING.search(codes):
                    yield Problem(Code.ACTIVE_FIELD, found=found[1].upper())


class _Reader:
    def __init__(self, document: Any, vocabulary: Vocabulary) -> None:
        self.source = Source()
        self._document = document
        self._styles = Styles(document.styles.element)
        self._tags = Tags(vocabulary)
        self._tables = 0
        part = next(
            (one.target_part for one in document.part.rels.values() if one.reltype.endswith("/numbering")), None
        )
        self.source.lists = lists.definitions(None if part is None else part.element)

    def read(self) -> None:
        self._blocks(self._document.element.body, "body", Place())
        self._end("body")
        self._headers()

    def _blocks(self, parent: Any, container: str, place: Place) -> None:
        for child in parent.iterchildren("*"):
            name = child.tag.rpartition("}")[2]
            if name == "p":
                self._paragraph(child, container, place)
            elif name == "tbl" and place.table:
                self.source.report(Code.NESTED_TABLE, place)
            elif name == "tbl":
                self._table(child)
            elif name in _HOLDERS:
                self._blocks(child, container, place)
            elif name in _NAMED or name not in (*_SILENT, "tcPr"):
                self.source.report(_NAMED.get(name, Code.UNSUPPORTED), place, name)

    def _paragraph(self, paragraph: Any, container: str, around: Place) -> None:
        content = runs.content(paragraph, self._styles)
        excerpt = " ".join(content.text.split())
        place = Place(
            excerpt[:EXCERPT] + ("…" if len(excerpt) > EXCERPT else ""), around.table, around.row, around.column
        )
        for code, found in content.problems:
            self.source.report(code, place, found)
        if self._styles.begins_page(paragraph) and not around.table:
            self.source.add(source.Break())
        self._pictures(content, paragraph, place)
        for number, part in enumerate(_pages(content)):
            if number and not around.table:
                self.source.add(source.Break())
            if part.text.strip() or not (number or content.pictures or "\f" in content.text):
                self._text(part, paragraph, container, place)
        if self._ends_section(paragraph):
            self.source.add(source.Break())

    def _text(self, content: Content, paragraph: Any, container: str, place: Place) -> None:
        text = content.text
        if is_control(text):
            self.source.problems.extend(self._tags.judge(text, container, place))
            self.source.control("".join(TAG.findall(text)), place)
            return
        if (name := self._tags.block(text)) and not place.table:
            self.source.add(source.Ready(name), place=place)
            return
        own = f"{container}/{len(self.source.lines)}"
        self.source.problems.extend(self._tags.judge(text, own, place))
        self._end(own)
        look, content = self._look(content, paragraph, place)
        if "\t" in content.text:
            self.source.report(Code.TAB, place)
        marks = [found.span() for found in TAG.finditer(content.text)]
        self.source.add(look, source.pieces(content.text.replace("\t", "\u2003"), content.formats, marks), place)

    def _look(self, content: Content, paragraph: Any, place: Place) -> tuple[source.Paragraph, Content]:
        """How the paragraph looks, and its text without a number that was typed before a tab."""
        styles = self._styles
        left, hanging = styles.indent(paragraph)
        numbering, label = styles.numbering(paragraph), ""
        if numbering:
            left, hanging = numbering.level * INDENT, INDENT
        elif hanging > 0 and (typed := _TYPED_NUMBER.match(content.text)):
            label = typed[1]
            content = Content(content.text[typed.end() :], content.formats[typed.end() :])
            left -= hanging
        look = source.Paragraph(
            look="cell" if place.table else styles.look(paragraph),
            align=styles.align(paragraph),
            indent=min(max(left, 0.0), TEXT_WIDTH / 2) if not place.table else 0,
            hang=max(INDENT, width(label, 9.5) + 4) if label else 0,
            label=label,
            numbering=numbering,
            dateline=styles.is_dateline(paragraph),
            blank=not content.text.strip(),
        )
        return look, content

    def _pictures(self, content: Content, paragraph: Any, place: Place) -> None:
        if content.pictures and content.text.strip():
            self.source.report(Code.PICTURE_IN_TEXT, place)
        for one in content.pictures:
            part = self._document.part.related_parts.get(one.relation)
            try:
                made = settled(part.blob if part is not None else b"", one.crop)
            except ValueError:
                self.source.report(Code.PICTURE, place)
                continue
            scale = min(1.0, TEXT_WIDTH / one.width, ROOM / 2 / one.height)
            align = self._styles.align(paragraph)
            self.source.add(Picture(made, one.width * scale, one.height * scale, align), place=place)

    def _table(self, table: Any) -> None:
        self._tables += 1
        container = f"table {self._tables}"
        if columns(table) > MOST_COLUMNS:
            self.source.report(Code.TOO_MANY_COLUMNS, Place(table=self._tables, row=1))
        widths, rows = shape(table)
        heads = next(
            (at for at, row in enumerate(rows) if not is_on(row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}"))), 0
        )
        self.source.add(source.Table(widths, heads, self._styles.is_ruled(table)))
        for number, row in enumerate(rows, 1):
            self._row(row, container, Place(table=self._tables, row=number), len(widths))
        self._end(container)
        self.source.add(source.TableEnd())

    def _row(self, row: Any, container: str, place: Place, width: int) -> None:
        found = list(cells(row, width))
        text = " ".join(runs.content(one, self._styles).text for cell in found for one in cell.element.iter(qn("w:p")))
        if is_control(text) and next(row.iter(qn("w:drawing")), None) is None:
            place = Place(text.strip()[:EXCERPT], place.table, place.row)
            self.source.problems.extend(self._tags.judge(text, container, place))
            self.source.control("".join(TAG.findall(text)), place)
            return
        self.source.add(source.Row())
        for number, cell in enumerate(found, 1):
            inside = Place(table=place.table, row=place.row, column=number)
            if cell.merged:
                self.source.report(Code.MERGED_ROWS, inside)
            self.source.add(source.Cell(cell.columns, cell.fill))
            own = f"{container}/{place.row}/{number}"
            self._blocks(cell.element, own, inside)
            self._end(own)

    def _end(self, container: str) -> None:
        self.source.problems.extend(self._tags.close(container))

    def _ends_section(self, paragraph: Any) -> bool:
        section = paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if section is None:
            return False
        columns = section.find(qn("w:cols"))
        if columns is not None and columns.get(qn("w:num"), "1") != "1":
            self.source.report(Code.COLUMNS, Place())
        return value(section, "w:type") != "continuous"

    def _headers(self) -> None:
        for one in self._document.part.rels.values():
            if one.reltype.endswith(("/header", "/footer")) and not one.is_external:
                element = one.target_part.element
                texts = "".join(each.text or "" for each in element.iter(qn("w:t")))
                if texts.strip() or next(element.iter(qn("w:drawing")), None) is not None:
                    self.source.report(Code.HEADER, Place(texts.strip()[:EXCERPT]))


def _pages(content: Content) -> Iterator[Content]:
    """The paragraph in parts, where page breaks stand within it."""
    start = 0
    for part in content.text.split("\f"):
        end = start + len(part)
        yield Content(part, content.formats[start:end])
        start = end + 1
