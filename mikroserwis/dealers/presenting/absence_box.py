"""The absences of a dealer, on its page for staff and on its own, and the form of one."""

from datetime import date, timedelta
from typing import Any

from flask import url_for

from mikroserwis.access import Actor
from mikroserwis.dealers.absences import OWN_DAYS, STAFF_DAYS, texts
from mikroserwis.dealers.wording import FIELDS, span
from mikroserwis.models import Dealer, DealerAbsence


def absence_box(rows: list[DealerAbsence], dealer: Dealer, actor: Actor, day: date) -> dict[str, Any]:
    """`rows` are those that are or come; `now` is the one that holds today."""
    shown = [_row(one, dealer, actor, day) for one in rows]
    return {
        "rows": shown,
        "now": next((one for one in shown if one["is_now"]), None),
        "add_url": _address(dealer, actor, "add_absence"),
        "most": STAFF_DAYS if actor.is_staff else OWN_DAYS,
        "today": day.isoformat(),
        "labels": FIELDS,
        "typed": {},
        "errors": {},
        "open": False,
    }


def absence_page(absence: DealerAbsence, dealer: Dealer, actor: Actor, day: date) -> dict[str, Any]:
    """The form of one."""
    return {
        "dealer": dealer,
        "own": not actor.is_staff,
        "span": span(absence.first_day, absence.last_day),
        "begun": absence.first_day < day,
        "over": absence.last_day < day,
        "action": _address(dealer, actor, "save_absence", absence),
        "back_url": home(dealer, actor),
        "end_url": _address(dealer, actor, "end_absence", absence),
        "labels": FIELDS,
        "values": texts(absence),
        "version": absence.version,
        "least": (day - timedelta(days=1)).isoformat(),
        "today": day.isoformat(),
        "errors": {},
        "problems": [],
        "conflict": None,
    }


def home(dealer: Dealer, actor: Actor, part: str | None = "absences") -> str:
    """The page on which this actor finds the dealer's absences."""
    if actor.is_staff:
        return url_for("dealers.show", dealer_id=dealer.id, _anchor=part)
    return url_for("my_company.show", _anchor=part)


def _row(one: DealerAbsence, dealer: Dealer, actor: Actor, day: date) -> dict[str, Any]:
    return {
        "span": span(one.first_day, one.last_day),
        "reason": one.reason,
        "by": one.entered_by,
        "at": one.entered_at,
        "is_now": one.first_day <= day,
        "last_day": one.last_day,
        "url": _address(dealer, actor, "absence", one),
        "end_url": _address(dealer, actor, "end_absence", one),
    }


def _address(dealer: Dealer, actor: Actor, act: str, absence: DealerAbsence | None = None) -> str:
    values: dict[str, Any] = {"absence_id": absence.id} if absence else {}
    if actor.is_staff:
        return url_for(f"dealers.{act}", dealer_id=dealer.id, **values)
    return url_for(f"my_company.{act}", **values)
