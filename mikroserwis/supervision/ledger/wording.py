"""Runs of jobs and their results in words."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from mikroserwis.consents import personal_words
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_number, shaped
from mikroserwis.models import JobRun
from mikroserwis.sweeps.ledger import Daily

STATES: dict[str, Any] = {
    "waiting": lazy("asked for, waits"),
    "running": lazy("running"),
    "retrying": lazy("failed, will be tried again"),
    "interrupted": lazy("cut off, goes on soon"),
    "done": lazy("done"),
    "failed": lazy("failed"),
}
_COUNTS: dict[str, Callable[[int], str]] = {
    **personal_words.COUNTS,
    "examined": lambda n: ngettext("%(n)s examined", "%(n)s examined", n),
    "reassigned": lambda n: ngettext("%(n)s given to the next dealer", "%(n)s given to the next dealer", n),
    "to_pool": lambda n: ngettext("%(n)s put into the pool", "%(n)s put into the pool", n),
    "told": lambda n: ngettext("%(n)s only told to staff", "%(n)s only told to staff", n),
    "skipped": lambda n: ngettext("%(n)s left out", "%(n)s left out", n),
    "mended": lambda n: ngettext("%(n)s warning put right", "%(n)s warnings put right", n),
    "moved": lambda n: ngettext("%(n)s deadline moved", "%(n)s deadlines moved", n),
    "dealers": lambda n: ngettext("%(n)s dealer told", "%(n)s dealers told", n),
    "news": lambda n: ngettext("%(n)s piece of news", "%(n)s pieces of news", n),
    "sessions": lambda n: ngettext("%(n)s session removed", "%(n)s sessions removed", n),
    "submissions": lambda n: ngettext("%(n)s sent form removed", "%(n)s sent forms removed", n),
    "sign_ins": lambda n: ngettext("%(n)s sign-in removed", "%(n)s sign-ins removed", n),
    "imports": lambda n: ngettext("%(n)s import removed", "%(n)s imports removed", n),
    "webhooks": lambda n: ngettext("%(n)s message of webhooks removed", "%(n)s messages of webhooks removed", n),
    "uploads": lambda n: ngettext("%(n)s upload removed", "%(n)s uploads removed", n),
    "exports": lambda n: ngettext("%(n)s export removed", "%(n)s exports removed", n),
    "sealed_rows": lambda n: ngettext("%(n)s sealed entry is whole", "%(n)s sealed entries are whole", n),
    "unsealed": lambda n: ngettext("%(n)s not sealed yet", "%(n)s not sealed yet", n),
}


def schedule(daily: Daily) -> str:
    """When it runs, in Warsaw."""
    return _("every day at %(time)s", time=shaped(f"{daily.at:%H:%M}"))


def duration(run: JobRun) -> str:
    """From its first beginning to its end; empty while it goes on."""
    if run.started_at is None or run.ended_at is None:
        return ""
    return seconds(run.ended_at - run.started_at)


def seconds(span: timedelta) -> str:
    """0.4 s, 12 s, 3 min 5 s."""
    whole = span.total_seconds()
    if whole < 10:
        return _("%(n)s s", n=say_number(round(whole, 1)))
    minutes, rest = divmod(round(whole), 60)
    return _("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest) if minutes else _("%(n)s s", n=rest)


def what_it_did(result: Mapping[str, Any]) -> str:
    """Its counts in a sentence, those that are something."""
    counts = ((name, result.get(name)) for name in _COUNTS)
    said = [_COUNTS[name](n) for name, n in counts if isinstance(n, int) and (n or name in {"examined", "moved"})]
    return ", ".join(said) if said else _("nothing to do")
