"""What the API's description says of wrong values in the addresses of the reports."""

import pytest

from tests.support.app import sqlite_only

pytestmark = sqlite_only


@pytest.mark.parametrize("wrong", ["/supervision/simulator?window=7", "/supervision/tonight?at=soon"])
def test_a_refusal_of_a_report_is_described(api, wrong: str):
    operator = api("operator")
    answer = operator.get(wrong)
    described = operator.get("/openapi.json").json["paths"]["/api/v1" + wrong.partition("?")[0]]["get"]["responses"]
    assert answer.status_code == 422
    assert "422" in described
