"""The shipped papers as forms: their wording with placeholders, as a DOCX that staff can change in Word."""

import io
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt

from exports.archives import settled
from exports.forms.filling import WORDED
from exports.forms.shipped_quote import quote_flow
from exports.forms.styles import DATELINE
from exports.papers import quote_form
from exports.papers.blocks import Block, Clause, Dateline, Heading, Prose, Title
from exports.papers.terms import Blocks, Terms

_MOMENT = datetime(2019, 5, 27, tzinfo=UTC)
_HANG = 360  # 1/20 point


@lru_cache(maxsize=4)
def shipped(paper: str) -> bytes:
    """The form whose papers say what the shipped ones say. Raises KeyError for a paper without one."""
    title, flow = _flow(paper)
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, "Mikroserwis"
    document.core_properties.comments, document.core_properties.language = "", "pl-PL"
    _style(document)
    numbers = _Numbers(document)
    for block in flow:
        _write(document, block, numbers)
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue(), _MOMENT)


def _flow(paper: str) -> tuple[str, tuple[Block, ...]]:
    if paper == "quote":
        return quote_form.TITLE, tuple(quote_flow())
    of = WORDED[paper]
    return of.title, tuple(of.flow(_terms()))


def _terms() -> Terms:
    return Terms(
        ticket="{{ ticket.number }}",
        kind=" ({{ ticket.type }})",
        version="{{ version }}",
        place="{{ place }}",
        made_on="{{ made_on }}",
        completion_days="{{ completion_days }}",
        points_summary="{{ points_summary }}",
        parties=Prose("{{ parties }}"),
        points=Prose("{{ points }}"),
        signatures=Prose("{{ signatures }}"),
        choose=_choice,
    )


def _choice(fact: str, these: Blocks, those: Blocks) -> Blocks:
    otherwise = (Prose("{% else %}"), *those) if those else ()
    return (Prose(f"{{% if {fact} %}}"), *these, *otherwise, Prose("{% endif %}"))


def _style(document: Document) -> None:
    styles = document.styles
    dateline = styles.add_style(DATELINE, WD_STYLE_TYPE.PARAGRAPH)
    dateline.base_style = styles["Normal"]
    for style in styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and getattr(style, "font", None) is not None:
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for name in list(fonts.attrib):
                del fonts.attrib[name]
            style.font.name = "Arial"
    styles["Normal"].font.size = Pt(10)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "pl-PL")


class _Numbers:
    """Lists that Word counts, each beginning anew, so that a clause can be put in or taken out."""

    def __init__(self, document: Document) -> None:
        self._element = document.part.numbering_part.element
        self._families: dict[str, str] = {}
        self._last = max((int(one.get(qn("w:numId"))) for one in self._element.num_lst), default=0)

    def begin(self, ending: str) -> str:
        """The id of a new list whose numbers end so: `.` or `)`."""
        if ending not in self._families:
            self._families[ending] = self._family(ending)
        self._last += 1
        made = _child(self._element, "w:num", numId=self._last)
        _child(made, "w:abstractNumId", val=self._families[ending])
        _child(_child(made, "w:lvlOverride", ilvl=0), "w:startOverride", val=1)
        return str(self._last)

    def _family(self, ending: str) -> str:
        """Definitions have to stand before the lists that use them."""
        own = str(900 + len(self._families))
        made = OxmlElement("w:abstractNum", {qn("w:abstractNumId"): own})
        self._element.insert(0, made)
        _child(made, "w:multiLevelType", val="singleLevel")
        level = _child(made, "w:lvl", ilvl=0)
        for tag, value in (("start", "1"), ("numFmt", "decimal"), ("lvlText", f"%1{ending}"), ("lvlJc", "left")):
            _child(level, f"w:{tag}", val=value)
        _child(_child(level, "w:pPr"), "w:ind", left=_HANG, hanging=_HANG)
        return own


def _child(parent: Any, tag: str, **attributes: str | int) -> Any:
    made = OxmlElement(tag, {qn(f"w:{name}"): str(value) for name, value in attributes.items()})
    parent.append(made)
    return made


def _write(document: Document, block: Block, numbers: _Numbers) -> None:
    match block:
        case Dateline(text):
            document.add_paragraph(text, DATELINE).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        case Title(text, subtitle):
            document.add_paragraph(text, "Title")
            document.add_paragraph(subtitle, "Subtitle")
        case Heading(text, new_page):
            document.add_paragraph(text, "Heading 1").paragraph_format.page_break_before = new_page or None
        case Prose(text):
            document.add_paragraph(text)
        case Clause(number, text):
            _write_clause(document, number, text, numbers)


def _write_clause(document: Document, number: str, text: str, numbers: _Numbers) -> None:
    paragraph = document.add_paragraph(text)
    found = paragraph._p.get_or_add_pPr()
    before = paragraph._p.getprevious()
    running = before.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}") if before is not None else None
    own = numbers.begin(number[-1]) if number[:-1] == "1" or running is None else running.get(qn("w:val"))
    made = found.get_or_add_numPr()
    made.get_or_add_ilvl().val = 0
    made.get_or_add_numId().val = int(own)
