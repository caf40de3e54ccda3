"""The examples of docs/clocks.md, each row in its order; a row that begins with an ellipsis goes on from its first."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla import Calendar, Extension, Pause, Policy, Stage, Tenure, next_due
from tests.support.sources import ROOT

WARSAW = ZoneInfo("Europe/Warsaw")
POLICY = Policy(days={Stage.TAKE: 3, Stage.CONTRACT: 7, Stage.COMPLETION: 30}, zone=WARSAW)
DOCUMENT = (ROOT / "docs" / "clocks.md").read_text("utf-8")


def at(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WARSAW)


def until(day: date, granted: datetime) -> Extension:
    return Extension(Stage.TAKE, day, granted)


MAY, CHRISTMAS, THURSDAY, SATURDAY = at(5, 27, 14), at(12, 23, 10, year=2025), at(5, 28, 10), at(5, 30, 10)
IN_DAYS = [
    (MAY, (), (), date(2026, 5, 30)),
    (MAY, (Pause(at(5, 28, 12), at(5, 30, 12)),), (), date(2026, 6, 1)),
    (MAY, (Pause(at(5, 28, 12), at(5, 28, 12, 1)),), (), date(2026, 5, 31)),
    (MAY, (), (until(date(2026, 6, 5), at(5, 29)),), date(2026, 6, 5)),
    (MAY, (Pause(at(6, 1), at(6, 4)),), (until(date(2026, 6, 5), at(5, 29)),), date(2026, 6, 8)),
    (at(3, 28, 10), (), (), date(2026, 3, 31)),
    (at(10, 24, 10), (), (), date(2026, 10, 27)),
]
IN_BUSINESS_DAYS = [
    (CHRISTMAS, (), (), date(2025, 12, 31)),
    (THURSDAY, (), (), date(2026, 6, 2)),
    (THURSDAY, (Pause(at(5, 30), at(6, 1)),), (), date(2026, 6, 2)),
    (THURSDAY, (Pause(at(5, 29, 12), at(6, 1, 12)),), (), date(2026, 6, 3)),
    (SATURDAY, (), (), date(2026, 6, 3)),
    (SATURDAY, (), (until(date(2026, 6, 14), at(6, 1)),), date(2026, 6, 14)),
]
EXAMPLES = [
    *((Calendar.DAYS, *one) for one in IN_DAYS),
    *((Calendar.BUSINESS, *one) for one in IN_BUSINESS_DAYS),
]


def told() -> list[str]:
    """What the tables say: the second column of each example."""
    rows = [line.split("|")[2].strip() for line in DOCUMENT.splitlines() if line.startswith(("| got", "| …"))]
    return [row.split(":")[0] for row in rows]


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_document_comes_true(number: int) -> None:
    calendar, assigned, pauses, extensions, last = EXAMPLES[number]
    tenure = Tenure(assigned_at=assigned, owes=Stage.TAKE, pauses=pauses, extensions=extensions)
    due = next_due(tenure, replace(POLICY, calendar=calendar), at(12, 31))
    assert due is not None
    assert due.at == datetime.combine(last + timedelta(days=1), time(), WARSAW)
    words = told()[number]
    assert f" {last.day}" in words
    assert f"{last:%B}" in words


def test_the_document_has_no_example_that_is_not_tried() -> None:
    assert len(told()) == len(EXAMPLES)
