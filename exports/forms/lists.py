"""Numbers of the clauses and lists of a DOCX, which Word reckons anew and doesn't store (ECMA-376, 17.9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from docx.oxml.ns import qn

_LEVELS, _MOST = 9, 9999
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_BULLET = "•"


class Level(NamedTuple):
    form: str
    text: str
    start: int


@dataclass(frozen=True)
class ListDefinition:
    """A list of a form: paragraphs of one `family` count on, unless it says where to `restart` a level."""

    family: str
    levels: dict[int, Level]
    restarts: dict[int, int]


def definitions(numbering: Any) -> dict[str, ListDefinition]:
    """By `w:numId`; `numbering` is the element `w:numbering` or None."""
    if numbering is None:
        return {}
    families = {one.get(qn("w:abstractNumId")): one for one in numbering.iterchildren(qn("w:abstractNum"))}
    return {one.get(qn("w:numId")): _definition(one, families) for one in numbering.iterchildren(qn("w:num"))}


def _definition(num: Any, families: dict[str, Any]) -> ListDefinition:
    family = _value(num, "w:abstractNumId", "")
    levels = dict(_levels(families[family])) if family in families else {}
    restarts = {}
    for override in num.iterchildren(qn("w:lvlOverride")):
        level = int(override.get(qn("w:ilvl"), 0))
        levels.update(_levels(override))
        if start := _value(override, "w:startOverride", ""):
            restarts[level] = min(int(start), _MOST)
    return ListDefinition(family, levels, restarts)


def _levels(parent: Any) -> Iterator[tuple[int, Level]]:
    for one in parent.iterchildren(qn("w:lvl")):
        form, text, start = (
            _value(one, "w:numFmt", "decimal"),
            _value(one, "w:lvlText", ""),
            _value(one, "w:start", "1"),
        )
        yield int(one.get(qn("w:ilvl"), 0)), Level(form, text, min(int(start), _MOST))


def _value(parent: Any, tag: str, default: str) -> str:
    child = parent.find(qn(tag))
    return default if child is None else str(child.get(qn("w:val"), default))


class Counters:
    """Counts the paragraphs of each list as they come."""

    def __init__(self, lists: dict[str, ListDefinition]) -> None:
        self._lists = lists
        self._counts: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def label(self, number_id: str, level: int) -> str:
        """What stands before the next paragraph of this list and level; empty where the list says so."""
        known = self._lists.get(number_id)
        if known is None or level not in known.levels:
            return _BULLET
        counts = self._counts.setdefault(known.family, [None] * _LEVELS)
        if level in known.restarts and (number_id, level) not in self._restarted:
            self._restarted.add((number_id, level))
            counts[level] = known.restarts[level] - 1
        before = counts[level]
        counts[level] = known.levels[level].start if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return _label(known.levels, counts, level)


def _label(levels: dict[int, Level], counts: list[int | None], level: int) -> str:
    form, text, _ = levels[level]
    if form == "none":
        return ""
    if form == "bullet":
        return text if text and text.isprintable() and text != "o" else _BULLET
    for at in range(_LEVELS):
        if f"%{at + 1}" in text:
            own = levels.get(at, levels[level])
            count = counts[at]
            text = text.replace(f"%{at + 1}", _figure(own.form, own.start if count is None else count))
    return text


def _figure(form: str, count: int) -> str:
    match form:
        case "lowerLetter" | "upperLetter":
            letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
            return letter.upper() if form == "upperLetter" else letter
        case "lowerRoman" | "upperRoman":
            return _roman(count).upper() if form == "upperRoman" else _roman(count)
        case "decimalZero":
            return f"{count:02}"
        case _:
            return str(count)


def _roman(count: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        found += letters * (count // value)
        count %= value
    return found
