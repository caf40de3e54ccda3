"""The page of a file of tickets: each ticket as it would be or has become, some on a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from mikroserwis.errors import FieldError
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.models import ImportDraft
from mikroserwis.rulebook import type_label
from mikroserwis.tickets.importing.plan import BAD, NEW, UNCHANGED, UPDATE, VERDICTS, counts
from mikroserwis.tickets.operations.import_drafts import entries, to_take_in
from mikroserwis.tickets.wording import FIELDS, field_sentence

SIZE = 50
_VERDICTS = {NEW: lazy("New"), UPDATE: lazy("To change"), UNCHANGED: lazy("No change"), BAD: lazy("To mend")}
_BECAME = {NEW: lazy("Entered"), UPDATE: lazy("Changed"), UNCHANGED: lazy("No change"), BAD: lazy("Left out")}
_STATES = {
    "checked": lazy("checked, not taken in yet"),
    "confirmed": lazy("being taken in"),
    "done": lazy("taken in"),
    "discarded": lazy("discarded"),
}
_PLACES = {"stations_buy": lazy("Stations to buy"), "stations_exchange": lazy("Stations to exchange")}
Entry = Mapping[str, Any]


def context(draft: ImportDraft, show: str, number: int) -> dict[str, Any]:
    """All that tickets/import_draft.html wants; `show` is a verdict or empty, `number` the page from 1."""
    every = entries(draft)
    counted = counts(one["verdict"] for one in every)
    shown = show if show in VERDICTS else ""
    chosen = [(place, one) for place, one in enumerate(every, start=1) if not shown or one["verdict"] == shown]
    pages = max(-(-len(chosen) // SIZE), 1)
    page = min(max(number, 1), pages)
    return {
        "draft": draft,
        "state": str(_STATES[draft.state]),
        "total": len(every),
        "done": draft.tickets_done,
        "counts": counted,
        "became": counts(one["verdict"] for one in every[: draft.tickets_done]),
        "good": to_take_in(every),
        "views": _views(draft, counted, shown, len(every)),
        "rows": [_row(one, place <= draft.tickets_done) for place, one in chosen[(page - 1) * SIZE : page * SIZE]],
        "pages": [(n, _address(draft, shown, n), n == page) for n in range(1, pages + 1)] if pages > 1 else [],
        "urls_of": _addresses(draft, counted),
    }


def recent(drafts: Sequence[ImportDraft]) -> list[dict[str, Any]]:
    """One's newest files."""
    return [
        {
            "name": one.name,
            "at": one.created_at,
            "state": str(_STATES[one.state]),
            "url": url_for("tickets.import_draft", draft_id=one.id),
        }
        for one in drafts
    ]


def _addresses(draft: ImportDraft, counted: Mapping[str, int]) -> dict[str, str | None]:
    def of(endpoint: str) -> str:
        return url_for(endpoint, draft_id=draft.id)

    return {
        "confirm": of("tickets.confirm_import"),
        "discard": of("tickets.discard_import"),
        "bad_rows": of("tickets.bad_rows") if counted[BAD] else None,
        "again": url_for("tickets.import_form"),
    }


def _views(draft: ImportDraft, counted: Mapping[str, int], shown: str, total: int) -> list[tuple[Any, ...]]:
    words = _BECAME if draft.state == "done" else _VERDICTS
    return [
        (_("All"), _address(draft, "", 1), total, not shown),
        *((str(words[one]), _address(draft, one, 1), counted[one], shown == one) for one in VERDICTS),
    ]


def _address(draft: ImportDraft, show: str, number: int) -> str:
    query: dict[str, Any] = {"show": show or None, "page": number if number > 1 else None}
    return url_for("tickets.import_draft", draft_id=draft.id, **query)


def _row(entry: Entry, carried_out: bool) -> dict[str, Any]:
    words = _BECAME if carried_out else _VERDICTS
    number = entry["crm_id"]
    here = entry["verdict"] in {UPDATE, UNCHANGED} or (carried_out and entry["verdict"] == NEW)
    return {
        **{name: entry[name] for name in ("company", "city", "verdict")},
        "lines": _lines(entry["lines"]),
        "number": number,
        "url": url_for("tickets.show", number=int(number)) if here and number.isdigit() else None,
        "verdict_label": str(words[entry["verdict"]]),
        "changes": [
            {"label": place_label(place), "old": old, "new": new} for place, (old, new) in entry["changes"].items()
        ],
        "errors": [
            {"line": line, "column": column, "text": error_text(column, code, params)}
            for line, column, code, params in entry["errors"]
        ],
    }


def _lines(lines: Sequence[int]) -> str:
    run = lines == list(range(lines[0], lines[-1] + 1))
    return f"{lines[0]}–{lines[-1]}" if run and len(lines) > 1 else ", ".join(map(str, lines))


def error_text(column: str, code: str, params: Mapping[str, Any]) -> str:
    """Why a cell of the file can't be taken in."""
    if code == "file_cannot_change" and column == "type":
        params = {**params, "now": type_label(params["now"])}
    return field_sentence(FieldError(column, code, params))


def place_label(place: str) -> str:
    """What a place of Differences.told is called on the screen."""
    record, _dot, name = place.partition(".")
    if record == "company":
        return str(FIELDS.get(name, name))
    if not name:
        return _("New retail point %(point)s", point=record)
    label = str(_PLACES.get(name) or FIELDS.get(name, name))
    return _("Point %(n)s, %(field)s", n=record, field=label)
