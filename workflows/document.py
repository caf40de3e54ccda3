"""docs/workflows.md, from the tables themselves: `python -m workflows.document` prints it."""

import sys
from typing import Any

from workflows.diagram import as_mermaid
from workflows.engine import Move, Workflow
from workflows.quote import QUOTE
from workflows.subticket import SUBTICKET
from workflows.ticket import TICKET

_INTRO = """# Workflows

The life of a ticket, of a sub-ticket and of a quote, as the code runs it. A transition can be fired when the record is
in one of its sources and every condition holds; each condition that doesn't is a blocker, and its name is the code that
the API answers with (409). A trigger that the present state doesn't have answers `wrong_state`. Automatic transitions
fire by themselves as soon as nothing blocks them.

Who: *caretaker* is the dealer who has the ticket, *holder* the one who has the sub-ticket, *pool_dealer* any dealer who
may take it from the pool, *staff* operator, admin and master, *admin* admin and master, *system* Mikroserwis itself.
"""


def document() -> str:
    """The whole page as Markdown."""
    return _INTRO + _section("Ticket", TICKET) + _section("Sub-ticket", SUBTICKET) + _section("Quote", QUOTE)


def _section(title: str, workflow: Workflow[Any]) -> str:
    rows = [("trigger", "from → to", "who", "conditions"), ("---", "---", "---", "---")]
    rows += [_row(move) for move in workflow.moves]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"\n## {title}\n\n{table}\n```mermaid\n{as_mermaid(workflow, str)}\n```\n"


def _row(move: Move[Any]) -> tuple[str, str, str, str]:
    trigger = f"{move.trigger} (automatic)" if move.automatic else move.trigger
    way = f"{', '.join(move.sources)} {'→ ' + move.dest if move.dest else '(stays)'}"
    if move.when:
        way += f" if {_words(move.when.__name__)}"
    return trigger, way, ", ".join(move.who), ", ".join(f"`{guard.__name__}`" for guard in move.guards)


def _words(name: str) -> str:
    return name.replace("_", " ")


if __name__ == "__main__":
    sys.stdout.write(document())
