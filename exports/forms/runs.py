"""The content of a paragraph of a DOCX: characters with their format, pictures; what can't be kept is named."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from exports.forms.model import Code
from exports.forms.pictures import Crop
from exports.forms.styles import Styles

EMU = 12_700
_DROPPED = {"Cc", "Cs", "Co", "Cn"}
_HOLDERS = {"hyperlink", "smartTag", "customXml", "bdo", "dir", "sdt", "sdtContent"}
_SILENT = {
    "pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "proofErr", "bookmarkStart", "bookmarkEnd",
    "permStart", "permEnd", "lastRenderedPageBreak", "annotationRef", "softHyphen", "commentRangeStart",
    "commentRangeEnd",
}  # fmt: skip
_NAMED = {
    "ins": Code.TRACKED_CHANGES,
    "del": Code.TRACKED_CHANGES,
    "moveFrom": Code.TRACKED_CHANGES,
    "moveTo": Code.TRACKED_CHANGES,
    "AlternateContent": Code.SHAPE,
    "pict": Code.SHAPE,
    "object": Code.OBJECT,
    "oMath": Code.EQUATION,
    "oMathPara": Code.EQUATION,
    "sym": Code.SYMBOL,
    "footnoteReference": Code.FOOTNOTE,
    "endnoteReference": Code.FOOTNOTE,
    "commentReference": Code.COMMENT,
}
_TEXTS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "\u2011"}
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WITHOUT_LOSS = ("HYPERLINK",)


@dataclass(frozen=True)
class Format:
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True)
class PictureReference:
    """A picture by the relationship of the form's main part; its size in points."""

    relation: str
    width: float
    height: float
    crop: Crop


@dataclass
class Content:
    """A paragraph's characters, each with its format, a page break being a form feed; and its pictures."""

    text: str = ""
    formats: list[Format] = field(default_factory=list)
    pictures: list[PictureReference] = field(default_factory=list)
    problems: list[tuple[Code, str]] = field(default_factory=list)

    def add(self, text: str, look: Format) -> None:
        kept = "".join(one for one in text if one in "\n\t\f" or unicodedata.category(one) not in _DROPPED)
        self.text += kept
        self.formats += [look] * len(kept)


def content(paragraph: Any, styles: Styles) -> Content:
    made = Content()
    field_code = _FieldCode()
    for run in _runs(paragraph, made):
        if styles.has(run, paragraph, "w:vanish"):
            made.problems.append((Code.HIDDEN, ""))
            continue
        look = Format(*(styles.has(run, paragraph, tag) for tag in ("w:b", "w:i", "w:u")))
        for child in run.iterchildren("*"):
            _take(child, look, made, field_code)
    return made


def _runs(parent: Any, made: Content) -> Iterator[Any]:
    for child in parent.iterchildren("*"):
        name = _name(child)
        if name == "r":
            yield child
        elif name == "fldSimple":
            made.problems.append((Code.FIELD, _first_word(child.get(qn("w:instr"), ""))))
        elif name in _HOLDERS:
            if name == "hyperlink":
                made.problems.append((Code.LINK, ""))
            yield from _runs(child, made)
        else:
            _name_problem(name, made)


def _take(child: Any, look: Format, made: Content, field_code: "_FieldCode") -> None:
    name = _name(child)
    match name:
        case "t":
            made.add((child.text or "").replace("\n", " ").replace("\t", " ").replace("\f", " "), look)
        case "br" if child.get(qn("w:type")) == "page":
            made.add("\f", look)
        case "br":
            made.add("\n", look)
        case "drawing":
            _take_drawing(child, made)
        case "fldChar" | "instrText":
            field_code.take(child, name, made)
        case _ if name in _TEXTS:
            made.add(_TEXTS[name], look)
        case _:
            _name_problem(name, made)


class _FieldCode:
    """Collects the code of a field, which Word spreads over runs."""

    def __init__(self) -> None:
        self._code: str | None = None

    def take(self, child: Any, name: str, made: Content) -> None:
        if name == "instrText":
            self._code = (self._code or "") + (child.text or "")
        elif child.get(qn("w:fldCharType")) == "begin":
            self._code = ""
        elif self._code is not None:
            word = _first_word(self._code)
            made.problems.append((Code.LINK, "") if word in _WITHOUT_LOSS else (Code.FIELD, word))
            self._code = None


def _first_word(code: str) -> str:
    return code.strip().split(" ")[0].upper()[:30]


def _name_problem(name: str, made: Content) -> None:
    if name in _NAMED:
        made.problems.append((_NAMED[name], ""))
    elif name not in _SILENT:
        made.problems.append((Code.UNSUPPORTED, name))


def _take_drawing(drawing: Any, made: Content) -> None:
    data = next(drawing.iter(qn("a:graphicData")), None)
    blip = next(drawing.iter(qn("a:blip")), None)
    extent = next(drawing.iter(qn("wp:extent")), None)
    if data is None or data.get("uri") != _PICTURE or blip is None or extent is None or not blip.get(qn("r:embed")):
        made.problems.append((Code.SHAPE, ""))
        return
    if drawing.find(qn("wp:anchor")) is not None:
        made.problems.append((Code.FLOATING, ""))
    cut = next(drawing.iter(qn("a:srcRect")), None)
    crop = Crop(*(min(max(int(cut.get(side, 0)), 0) / 100_000, 0.9) for side in "ltrb")) if cut is not None else Crop()
    width, height = (min(max(int(extent.get(side)), EMU), 10_000_000) / EMU for side in ("cx", "cy"))
    made.pictures.append(PictureReference(blip.get(qn("r:embed")), width, height, crop))


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
