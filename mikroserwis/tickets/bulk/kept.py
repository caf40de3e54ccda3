"""Problems as they are kept with a line, in plain JSON, and as they are said in the reader's language."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, NotFound, Problem, Refused
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.tickets.wording import field_sentence, sentence, state_label

_SENTENCES: dict[str, Any] = {
    "not_found": lazy("There is no ticket with this number."),
    "nobody_is_eligible": lazy("Nobody is eligible: it stays in the open pool. Name a dealer, or look again later."),
    "changed_meanwhile": lazy("Somebody changed it at the same moment. Look at it, and choose it anew."),
    "undo_is_late": lazy("More than 24 hours have passed. Do what is needed on the ticket's page."),
    "gone_on": lazy("Something has happened to the ticket since. Do what is needed on its page."),
    "day_before_is_over": lazy(
        "The deadline that it had before is over by now: the next sweep would take it away. Leave the later deadline, "
        "or give the ticket to another dealer."
    ),
    "broken": lazy("Something went wrong on our side; nothing was done to it. Choose it anew later."),
    "account": lazy("Not done: the account of whoever asked for it may not do this any more."),
}
_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "changed_since_the_look": lambda p: _(
        "It has changed since it was shown (now: %(state)s, %(dealer)s), so it was left as it is. Look at it, and "
        "choose it anew.",
        state=state_label(p["state"]),
        dealer=p["dealer"] or _("open pool"),
    ),
}


def put_down(problem: Problem) -> dict[str, Any]:
    """The problem as plain JSON."""
    if isinstance(problem, Refused):
        return {"code": "refused", "blockers": [[one.code, _plain(one.params)] for one in problem.blockers]}
    if isinstance(problem, Invalid):
        return {"code": "invalid", "errors": [[one.field, one.code, _plain(one.params)] for one in problem.errors]}
    code = "not_found" if isinstance(problem, NotFound) else problem.code
    return {"code": code, "params": _plain(problem.params)}


def said(kept: Mapping[str, Any]) -> list[str]:
    """What was wrong and what to do, a sentence each."""
    blockers = [sentence(Blocker(code, _told(params))) for code, params in kept.get("blockers", ())]
    errors = [field_sentence(FieldError(field, code, _told(params))) for field, code, params in kept.get("errors", ())]
    return [*blockers, *errors] or [_sentence(kept["code"], _told(kept.get("params", {})))]


def broken(code: str) -> dict[str, Any]:
    """What is kept of a line that was never reached."""
    return put_down(Conflict(code))


def codes(kept: Mapping[str, Any]) -> list[str]:
    """The stable codes of what was wrong, for programs."""
    return [code for *_field, code, _params in (*kept.get("blockers", ()), *kept.get("errors", ()))] or [kept["code"]]


def _sentence(code: str, params: Mapping[str, Any]) -> str:
    special = _WORDS.get(code)
    return special(params) if special else str(_SENTENCES.get(code, _SENTENCES["changed_meanwhile"]))


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(params), default=_tagged))
    return plain


def _tagged(value: date) -> dict[str, str]:
    return {"day": value.isoformat()}


def _told(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(one["day"]) if isinstance(one, dict) else one for name, one in params.items()}
