"""The words of the two clocks: a deadline computed anew, and who had the ticket for how long."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_date
from mikroserwis.tickets.clock import last_day

Said = Mapping[str, Any]

STAGES = {
    "take": lazy("To be taken"),
    "contract": lazy("Contract and power of attorney"),
    "completion": lazy("Everything closed"),
}
HOLDERS = {
    "other_dealers": lazy("Other dealers"),
    "customer": lazy("Customer (suspended)"),
    "backoffice": lazy("Back office (scans not acknowledged yet)"),
    "pool": lazy("Nobody (open pool)"),
}


def duration(time: timedelta) -> str:
    """In days and hours; what is shorter than an hour in minutes."""
    days, hours, minutes = time.days, time.seconds // 3600, time.seconds // 60
    said = [ngettext("%(n)s day", "%(n)s days", days)] if days else []
    if hours:
        said.append(_("%(n)s h", n=hours))
    return " ".join(said) or _("%(n)s min", n=minutes)


def _day(moment: str | None) -> str:
    return say_date(last_day(datetime.fromisoformat(moment))) if moment else _("no deadline")


EVENTS: dict[str, Callable[[Said], str]] = {
    "reclock": lambda said: _(
        "Deadline computed anew (%(stage)s): %(new)s instead of %(old)s",
        stage=STAGES[said["stage"]],
        new=_day(said["new"]),
        old=_day(said["old"]),
    )
}
