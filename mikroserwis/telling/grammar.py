"""What a text may say beside plain words: `{{ name }}` and `{% if name %} … {% else %} … {% endif %}`. Nothing else.

The syntax is Jinja's, and so is the parser; what its tree holds is looked at before anything is compiled, so that
neither attributes nor calls, filters, loops or other templates can be reached.
"""

import re
from collections.abc import Mapping
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
_LINE_BEGINS, _LINE_ENDS = re.compile(r"\n[ \t]*\Z"), re.compile(r"[ \t]*\n")
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


@dataclass(frozen=True)
class _Rules:
    """Names: what is `known`, only asked for, to be said, and what may only stand alone on a line (of a body)."""

    known: tuple[str, ...]
    flags: frozenset[str]
    required: tuple[str, ...]
    alone: frozenset[str]
    is_subject: bool = False


def faults(event: Event, channel: str, text: str) -> list[Fault]:
    """Everything that keeps the text from being sent; none if it can be."""
    return list(_faults(text, _rules(event, channel, is_subject=False)))


def subject_faults(event: Event, text: str) -> list[Fault]:
    """The same for a subject, in which nothing is required."""
    return list(_faults(text, _rules(event, EMAIL, is_subject=True)))


def _rules(event: Event, channel: str, *, is_subject: bool) -> _Rules:
    return _Rules(
        known=tuple(event.known(channel)),
        flags=frozenset(one.name for one in event.variables if one.flag),
        required=() if is_subject else event.required(channel),
        alone=frozenset(one.name for one in event.known(channel).values() if one.alone),
        is_subject=is_subject,
    )


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
def _faults(text: str, rules: _Rules) -> tuple[Fault, ...]:
    try:
        tree = _JINJA.parse(text)
    except TemplateSyntaxError as error:
        return (Fault("text_syntax", {"line": error.lineno, "found": _line(text.splitlines(), error.lineno)}),)
    except (RecursionError, ValueError, OverflowError, MemoryError):
        return (Fault("text_too_deep", {"line": 1, "limit": DEEPEST}),)
    reading = _Reading(text, rules)
    said = reading.printed(tree.body)
    missing = [Fault("text_missing", {"name": name}) for name in rules.required if name not in said]
    return (*reading.found, *missing)


def _line(lines: list[str], number: int) -> str:
    """As it is quoted to whoever wrote it."""
    return lines[number - 1].strip()[:60] if 0 < number <= len(lines) else ""


def _is_alone(signs: list[str], at: int) -> bool:
    """Whether nothing but blanks stands on its line."""
    former, later = "".join(signs[:at]), "".join(signs[at + 1 :])
    return bool(_LINE_BEGINS.search(former) and _LINE_ENDS.match(later))


class _Reading:
    """One walk over a tree: what is wrong is collected in `found`."""

    def __init__(self, text: str, rules: _Rules) -> None:
        self.lines = text.splitlines()
        self.rules = rules
        self.found: list[Fault] = []
        self._seen: dict[tuple[int, str], int] = {}

    def printed(self, body: list[nodes.Node], depth: int = 0) -> set[str]:
        """The names that are written whatever the values are."""
        said: set[str] = set()
        for node in body:
            if isinstance(node, nodes.Output):
                opens, closes = not depth and node is body[0], not depth and node is body[-1]
                said |= self._written(node, before="\n" if opens else "", after="\n" if closes else "")
            elif isinstance(node, nodes.If):
                said |= self._choice(node, depth + 1)
            else:
                self._forbid(node)
        return said

    def _written(self, node: nodes.Output, *, before: str, after: str) -> set[str]:
        """Names between two tags; `before` and `after` are the ends of the whole text, if they are here."""
        said: set[str] = set()
        # As the parser leaves it: what dashes in tags swallow is gone. Other names are one sign each.
        signs = [before, *(one.data if isinstance(one, nodes.TemplateData) else "?" for one in node.nodes), after]
        for index, one in enumerate(node.nodes, 1):
            if isinstance(one, nodes.Name):
                said |= self._name(one, is_asked=False)
                if one.name in self.rules.alone and (self.rules.is_subject or not _is_alone(signs, index)):
                    self._fault("text_link_in_subject" if self.rules.is_subject else "text_link_alone", one)
            elif not isinstance(one, nodes.TemplateData):
                self._forbid(one)
        return said

    def _choice(self, node: nodes.If, depth: int) -> set[str]:
        """What every branch writes, and what is written wherever there is something to write."""
        if depth > DEEPEST:
            self.found.append(Fault("text_too_deep", {"line": node.lineno, "limit": DEEPEST}))
            return set()
        # In the order of the text, so that what is wrong is told in that order.
        branches = [(self._asked(one), self.printed(one.body, depth)) for one in (node, *node.elif_)]
        said = self.printed(node.else_, depth)
        # What was asked for is empty in every later branch, so that these needn't write it.
        for asked, branch in reversed(branches):
            said = branch & (said | asked)
        return said

    def _asked(self, node: nodes.If) -> set[str]:
        if isinstance(node.test, nodes.Name):
            return self._name(node.test, is_asked=True)
        self._forbid(node.test)
        return set()

    def _name(self, node: nodes.Name, *, is_asked: bool) -> set[str]:
        name, rules = node.name, self.rules
        if name not in rules.known:
            near = get_close_matches(name, rules.known, 1, 0.5)
            self._fault("text_unknown", node, near=near[0] if near else "")
            return set()
        if is_asked:
            return {name}
        if name in rules.flags:
            self.found.append(Fault("text_flag", {"line": node.lineno, "name": name}))
        return {name}

    def _fault(self, code: str, node: nodes.Name, **more: str) -> None:
        place = {"line": node.lineno, "column": self._column(node.lineno, node.name)}
        self.found.append(Fault(code, {**place, "name": node.name[:60], **more}))

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
