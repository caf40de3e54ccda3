"""The one table of periodic work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from mikroserwis.edge import Parts
from mikroserwis.sweeps import (
    audit,
    bulk_acts,
    ledger,
    list_exports,
    nightly,
    recompute,
    retention,
    sms,
    tell,
    warn,
    webhooks,
)
from mikroserwis.sweeps.deliver import deliver_due
from mikroserwis.sweeps.imports import take_in_one
from mikroserwis.sweeps.ledger import Clock, Daily
from mikroserwis.sweeps.tidy import tidy


@dataclass(frozen=True)
class Polled:
    """Work that looks every so many seconds whether there is something to do, in so many threads of a process.

    `work` does one piece and says whether there was one.
    """

    name: str
    seconds: float
    threads: int
    work: Callable[[Parts, Clock], bool]


def _deliver_one(parts: Parts, now: Clock) -> bool:
    return deliver_due(parts, now, limit=1, but=webhooks.TOPIC).tried > 0


def _call_one(parts: Parts, now: Clock) -> bool:
    """Webhooks have threads of their own: a receiver that is slow keeps no mail and no scan waiting, and rests between
    its messages, so that no other webhook waits for all of them."""
    return deliver_due(parts, now, limit=1, only=webhooks.TOPIC).tried > 0


def _asked(parts: Parts, now: Clock) -> bool:
    return ledger.do_asked(parts, now, {job.name: job for job in DAILY})


# Nothing between 02:00 and 03:00: that hour comes twice in autumn and not at all in spring.
DAILY = (
    Daily("recompute", at=time(0, 5), work=recompute.work),
    Daily("sweep", at=time(0, 15), work=nightly.sweep),
    Daily("tidy", at=time(3, 30), work=lambda parts, run: tidy(parts, run.started_at)),
    Daily(retention.JOB, at=time(3, 45), work=retention.work),
    Daily(audit.JOB, at=time(4, 30), work=audit.prove),
    Daily("digest", at=time(7), work=tell.digest),
)
POLLED = (
    Polled("deliver", seconds=1, threads=3, work=_deliver_one),
    Polled("sms reports", seconds=20, threads=1, work=sms.look),
    Polled("webhook events", seconds=2, threads=1, work=webhooks.derive),
    Polled("webhooks", seconds=1, threads=2, work=_call_one),
    Polled("list exports", seconds=1, threads=1, work=list_exports.work),
    Polled("bulk acts", seconds=1, threads=1, work=bulk_acts.work),
    Polled("imports", seconds=2, threads=1, work=take_in_one),
    Polled("warnings", seconds=10, threads=1, work=warn.work),
    Polled("news", seconds=5, threads=1, work=tell.work),
    Polled("seals", seconds=60, threads=1, work=audit.work),
    Polled("asked runs", seconds=2, threads=1, work=_asked),
)
