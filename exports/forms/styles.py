"""What the styles of a DOCX say of paragraphs, characters and tables."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from docx.oxml.ns import qn

from exports.papers.rich import Align, Look

_DEEPEST = 12
_LOOKS: dict[str, Look] = {"title": "title", "subtitle": "subtitle", "heading 1": "heading"}
_ALIGNMENTS: dict[str, Align] = {
    "center": "center",
    "right": "right",
    "end": "right",
    "both": "justify",
    "distribute": "justify",
}
DATELINE = "Dateline"


class Numbering(NamedTuple):
    number_id: str
    level: int


class Styles:
    """The styles of a form; an element's own properties come before those of its style and what that is based on."""

    def __init__(self, element: Any) -> None:
        self._by_id = {one.get(qn("w:styleId")): one for one in element.iterchildren(qn("w:style"))}

    def _chain(self, style_id: str) -> Iterator[Any]:
        deep = 0
        while style_id in self._by_id and deep < _DEEPEST:
            yield self._by_id[style_id]
            style_id, deep = value(self._by_id[style_id], "w:basedOn"), deep + 1

    def _names(self, paragraph: Any) -> list[str]:
        chain = self._chain(value(paragraph, "w:pPr", "w:pStyle"))
        return [value(style, "w:name").lower() for style in chain]

    def look(self, paragraph: Any) -> Look:
        for name in self._names(paragraph):
            if name in _LOOKS:
                return _LOOKS[name]
            if name.startswith("heading "):
                return "subheading"
        return "prose"

    def is_dateline(self, paragraph: Any) -> bool:
        return DATELINE.lower() in self._names(paragraph)

    def properties(self, paragraph: Any) -> Iterator[Any]:
        """The `w:pPr` that hold for the paragraph, the nearest first."""
        own = paragraph.find(qn("w:pPr"))
        if own is not None:
            yield own
        for style in self._chain(value(paragraph, "w:pPr", "w:pStyle")):
            found = style.find(qn("w:pPr"))
            if found is not None:
                yield found

    def _first(self, paragraph: Any, tag: str) -> Any:
        return next((found for one in self.properties(paragraph) if (found := one.find(qn(tag))) is not None), None)

    def align(self, paragraph: Any) -> Align:
        found = self._first(paragraph, "w:jc")
        return "left" if found is None else _ALIGNMENTS.get(found.get(qn("w:val"), ""), "left")

    def indent(self, paragraph: Any) -> tuple[float, float]:
        """Points from the left to the text, and how far its first line hangs out."""
        found = self._first(paragraph, "w:ind")
        if found is None:
            return 0, 0
        left, hanging = (_points(found, *names) for names in (("w:left", "w:start"), ("w:hanging",)))
        return left, hanging

    def begins_page(self, paragraph: Any) -> bool:
        return is_on(self._first(paragraph, "w:pageBreakBefore"))

    def numbering(self, paragraph: Any) -> Numbering | None:
        for one in self.properties(paragraph):
            found = one.find(qn("w:numPr"))
            if found is not None and (number_id := value(found, "w:numId")):
                level = value(found, "w:ilvl") or "0"
                return Numbering(number_id, min(int(level), 8)) if number_id != "0" else None
        return None

    def has(self, run: Any, paragraph: Any, tag: str) -> bool:
        """Whether characters are bold (`w:b`), italic (`w:i`), hidden …; looks of headings are our own."""
        sources = [run.find(qn("w:rPr"))]
        sources += [one.find(qn("w:rPr")) for one in self._chain(value(run, "w:rPr", "w:rStyle"))]
        if self.look(paragraph) == "prose":
            sources += [one.find(qn("w:rPr")) for one in self._chain(value(paragraph, "w:pPr", "w:pStyle"))]
        found = next((one.find(qn(tag)) for one in sources if one is not None and one.find(qn(tag)) is not None), None)
        return found is not None and (is_on(found) if tag != "w:u" else found.get(qn("w:val")) != "none")

    def is_ruled(self, table: Any) -> bool:
        """Whether the table has lines, of its own, of its style or of a cell."""
        look = table.find(qn("w:tblPr"))
        own = [] if look is None else [look.find(qn("w:tblBorders"))]
        style = [
            one.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}")
            for one in self._chain(value(table, "w:tblPr", "w:tblStyle"))
        ]
        found = (borders for borders in (*own, *style, *table.iter(qn("w:tcBorders"))) if borders is not None)
        return any(side.get(qn("w:val"), "none") not in ("none", "nil") for borders in found for side in borders)


def value(element: Any, *path: str) -> str:
    """`w:val` of the descendant at this path, empty if there is none."""
    found = element.find("/".join(map(qn, path)))
    return "" if found is None else str(found.get(qn("w:val"), ""))


def is_on(element: Any) -> bool:
    """A property that is there and not switched off."""
    return element is not None and element.get(qn("w:val"), "1") not in ("0", "false", "off", "none")


def _points(element: Any, *names: str) -> float:
    found = next((element.get(qn(name)) for name in names if element.get(qn(name))), "0")
    return int(float(found)) / 20 if found.lstrip("-").replace(".", "").isdigit() else 0
