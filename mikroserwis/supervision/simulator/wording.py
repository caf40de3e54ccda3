"""Stages, calendars and take-aways in words."""

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_date, shaped
from mikroserwis.rulebook import RULES
from sla import Calendar, Policy, Stage
from sla.replay import TakeAway

STAGES = {Stage.TAKE: lazy("Taking"), Stage.CONTRACT: lazy("Contract"), Stage.COMPLETION: lazy("Completion")}
MISSED = {
    Stage.TAKE: lazy("not taken in time"),
    Stage.CONTRACT: lazy("no contract in time"),
    Stage.COMPLETION: lazy("not finished in time"),
}
CALENDARS = {Calendar.DAYS: lazy("calendar days"), Calendar.BUSINESS: lazy("business days")}


def taken_away(found: TakeAway | None) -> str:
    """When and for what; a dash for nothing."""
    if found is None:
        return "–"
    return f"{say_date(found.at.astimezone(RULES.tz).date())}, {MISSED[found.stage]}"


def policy_words(policy: Policy) -> str:
    """As 3 / 7 / 30 calendar days."""
    return f"{' / '.join(str(policy.days[stage]) for stage in Stage)} {CALENDARS[policy.calendar]}"


def difference(present: int, other: int) -> str:
    """How much the second is above or below the first, with its sign."""
    return "0" if other == present else f"{other - present:+d}".replace("-", "\N{MINUS SIGN}")


def more_or_fewer(present: int, other: int) -> str:
    if other > present:
        return ngettext(
            "%(n)s more than under the present policy", "%(n)s more than under the present policy", other - present
        )
    if other < present:
        return ngettext(
            "%(n)s fewer than under the present policy", "%(n)s fewer than under the present policy", present - other
        )
    return _("as many as under the present policy")


def spared_words(more_days: int | None) -> str:
    """Of a tenure that a sweep ended sooner than the other policy would have."""
    if more_days is None:
        return _("not taken away for this; what then is unknown")
    return ngettext(
        "would have had %(n)s day more; what then is unknown",
        "would have had %(n)s days more; what then is unknown",
        more_days,
    )


def share(part: int, whole: int) -> str:
    return shaped(f"{100 * part / whole:.0f}%") if whole else "–"
