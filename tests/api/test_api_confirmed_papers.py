"""Papers are made of data that somebody vouched for, and a scan is of the papers that hold now."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.cast import SAM
from tests.support.people import Api, Web
from tests.support.way import Way

People = Callable[[str], Api]
COMPANY = f"/tickets/{SAM}/company"
CONTRACT = f"/tickets/{SAM}/documents/contract.pdf"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer.json.get("blockers") or answer.json["errors"]]


def suspended(way: Way, alfa: Api) -> None:
    way.contract(SAM)
    assert alfa.post(f"/tickets/{SAM}/suspension", {"note": "Remont"}).status_code == 200


@pytest.mark.parametrize("bring", [lambda way, _: way.contract(SAM), suspended])
def test_data_changed_after_the_confirmation_prints_no_papers_in_any_state(
    api: People, way: Way, bring: Callable[[Way, Api], None]
) -> None:
    alfa = api("alfa")
    bring(way, alfa)
    assert alfa.get(CONTRACT).status_code == 200
    assert alfa.put(COMPANY, {"city": "Radom"}).json["confirmed"] is False
    refused = alfa.get(CONTRACT)
    assert (refused.status_code, codes(refused)) == (409, ["company_is_confirmed"])
    assert alfa.post(f"{COMPANY}/confirmation").json["confirmed"] is True
    assert alfa.get(CONTRACT).status_code == 200


def test_the_page_says_when_the_data_changed_after_it_was_confirmed(
    api: People, web: Callable[[str], Web], way: Way
) -> None:
    way.contract(SAM)
    assert "zmienione po potwierdzeniu" not in web("alfa").get(f"/tickets/{SAM}").text
    api("alfa").put(COMPANY, {"city": "Radom"})
    page = web("alfa").get(f"/tickets/{SAM}").text
    assert "zmienione po potwierdzeniu" in page
    assert "potwierdź" in web("alfa").get(COMPANY).text


def test_a_scan_of_papers_that_were_made_anew_since_is_refused_with_the_version_that_holds(
    api: People, way: Way
) -> None:
    way.confirmed(SAM)
    alfa = api("alfa")
    old = alfa.get(CONTRACT).data
    changed = alfa.put(COMPANY, {"city": "Radom"}).json["version"]
    alfa.post(f"{COMPANY}/confirmation")
    refused = alfa.upload(f"/tickets/{SAM}/files", io.BytesIO(old), kind="by_code")
    assert codes(refused) == ["outdated_version"]
    assert str(changed) in refused.json["errors"][0]["message"]
    new = alfa.get(CONTRACT).data
    assert alfa.upload(f"/tickets/{SAM}/files", io.BytesIO(new), kind="by_code").status_code == 201
