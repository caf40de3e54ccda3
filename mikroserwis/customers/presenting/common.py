"""What the pages of this slice share: a refused form again, and what was done."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for

from mikroserwis import refused_forms
from mikroserwis.customers import queries
from mikroserwis.customers.wording import FIELDS, act_words, value_words
from mikroserwis.errors import Answer
from mikroserwis.models import Event


def again(answer: Answer, error: Exception, newest: Sequence[Event], version: int, sent: int) -> dict[str, Any]:
    """What a form shows that was refused; `newest` begins with what was done last."""
    overtaken = refused_forms.conflict(error, newest, FIELDS, value_words)
    return refused_forms.again(answer, error, overtaken, version, sent)


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
