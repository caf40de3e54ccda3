"""Acts on many tickets with numbers that no database holds."""

import pytest

IMMENSE = 999_999_999_999_999


def test_a_dealer_of_an_immense_number_is_nobody(web):
    wanted = {"act": "reassign", "to": str(IMMENSE), "number": "115", "seen": "115:1:0", "reason": "x"}
    operator = web("operator")
    assert operator.get("/tickets/bulk", query_string=wanted).status_code == 200
    assert operator.post("/tickets/bulk", wanted).status_code == 422


@pytest.mark.parametrize("version", [2**31, 2**53 - 1])
def test_an_immense_version_is_refused(api, version: int):
    wanted = {"tickets": [{"number": 115, "version": version}], "reason": "x"}
    assert api("operator").post("/tickets/bulk-reassignments", wanted).status_code == 422


def test_an_act_by_a_name_that_no_database_holds_is_not_found(web, api):
    assert web("operator").get(f"/tickets/bulk/{'%00' * 32}").status_code == 404
    assert api("operator").get(f"/bulk/{'%00' * 32}").status_code == 404
