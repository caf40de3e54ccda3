"""Every act that is written into the history has a name by which it can be looked for."""

import ast

from mikroserwis.supervision.audit.wording import VERBS
from tests.support.sources import ROOT

# Written by a name that is put together, or past `history.record`.
MADE_ELSEWHERE = {"quote_issue", "quote_accept", "quote_decline", "quote_supersede", "reassign", "reclock", "undo"}


def written() -> set[str]:
    """The acts that `history.record` is called with."""
    found = set()
    for path in (ROOT / "mikroserwis").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "history.record" and len(node.args) > 1:
                found |= {one.value for one in ast.walk(node.args[1]) if isinstance(one, ast.Constant)}
    return {one for one in found if isinstance(one, str) and not one.endswith("_")}


def test_every_act_that_is_written_has_a_name() -> None:
    assert len(written()) > 40
    assert sorted((written() | MADE_ELSEWHERE) - VERBS.keys()) == []
