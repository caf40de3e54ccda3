"""Quotes over the API: issued, read, printed, accepted and declined, and what an attacker gets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mikroserwis.rulebook import RULES
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, EXCHANGE, LICENCE, SAM

PATH = f"/tickets/{SAM}/quotes"
ITEM = {"item": LICENCE, "quantity": "2"}
LABOUR = {"name": "Montaż wagi", "unit": "godz.", "quantity": "1.5", "net": "133.33", "vat_rate": "8"}


def day(ahead: int = 0) -> str:
    return (datetime.now(UTC).astimezone(RULES.tz).date() + timedelta(days=ahead)).isoformat()


def codes(answer: Any) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in answer.json["errors"]]


def test_a_quote_is_issued_read_and_accepted(api, way):
    way.confirmed(SAM)
    alfa = api("alfa")
    made = alfa.post(PATH, {"lines": [ITEM, LABOUR], "valid_until": day(7), "remark": "Bez dojazdu"})
    assert made.status_code == 201, made.json
    quote = made.json
    assert (quote["label"], quote["state"], quote["gross"], quote["valid_until"]) == (
        "W/115/1",
        "issued",
        "3168.00",
        day(7),
    )
    assert quote["vat_totals"] == [
        {"rate": "23", "net": "2400.00", "vat": "552.00", "gross": "2952.00"},
        {"rate": "8", "net": "200.00", "vat": "16.00", "gross": "216.00"},
    ]
    assert alfa.get(f"{PATH}/1").json == quote
    listed = alfa.get(PATH).json
    assert (listed["items"], listed["blockers"]) == ([quote], [])
    accepted = alfa.post(f"{PATH}/1/acceptance", {"note": "Telefonicznie"}).json
    assert (accepted["state"], accepted["decision"]["on"], accepted["decision"]["note"]) == (
        "accepted",
        day(),
        "Telefonicznie",
    )
    second = alfa.post(PATH, {"lines": [ITEM], "based_on": 1}).json
    assert [(one["number"], one["state"]) for one in alfa.get(PATH).json["items"]] == [(2, "issued"), (1, "superseded")]
    assert second["valid_until"] == day(30)


def test_a_declined_quote_keeps_the_reason(api, way):
    way.quoted(SAM)
    alfa = api("alfa")
    refused = alfa.post(f"{PATH}/1/decline", {})
    assert (refused.status_code, refused.json["blockers"][0]["code"]) == (409, "note_is_given")
    assert alfa.post(f"{PATH}/1/decline", {"note": "Za drogo", "on": day()}).json["state"] == "declined"
    again = alfa.post(f"{PATH}/1/acceptance", {})
    assert (again.status_code, again.json["blockers"][0]["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(("ending", "start"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
@sqlite_only
def test_a_version_is_printed_alike_each_time(api, way, ending, start):
    way.quoted(SAM)
    first, second = (api("alfa").get(f"{PATH}/1.{ending}") for _ in range(2))
    assert first.data.startswith(start)
    assert first.data == second.data
    assert first.headers["Content-Disposition"] == f"attachment; filename=115-wycena-1.{ending}"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ({**ITEM, "net": "0.01"}, [("lines.0.net", "is_the_lists")]),
        (
            {**ITEM, "name": "Tanio", "vat_rate": "0"},
            [("lines.0.name", "is_the_lists"), ("lines.0.vat_rate", "is_the_lists")],
        ),
        ({**ITEM, "expected_net": "1100.00"}, [("lines.0.item", "price_changed")]),
        ({**ITEM, "item": "MŁOTEK"}, [("lines.0.item", "item_is_not_sold")]),
        *[
            ({**ITEM, "quantity": text}, [("lines.0.quantity", "bad_amount")])
            for text in ("-1", "NaN", "1e9", "Infinity")
        ],
        ({**ITEM, "quantity": "0"}, [("lines.0.quantity", "quantity_is_zero")]),
        ({**LABOUR, "quantity": "99999.99", "net": "9999999.99"}, [("lines.0.quantity", "line_too_large")]),
        (
            {"quantity": "1"},
            [
                (f"lines.0.{name}", code)
                for name, code in (
                    ("name", "required"),
                    ("unit", "required"),
                    ("net", "required"),
                    ("vat_rate", "unknown_vat_rate"),
                )
            ],
        ),
    ],
)
@sqlite_only
def test_no_line_gets_past_the_list_and_the_limits(api, way, line, wrong):
    way.confirmed(SAM)
    answer = api("alfa").post(PATH, {"lines": [line]})
    assert (answer.status_code, codes(answer)) == (422, wrong)
    assert api("alfa").get(PATH).json["items"] == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"lines": []}, [("lines", "no_lines")]),
        ({"lines": [ITEM] * 101}, [("lines", "too_many")]),
        ({"lines": [ITEM] * 10_000}, [("lines", "too_many")]),
        ({"lines": [{**ITEM, "quantity": 2}]}, [("lines.0.quantity", "wrong_kind")]),
        ({"lines": [{**ITEM, "price": "1"}]}, [("lines.0.price", "unknown_field")]),
        ({"lines": [ITEM], "valid_until": "2019-05-27"}, [("valid_until", "date_in_past")]),
        ({"lines": [{**LABOUR, "net": "5000000"}] * 3}, [("lines", "sum_too_large")]),
    ],
)
@sqlite_only
def test_what_is_no_quote_is_refused_by_field(api, way, body, wrong):
    way.confirmed(SAM)
    answer = api("alfa").post(PATH, body)
    assert (answer.status_code, codes(answer)) == (422, wrong)


@sqlite_only
def test_names_like_formulas_stay_names_in_the_sheet_and_in_json(api, way):
    way.confirmed(SAM)
    names = ["=HYPERLINK(1)", "+1", "@SUM(1)", "-1", "<b>gruby</b>", "{{ 7*7 }}"]
    made = api("alfa").post(PATH, {"lines": [{**LABOUR, "name": name} for name in names]})
    assert [one["name"] for one in made.json["lines"]] == names
    for ending in ("pdf", "docx", "xlsx"):
        assert api("alfa").get(f"{PATH}/1.{ending}").status_code == 200


def test_the_same_key_issues_one_quote(api, way):
    way.confirmed(SAM)
    body, key = {"lines": [{"item": EXCHANGE, "quantity": "1"}]}, {"Idempotency-Key": "k-1"}
    first, second = (api("alfa").post(PATH, body, headers=key) for _ in range(2))
    assert (first.json["number"], second.json["number"]) == (1, 1)
    stale = api("alfa").post(PATH, {**body, "based_on": 0})
    assert (stale.status_code, stale.json["code"]) == (409, "quote_issued_meanwhile")


@sqlite_only
def test_before_its_time_and_for_other_types_there_is_none(api, way):
    alfa = api("alfa")
    assert [one["code"] for one in alfa.get(PATH).json["blockers"]] == ["ticket_is_taken"]
    refused = alfa.post(PATH, {"lines": [ITEM]})
    assert (refused.status_code, refused.json["blockers"][0]["code"]) == (409, "ticket_is_taken")
    way.confirmed(ARKLITY)
    other = api("beta").post(f"/tickets/{ARKLITY}/quotes", {"lines": [ITEM]})
    assert other.json["blockers"][0]["code"] == "type_has_a_quote"


@sqlite_only
def test_another_dealer_finds_no_quote(api, way):
    way.quoted(SAM)
    beta = api("beta")
    for path in ("", "/1", "/1.pdf", "/1.xlsx"):
        assert beta.get(f"{PATH}{path}").status_code == 404
    for path, body in (("", {"lines": [ITEM]}), ("/1/acceptance", {}), ("/1/decline", {"note": "x"})):
        assert beta.post(f"{PATH}{path}", body).status_code == 404
    assert api("alfa").get(f"{PATH}/2").status_code == 404
    assert api("alfa").get(f"{PATH}/1.odt").status_code == 404
