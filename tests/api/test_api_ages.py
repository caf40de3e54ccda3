"""The second clock on the page and over the API."""

from typing import Any

from tests.support.app import sqlite_only
from tests.support.cast import POOLED, SAM


@sqlite_only
def test_page_and_api_say_who_used_the_age(api: Any, web: Any, way: Any):
    way.contract(SAM)
    for who in ("alfa", "operator"):
        (share,) = api(who).get(f"/tickets/{SAM}").json["age"]
        assert (share["holder"], share["dealer"]["name"]) == ("dealer", "Dealer Alfa")
        text = web(who).get(f"/tickets/{SAM}").text
        assert "Wiek zgłoszenia: " in text
        assert '<th scope="row"><bdi>Dealer Alfa</bdi></th>' in text
    # The cast may have had its ticket for an hour by now: of three days that is little.
    used = [one["used"] for one in api("alfa").get(f"/tickets/{SAM}").json["deadlines"]]
    assert len(used) == 3
    assert max(used) < 5


@sqlite_only
def test_staff_see_the_pools_time_and_that_nothing_is_due(api: Any, web: Any):
    (share,) = api("operator").get(f"/tickets/{POOLED}").json["age"]
    assert (share["holder"], share["dealer"]) == ("pool", None)
    text = web("operator").get(f"/tickets/{POOLED}").text
    assert "Nikt (pula otwarta)" in text
    assert "Żaden termin teraz nie biegnie." in text
    assert api("alfa").get(f"/tickets/{POOLED}").json["age"] == []
