"""Whatever code is used anywhere has its words."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import exports.tables
import mikroserwis
from mikroserwis import shapes
from mikroserwis.errors import Blocker, FieldError, Invalid, Refused
from mikroserwis.i18n import speaking
from mikroserwis.problems import describe
from mikroserwis.tickets.presenting.events import in_words
from workflows import QUOTE, SUBTICKET, TICKET

SHELL = Path(mikroserwis.__file__).parent
PARAMS = {
    **dict.fromkeys(("limit", "length", "digits", "least", "most", "point", "number", "line", "ticket", "of"), 3),
    **dict.fromkeys(("version", "current"), 3),
    **dict.fromkeys(("dealer", "name", "state", "known", "detail", "kind", "why", "failure", "city"), "X"),
    **{name: [] for name in ("kinds", "pages", "fields", "stations", "versions", "problems")},
    **dict.fromkeys(("label", "quote", "code", "found", "invoice"), "X"),
    "paper": "contract",
    **dict.fromkeys(("made_on", "valid_until", "day", "start", "end"), date(2026, 5, 27)),
    **dict.fromkeys(("old", "new", "net", "list_net", "gross", "most", "given", "expected", "now", "more"), Decimal(3)),
    **dict.fromkeys(("count", "days", "n", "limit"), 3),
    **dict.fromkeys(("due", "first", "last", "until"), date(2026, 5, 27)),
    **dict.fromkeys(("prefix", "other", "by", "area"), "26"),
    "tables": {"tickets": 3},
    "crm_id": "26",
    "prefixes": "26",
    "twice": "26",
    "within": "26",
    "names": "26",
    "staff": 365,
}
SAID = {
    **dict.fromkeys(("subject", "to", "label", "number", "receipt", "package", "name"), "X"),
    "changes": {},
    "kind": "quote",
    "version": 1,
    "gross": "3.00",
    **dict.fromkeys(("on", "until", "was", "due", "old", "new"), "2026-05-27"),
    "stage": "take",
    "days": 3,
}
LANGUAGES = ("pl", "en")


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """Every call in the shell with the last part of what is called."""
    trees = [ast.parse(file.read_text("utf-8")) for file in SHELL.rglob("*.py")]
    found = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func).rpartition(".")[2], node) for node in found]


def texts(node: ast.expr) -> Iterator[str]:
    """What a code's expression can be: a text, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def codes(function: str, place: int) -> set[str]:
    return {
        code
        for name, call in calls()
        if name == function and len(call.args) > place
        for code in texts(call.args[place])
    }


def verbs() -> set[str]:
    """Of the history of tickets; what is recorded of accounts, prices, forms and the like is shown elsewhere."""
    of_tickets = [
        call for name, call in calls() if name == "record" and any(one.arg == "ticket" for one in call.keywords)
    ]
    written = {code for call in of_tickets for code in texts(call.args[1])} | codes("shut", 3)
    passed = {
        code
        for name, call in calls()
        if name == "_pass_on"
        for each in call.keywords
        if each.arg == "verb"
        for code in texts(each.value)
    }
    return written | passed


def guards() -> set[str]:
    return {guard.__name__ for each in (TICKET, SUBTICKET, QUOTE) for move in each.moves for guard in move.guards}


def sentence(blocker: Blocker) -> str:
    """As an answer says it, whichever slice has the words."""
    text: str = describe(Refused("x", [blocker])).extra["blockers"][0]["message"]
    return text


def field_sentence(error: FieldError) -> str:
    text: str = describe(Invalid([error])).extra["errors"][0]["message"]
    return text


def is_said(text: str, code: str) -> bool:
    """A sentence, not a code and not a half-filled form."""
    return text != code and " " in text and not re.search(r"%\(\w+\)", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guard_and_blocker_has_its_sentence(language: str):
    every = guards() | codes("Blocker", 0) | {"wrong_state"}
    assert len(every) > 20
    with speaking(language):
        assert [code for code in sorted(every) if not is_said(sentence(Blocker(code, PARAMS)), code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_of_a_field_has_its_sentence(language: str):
    every = codes("FieldError", 1) | codes("_Wrong", 0) | codes("RowError", 2)
    every |= {*shapes._CODES.values(), "wrong_kind"}
    every -= {"form_refused", "form_file"}  # They carry what was found in a form; its sentences are tried there.
    assert len(every) > 25
    with speaking(language):
        said = {code: field_sentence(FieldError("x", code, PARAMS)) for code in sorted(every)}
    assert [code for code, text in said.items() if not is_said(text, code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_why_a_table_cannot_be_read_has_its_sentence(language: str):
    described = (exports.tables.TableError.__doc__ or "").partition("`code`:")[2].partition(".")[0]
    every = [code.strip() for code in described.split(",")]
    assert len(every) == 9
    with speaking(language):
        said = {code: field_sentence(FieldError("x", code, PARAMS)) for code in every}
    assert [code for code, text in said.items() if not is_said(text, code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_in_the_history_has_its_sentence(language: str):
    every = verbs()
    assert {"create", "take", "close", "cancel", "reassign", "acknowledged"} <= every
    of_shops = {move.trigger for move in SUBTICKET.moves} | {"point"}
    with speaking(language):
        tickets = {verb: in_words(verb, SAID) for verb in every - {"point", "withdraw"}}
        shops = {verb: in_words(verb, SAID, of_subticket=True) for verb in of_shops}
    assert all(tickets.values())
    assert all(shops.values())


def test_an_unknown_code_of_a_field_is_shown_rather_than_hidden():
    assert field_sentence(FieldError("x", "never_heard_of")) == "never_heard_of"
