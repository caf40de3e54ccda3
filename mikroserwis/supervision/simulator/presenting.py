"""The simulator's form and what came out, for templates/supervision/simulator.html."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis.charts import Item, Picture, bars
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext, say_date, say_number
from mikroserwis.pricing import today
from mikroserwis.rulebook import POLICIES, type_label
from mikroserwis.supervision.links import link
from mikroserwis.supervision.simulator import forms, queries
from mikroserwis.supervision.simulator.forms import Wanted
from mikroserwis.supervision.simulator.replaying import MOST, Result, more_days
from mikroserwis.supervision.simulator.wording import (
    CALENDARS,
    STAGES,
    difference,
    more_or_fewer,
    policy_words,
    share,
    spared_words,
    taken_away,
)
from mikroserwis.tickets.presenting.acts import ticket_url
from sla import Stage
from sla.replay import Compared, Tally

SHOWN = 200
_IN_PICTURE = 12


def form(given: Mapping[str, str], errors: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The fields with what was typed and what is wrong with it; as a hint what holds now."""
    labels = {forms.WINDOW: _("History")}
    types = []
    for name, policy in POLICIES.items():
        stages = [_stage_field(name, stage, given, errors) for stage in Stage]
        calendar = forms.name_of(name, forms.CALENDAR)
        types.append(
            {
                "label": type_label(name),
                "now": policy_words(policy),
                "stages": stages,
                "calendar": {"name": calendar, "value": given[calendar], "errors": errors.get(calendar, ())},
            }
        )
        labels |= {one["name"]: f"{type_label(name)}, {one['label']}" for one in stages}
        counted = _("Days counted")
        labels[calendar] = f"{type_label(name)}, {counted}"
    return {
        "types": types,
        "calendars": [(one.value, label) for one, label in CALENDARS.items()],
        "window": given[forms.WINDOW],
        "windows": [(str(days), ngettext("last %(n)s day", "last %(n)s days", days)) for days in forms.WINDOWS],
        "errors": errors,
        "labels": labels,
        "most": forms.MOST_DAYS,
        "reset_url": url_for("simulator.show"),
    }


def outcome(session: Session, wanted: Wanted, result: Result) -> dict[str, Any]:
    """The summary in words, by stage, by dealer as picture and table, and the tickets that differ."""
    total, names = result.total, queries.dealer_names(session)
    dealers = sorted(result.dealers.items(), key=lambda one: (-_most(one[1]), names[one[0]]))
    return {
        "is_present": wanted.is_present,
        "since": say_date(today(result.since)),
        "until": say_date(today(result.until)),
        "tenures": total.tenures,
        "real": total.real.total(),
        "present": total.present.total(),
        "other": total.other.total(),
        "compared": more_or_fewer(total.present.total(), total.other.total()),
        "stages": [_stage_row(total, stage) for stage in Stage],
        "sums": _sums(total),
        "spared": total.spared,
        "before": total.before,
        "left_out": result.left_out,
        "most": MOST,
        "picture": _picture(dealers, names),
        "more_dealers": max(len([1 for _id, one in dealers if _most(one)]) - _IN_PICTURE, 0),
        "dealers": [_dealer(dealer_id, one, names) for dealer_id, one in dealers],
        "lines": lines(session, wanted, result.differing, result.until),
        "differing": total.differing,
        "sheet_url": url_for("simulator.sheet_of_differences", **dict[str, Any](wanted.arguments())),
    }


def lines(session: Session, wanted: Wanted, found: Sequence[Compared], now: datetime) -> list[dict[str, Any]]:
    """Each as number, address, company, dealer and what becomes of it under either policy."""
    about, names = queries.about(session, [one.record.key for one in found]), queries.dealer_names(session)
    days = more_days(wanted, now)
    return [
        {
            "number": about[one.record.key].number,
            "url": ticket_url(about[one.record.key].number),
            "company": about[one.record.key].company,
            "dealer": names[one.record.dealer_id],
            "type": type_label(one.record.type),
            "real": taken_away(one.record.really),
            "present": taken_away(one.present),
            "other": spared_words(days(one.record)) if one.spared else taken_away(one.other),
        }
        for one in found
    ]


def _stage_field(
    type_: str, stage: Stage, given: Mapping[str, str], errors: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    name = forms.name_of(type_, stage)
    return {
        "name": name,
        "label": str(STAGES[stage]),
        "value": given[name],
        "hint": _("now %(n)s", n=POLICIES[type_].days[stage]),
        "errors": errors.get(name, ()),
    }


def _stage_row(total: Tally, stage: Stage) -> dict[str, Any]:
    real, present, other = total.real[stage], total.present[stage], total.other[stage]
    return {
        "label": STAGES[stage],
        "real": say_number(real),
        "present": say_number(present),
        "other": say_number(other),
        "difference": difference(present, other),
    }


def _sums(total: Tally) -> dict[str, Any]:
    real, present, other = (one.total() for one in (total.real, total.present, total.other))
    return {
        "real": say_number(real),
        "present": say_number(present),
        "other": say_number(other),
        "difference": difference(present, other),
    }


def _dealer(dealer_id: int, one: Tally, names: Mapping[int, str]) -> dict[str, Any]:
    present, other = one.present.total(), one.other.total()
    return {
        "name": names[dealer_id],
        "url": link("dealers.show", dealer_id=dealer_id),
        "tenures": say_number(one.tenures),
        "real": say_number(one.real.total()),
        "present": [say_number(one.present[stage]) for stage in Stage],
        "other": [say_number(one.other[stage]) for stage in Stage],
        "difference": difference(present, other),
        "share_present": share(present, one.tenures),
        "share_other": share(other, one.tenures),
    }


def _picture(dealers: Sequence[tuple[int, Tally]], names: Mapping[int, str]) -> Picture | None:
    """The dealers with most take-aways; None where there is nothing to draw."""
    items = [
        Item(names[dealer_id], (one.present.total(), one.other.total()))
        for dealer_id, one in dealers[:_IN_PICTURE]
        if _most(one)
    ]
    heads = (_("Dealer"), _("Present policy"), _("Other policy"))
    return bars("takeaways", _("Take-aways by dealer"), heads, items) if items else None


def _most(one: Tally) -> int:
    return max(one.present.total(), one.other.total(), one.real.total())
