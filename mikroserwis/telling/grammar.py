"""What a text may say beside plain words: `{{ name }}` and `{% if name %} … {% else %} … {% endif %}`. Nothing else.

The syntax is Jinja's, and so is the parser; what its tree holds is looked at before anything is compiled, so that
neither attributes nor calls, filters, loops or other templates can be reached.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mikroserwis.telling.model import EMAIL, Event

DEEPEST = 4
LONGEST = 200_000
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[{%].*")
_PLAIN = re.compile(r"\{\{[-+]?\s*\w+\s*[-+]?\}\}|\{%[-+]?\s*(?:(?:el)?if\s+\w+|else|endif)\s*[-+]?%\}")


def _environment() -> ImmutableSandboxedEnvironment:
    # Plain text, never HTML: nothing is to be escaped.
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    for reachable in (made.globals, made.filters, made.tests):
        reachable.clear()
    return made


_JINJA = _environment()


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text; `params` name its line and column, counted from 1, where it has a place."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def faults(event: Event, channel: str, text: str) -> list[Fault]:
    """Everything that keeps the text from being sent; none if it can be."""
    flags = frozenset(one.name for one in event.variables if one.flag)
    return list(_faults(text, tuple(event.known(channel)), flags, event.required(channel)))


def subject_faults(event: Event, text: str) -> list[Fault]:
    """The same for a subject, in which nothing is required."""
    flags = frozenset(one.name for one in event.variables if one.flag)
    return list(_faults(text, tuple(event.known(EMAIL)), flags, ()))


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The text with its values, cut at LONGEST. It must be without faults. Raises UndefinedError if a value is missing.

    Twenty thousand messages of one text compile it once.
    """
    made: list[str] = []
    length = 0
    for piece in _compiled(text).generate(values):
        made.append(piece[: LONGEST - length])
        length += len(made[-1])
        if length >= LONGEST:
            break
    return "".join(made)


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Template:
    return _JINJA.from_string(text)


@lru_cache(maxsize=1024)
def _faults(text: str, known: tuple[str, ...], flags: frozenset[str], required: tuple[str, ...]) -> tuple[Fault, ...]:
    try:
        tree = _JINJA.parse(text)
    except TemplateSyntaxError as error:
        return (Fault("text_syntax", {"line": error.lineno, "found": _line(text.splitlines(), error.lineno)}),)
    except (RecursionError, ValueError, OverflowError, MemoryError):
        return (Fault("text_too_deep", {"line": 1, "limit": DEEPEST}),)
    reading = _Reading(text, known, flags)
    said = reading.printed(tree.body)
    missing = [Fault("text_missing", {"name": name}) for name in required if name not in said]
    return (*reading.found, *missing)


def _line(lines: list[str], number: int) -> str:
    """As it is quoted to whoever wrote it."""
    return lines[number - 1].strip()[:60] if 0 < number <= len(lines) else ""


class _Reading:
    """One walk over a tree: what is wrong is collected in `found`."""

    def __init__(self, text: str, known: Collection[str], flags: Collection[str]) -> None:
        self.lines = text.splitlines()
        self.known, self.flags = known, flags
        self.found: list[Fault] = []
        self._seen: dict[tuple[int, str], int] = {}

    def printed(self, body: list[nodes.Node], depth: int = 0) -> set[str]:
        """The names that are written whatever the values are."""
        said: set[str] = set()
        for node in body:
            if isinstance(node, nodes.Output):
                for one in node.nodes:
                    if isinstance(one, nodes.Name):
                        said |= self._name(one, is_asked=False)
                    elif not isinstance(one, nodes.TemplateData):
                        self._forbid(one)
            elif isinstance(node, nodes.If):
                said |= self._choice(node, depth + 1)
            else:
                self._forbid(node)
        return said

    def _choice(self, node: nodes.If, depth: int) -> set[str]:
        """What every branch writes, and what is written wherever there is something to write."""
        if depth > DEEPEST:
            self.found.append(Fault("text_too_deep", {"line": node.lineno, "limit": DEEPEST}))
            return set()
        asked: set[str] = set()
        if isinstance(node.test, nodes.Name):
            asked = self._name(node.test, is_asked=True)
        else:
            self._forbid(node.test)
        branch = self.printed(node.body, depth)
        others = [self._choice(one, depth) for one in node.elif_]
        otherwise = self.printed(node.else_, depth)
        return (branch & otherwise).intersection(*others) | (asked & branch)

    def _name(self, node: nodes.Name, *, is_asked: bool) -> set[str]:
        name = node.name
        if name not in self.known:
            near = get_close_matches(name, self.known, 1, 0.5)
            place = {"line": node.lineno, "column": self._column(node.lineno, name)}
            self.found.append(Fault("text_unknown", {**place, "name": name[:60], "near": near[0] if near else ""}))
            return set()
        if name in self.flags and not is_asked:
            self.found.append(Fault("text_flag", {"line": node.lineno, "name": name}))
        return {name}

    def _column(self, line: int, name: str) -> int:
        """Of the next place on the line where the name stands as a word."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)").search(text, self._seen.get((line, name), 0))
        if found is None:
            return 1
        self._seen[line, name] = found.end()
        return found.start() + 1

    def _forbid(self, node: nodes.Node) -> None:
        """Quoted with its place: the first tag from the node's line on that isn't one of the plain ones."""
        first = node.lineno or 1
        for number, text in enumerate(self.lines[first - 1 :], first):
            odd = next((one for one in _TAG.finditer(text) if not _PLAIN.fullmatch(one[0])), None)
            if odd is not None:
                place = {"line": number, "column": odd.start() + 1}
                self.found.append(Fault("text_forbidden", {**place, "found": odd[0][:60]}))
                return
        self.found.append(Fault("text_forbidden", {"line": first, "column": 1, "found": _line(self.lines, first)}))
