"""What the pages of this slice share: a refused form again, and what was done."""

from collections.abc import Iterable, Sequence
from typing import Any

from mikroserwis import refused_forms
from mikroserwis.dealers import queries
from mikroserwis.dealers.wording import FIELDS, act_words, value_words
from mikroserwis.errors import Answer
from mikroserwis.models import Event


def again(answer: Answer, error: Exception, newest: Sequence[Event], version: int, sent: int) -> dict[str, Any]:
    """What a form shows that was refused; `newest` begins with what was done last."""
    overtaken = refused_forms.conflict(error, newest, FIELDS, value_words)
    return refused_forms.again(answer, error, overtaken, version, sent)


def changes(events: Iterable[Event]) -> list[dict[str, Any]]:
    """As macros/lists.html: events wants them."""
    shown = []
    for event in events:
        said = queries.said(event)
        shown.append(
            {
                "at": event.at,
                "who": event.actor,
                "what": act_words(event.verb, said),
                "words": said.get("reason") or None,
                "changes": [
                    {
                        "label": FIELDS[name],
                        "old": value_words(name, old) if old else "",
                        "new": value_words(name, new) if new else "",
                    }
                    for name, (old, new) in said["changes"].items()
                ],
            }
        )
    return shown
