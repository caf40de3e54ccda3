"""Placeholders and conditions within a form's text: Jinja, of which only what is listed here may be said.

A form is written by people and rendered on the server, so the sandbox is the second lock. The first is that a tag
whose syntax tree holds anything but a name of the vocabulary, a comparison, `if` or `for` never reaches a template.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar, cast

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from exports.forms.model import Code, Place, Placeholder, Problem, Vocabulary
from exports.papers.wording import BLANK
from exports.plain import plain

_Node = TypeVar("_Node", bound=nodes.Node)
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_WORD = re.compile(r"\{%[-+]?\s*(\w+)")
_COMPARISONS = {"eq", "ne", "gt", "gteq", "lt", "lteq"}
_FILTERS = {"upper": str.upper, "lower": str.lower}
_LOOP = ("index", "first", "last", "length")
_LONGEST = 200
_DEEPEST = 3


def _printed(value: object) -> str:
    """One plain line; the spaces of an amount stay unbreakable."""
    return "\u00a0".join(map(plain, str(value).split("\u00a0"))) or BLANK


def _environment() -> ImmutableSandboxedEnvironment:
    """Values become plain text of one line, an empty one a dotted line to write on; nothing is markup here.

    What is rendered becomes the text of paragraphs, never XML: so there is nothing to escape.
    """
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_printed)
    made.globals.clear()
    made.tests.clear()
    made.filters.clear()
    made.filters.update(_FILTERS)
    return made


ENVIRONMENT = _environment()


@dataclass(frozen=True)
class _Open:
    """An `if` or `for` that waits for its end, where it stands, and the variable that it brings."""

    word: str
    tag: str
    container: str
    place: Place
    variable: str = ""
    fields: tuple[Placeholder, ...] = ()


class Tags:
    """Judges the tags of a form one after the other, in the order of its text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._values = {one.name for one in vocabulary.values}
        self._tests = self._values | {one.name for one in vocabulary.facts}
        self._blocks = {one.name for one in vocabulary.blocks}
        self._open: list[_Open] = []

    def block(self, text: str) -> str:
        """The name of the block for which a paragraph with this text stands, else nothing."""
        alone = re.fullmatch(r"\{\{\s*(\w+)\s*\}\}", text.strip())
        return alone[1] if alone and alone[1] in self._blocks else ""

    def judge(self, text: str, container: str, place: Place) -> Iterator[Problem]:
        """What is wrong with the tags in the text of a paragraph, which have to balance within `container`."""
        for tag in TAG.findall(text):
            code, found, hint = self._judge(tag, container, place)
            if code:
                yield Problem(code, place, found or tag, hint)
        if stray := _STRAY.search(TAG.sub("\0", text)):
            yield Problem(Code.SYNTAX, place, text[max(0, stray.start() - 10) : stray.end() + 20].strip())

    def close(self, container: str) -> Iterator[Problem]:
        """What was begun in the container and doesn't end in it."""
        for one in [each for each in self._open if each.container == container]:
            self._open.remove(one)
            yield Problem(Code.UNBALANCED, one.place, one.tag)

    def _judge(self, tag: str, container: str, place: Place) -> tuple[Code | None, str, str]:
        if len(tag) > _LONGEST:
            return Code.FORBIDDEN, tag[:60] + "…", ""
        try:
            if tag.startswith("{{"):
                return self._judge_output(tag)
            word = found[1] if (found := _WORD.match(tag)) else ""
            match word:
                case "if":
                    return self._begin(tag, container, place, _one(f"{tag}{{% endif %}}", nodes.If))
                case "for":
                    return self._begin_loop(tag, container, place, _one(f"{tag}{{% endfor %}}", nodes.For))
                case "elif":
                    test = _one(f"{{% if 1 %}}{tag}{{% endif %}}", nodes.If)
                    return self._between(container) or self._expression(test.elif_[0].test, tag)
                case "else" | "endif" | "endfor" if re.fullmatch(r"\{%[-+]?\s*\w+\s*[-+]?%\}", tag):
                    return self._between(container, word) or (None, "", "")
        except (TemplateSyntaxError, _NotOne):
            return Code.SYNTAX, "", ""
        return Code.FORBIDDEN, "", ""

    def _judge_output(self, tag: str) -> tuple[Code | None, str, str]:
        return self._expression(_one(tag, nodes.Output).nodes[0], tag, printed=True)

    def _begin(self, tag: str, container: str, place: Place, node: nodes.If) -> tuple[Code | None, str, str]:
        self._open.append(_Open("if", tag, container, place))
        return self._too_deep() or self._expression(node.test, tag)

    def _begin_loop(self, tag: str, container: str, place: Place, node: nodes.For) -> tuple[Code | None, str, str]:
        over, variable = _path(node.iter), _path(node.target)
        fields = self._vocabulary.lists.get(over, ())
        self._open.append(_Open("for", tag, container, place, variable, fields))
        taken = {name.split(".")[0] for name in (*self._tests, *self._blocks, *self._vocabulary.lists, "loop")}
        if not over or not variable or "." in variable or variable in taken or node.test or node.recursive:
            return Code.FORBIDDEN, "", ""
        if not fields:
            return Code.UNKNOWN, over, _like(over, self._vocabulary.lists)
        if sum(one.word == "for" for one in self._open) > 1:
            return Code.NESTED_TAGS, "", ""
        return self._too_deep() or (None, "", "")

    def _too_deep(self) -> tuple[Code, str, str] | None:
        return (Code.NESTED_TAGS, "", "") if len(self._open) > _DEEPEST else None

    def _between(self, container: str, word: str = "elif") -> tuple[Code, str, str] | None:
        """`elif`, `else` and the ends belong to what was begun last, in the same container."""
        belongs = {"elif": "if", "else": "if", "endif": "if", "endfor": "for"}[word]
        if not self._open or self._open[-1].word != belongs or self._open[-1].container != container:
            return Code.UNBALANCED, "", ""
        if word.startswith("end"):
            self._open.pop()
        return None

    def _expression(self, node: nodes.Node, tag: str, *, printed: bool = False) -> tuple[Code | None, str, str]:
        match node:
            case nodes.Name() | nodes.Getattr() if path := _path(node):
                return self._name(path, printed=printed)
            case nodes.Filter(name=name, args=[], kwargs=[], dyn_args=None, dyn_kwargs=None) if name in _FILTERS:
                return self._expression(cast("nodes.Expr", node.node), tag, printed=printed)
            case nodes.Not() if not printed:
                return self._expression(node.node, tag)
            case nodes.And() | nodes.Or() if not printed:
                left = self._expression(node.left, tag)
                return left if left[0] else self._expression(node.right, tag)
            case nodes.Compare(ops=[operand]) if not printed and operand.op in _COMPARISONS:
                left = self._expression(node.expr, tag)
                return left if left[0] else self._compared(operand.expr, tag)
        return Code.FORBIDDEN, tag, ""

    def _compared(self, node: nodes.Expr, tag: str) -> tuple[Code | None, str, str]:
        if isinstance(node, nodes.Const) and isinstance(node.value, str | int):
            return None, "", ""
        return self._expression(node, tag)

    def _name(self, path: str, *, printed: bool) -> tuple[Code | None, str, str]:
        first, _, rest = path.partition(".")
        for one in self._open:
            if one.variable and one.variable == first:
                known = [each.name for each in one.fields]
                return (None, "", "") if rest in known else (Code.UNKNOWN, path, _like(rest, known, f"{first}."))
        if first == "loop" and any(one.word == "for" for one in self._open) and rest in _LOOP:
            return None, "", ""
        if path in (self._values if printed else self._tests):
            return None, "", ""
        if path in self._blocks or path in self._vocabulary.lists:
            return Code.NOT_ALONE, path, ""
        return Code.UNKNOWN, path, _like(path, self._tests | self._blocks)


class _NotOne(Exception):
    """The tag isn't a single one of the expected kind."""


def _one(source: str, kind: type[_Node]) -> _Node:
    """The only node of the source."""
    body = ENVIRONMENT.parse(source).body
    if len(body) != 1 or not isinstance(body[0], kind):
        raise _NotOne
    return body[0]


def _path(node: nodes.Node) -> str:
    """`company.name` for a name and its attributes, nothing for any other expression."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and (before := _path(node.node)):
        return f"{before}.{node.attr}"
    return ""


def _like(name: str, known: Iterable[str], prefix: str = "") -> str:
    close = get_close_matches(name, sorted(known), 1, 0.6)
    return f"{prefix}{close[0]}" if close else ""


def is_control(text: str) -> bool:
    """Whether a paragraph holds conditions or loops and nothing else, which don't end in it."""
    tags = TAG.findall(text)
    if not tags or TAG.sub("", text).strip() or any(tag.startswith("{{") for tag in tags):
        return False
    words = [found[1] for tag in tags if (found := _WORD.match(tag))]
    return sum(word in ("if", "for") for word in words) != sum(word in ("endif", "endfor") for word in words) or (
        words[0] in ("else", "elif", "endif", "endfor")
    )
