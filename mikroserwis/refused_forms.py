"""A form that was refused, shown again: what is wrong, and what somebody else saved while it was open."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mikroserwis.errors import Answer, Conflict
from mikroserwis.models import Event

Words = Callable[[str, str], str]


def told(answer: Answer) -> dict[str, Any]:
    """What is wrong, by field, and what is wrong with the whole."""
    errors: dict[str, list[str]] = {}
    for one in answer.extra.get("errors", ()):
        errors.setdefault(one["field"], []).append(one["message"])
    return {"errors": errors, "problems": [] if errors else [answer.title, *answer.sentences]}


def conflict(
    error: Exception, newest: Sequence[Event], labels: Mapping[str, Any], words: Words, fill: Words | None = None
) -> dict[str, Any] | None:
    """What tickets/_conflict.html wants, if somebody saved meanwhile; `newest` begins with what was done last.

    `words` say a field's kept text as people read it, `fill` as a form takes it, where that isn't the text itself.
    """
    if not isinstance(error, Conflict) or "fields" not in error.params:
        return None
    return {
        "who": newest[0].actor if newest else "",
        "at": newest[0].at if newest else None,
        "fields": [
            {
                "name": name,
                "label": labels[name],
                "theirs": words(name, theirs),
                "yours": words(name, yours),
                "fill": fill(name, theirs) if fill else theirs,
            }
            for name, (theirs, yours) in error.params["fields"].items()
        ],
    }


def again(
    answer: Answer, error: Exception, overtaken: dict[str, Any] | None, version: int, sent: int
) -> dict[str, Any]:
    """What the form shows: measured against the newest version once its differences, `overtaken`, are shown."""
    wrong = {"errors": {}, "problems": []} if overtaken else told(answer)
    return {**wrong, "conflict": overtaken, "version": version if isinstance(error, Conflict) else sent}
