"""The simulator as staff use it: form, result, file, API; silly values get words."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from mikroserwis.supervision.simulator import forms
from mikroserwis.supervision.simulator.wording import difference, share
from tests.simulator.conftest import History
from tests.support.app import sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api, Web

PAGE, API = "/supervision/simulator", "/supervision/simulator"
NONE_LEFT = {"insoft_take": "0", "fiscal_take": "0"}


def swept_yesterday(past: History) -> None:
    """Tickets as if they had come four days ago, taken away in the night to today."""
    past.backdate(days=4)
    past.sweep(past.today)


def test_page_and_api_tell_the_same_take_aways(past: History, web: Callable[[str], Web], api: Callable[[str], Api]):
    swept_yesterday(past)
    asked = urlencode({"insoft_take": "1", "window": "30"})
    page = web("operator").get(f"{PAGE}?{asked}").get_data(as_text=True)
    told = api("operator").get(f"{API}?{asked}").get_json()
    assert told["total"]["real"]["take"] == told["total"]["present"]["take"] == 2
    assert told["other"]["insoft"]["take"] == 1
    assert [one["ticket"] for one in told["differing"]] == [SAM]
    [sam] = told["differing"]
    assert sam["other"]["at"] < sam["present"]["at"] == sam["real"]["at"]
    assert f"/tickets/{SAM}" in page
    assert 'id="takeaways"' in page


def test_every_difference_is_in_the_file(past: History, web: Callable[[str], Web]):
    swept_yesterday(past)
    answer = web("operator").get(f"/supervision/simulator.xlsx?{urlencode(NONE_LEFT)}")
    rows = list(load_workbook(BytesIO(answer.data), read_only=True).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][0] == "Zgłoszenie"
    assert {row[0] for row in rows[1:]} >= {SAM}
    assert len(rows) == 3


@sqlite_only
def test_the_present_policy_stands_in_the_form_and_nothing_differs(web: Callable[[str], Web]):
    page = web("operator").get(PAGE).get_data(as_text=True)
    assert 'name="insoft_contract" type="text" value="7"' in page
    assert 'id="differing"' not in page


@sqlite_only
@pytest.mark.parametrize("typed", ["-1", "1000000000", "", "abc", "3.5", "1e3", "367", "<b>"])
def test_what_is_no_number_of_days_is_told_at_its_field_and_kept(
    typed: str, web: Callable[[str], Web], api: Callable[[str], Api]
):
    asked = urlencode({"insoft_take": typed, "fiscal_contract": "9"})
    answer = web("operator").get(f"{PAGE}?{asked}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'aria-describedby="hint-insoft_take error-insoft_take" aria-invalid="true"' in page
    assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in page
    assert 'value="9"' in page
    assert [one["field"] for one in api("operator").get(f"{API}?{asked}").get_json()["errors"]] == ["insoft_take"]
    assert web("operator").get(f"/supervision/simulator.xlsx?{asked}").status_code == 422


@sqlite_only
@pytest.mark.parametrize("asked", ["window=91", "window=", "fiscal_calendar=moon"])
def test_other_values_than_those_to_choose_from_are_refused(asked: str, web: Callable[[str], Web]):
    assert web("operator").get(f"{PAGE}?{asked}").status_code == 422


def test_the_address_holds_only_what_differs_from_now():
    wanted = forms.read({"insoft_take": " 5 ", "fiscal_calendar": "business", "fiscal_take": "3"})
    assert wanted.arguments() == {"insoft_take": "5", "fiscal_calendar": "business"}
    assert forms.read(wanted.arguments()) == wanted
    assert forms.read({}).is_present
    assert not wanted.is_present


def test_differences_bear_their_sign_and_shares_of_nothing_are_a_dash():
    assert [difference(2, other) for other in (5, 2, 0)] == ["+3", "0", "\N{MINUS SIGN}2"]
    assert (share(1, 3), share(0, 0)) == ("33%", "–")
