"""What the pages of this slice share: what is wrong, what somebody else saved, and what was done."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for

from mikroserwis.customers import queries
from mikroserwis.customers.wording import FIELDS, act_words, value_words
from mikroserwis.errors import Answer, Conflict
from mikroserwis.models import Event


def told(answer: Answer) -> dict[str, Any]:
    """What is wrong, by field, and what is wrong with the whole."""
    errors: dict[str, list[str]] = {}
    for one in answer.extra.get("errors", ()):
        errors.setdefault(one["field"], []).append(one["message"])
    return {"errors": errors, "problems": [] if errors else [answer.title, *answer.sentences]}


def again(answer: Answer, error: Exception, newest: Sequence[Event], version: int, sent: int) -> dict[str, Any]:
    """What a form shows that was refused: measured against the newest version once its differences are shown.

    `newest` begins with what was done last.
    """
    overtaken = _conflict(newest, error)
    wrong = {"errors": {}, "problems": []} if overtaken else told(answer)
    return {**wrong, "conflict": overtaken, "version": version if isinstance(error, Conflict) else sent}


def changes(events: Iterable[tuple[Event, int | None]]) -> list[dict[str, Any]]:
    """As customers/_history.html wants them: with the number of the ticket by way of which it was done."""
    shown = []
    for event, number in events:
        said = queries.said(event)
        shown.append(
            {
                "at": event.at,
                "who": event.actor,
                "what": act_words(event.verb, said),
                "ticket": {"number": number, "url": url_for("tickets.show", number=number)} if number else None,
                "point": event.point_id,
                "changes": [
                    {
                        "label": FIELDS.get(name, name),
                        "old": value_words(name, str(old)) if old else "",
                        "new": value_words(name, str(new)) if new else "",
                    }
                    for name, (old, new) in said["changes"].items()
                ],
            }
        )
    return shown


def _conflict(newest: Sequence[Event], error: Exception) -> dict[str, Any] | None:
    """What tickets/_conflict.html wants, if somebody saved meanwhile."""
    if not isinstance(error, Conflict) or "fields" not in error.params:
        return None
    return {
        "who": newest[0].actor if newest else "",
        "at": newest[0].at if newest else None,
        "fields": [
            {
                "name": name,
                "label": FIELDS[name],
                "theirs": value_words(name, theirs),
                "yours": value_words(name, yours),
                "fill": theirs,
            }
            for name, (theirs, yours) in error.params["fields"].items()
        ],
    }
