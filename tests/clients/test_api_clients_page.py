"""docs/api-clients.md says what the code does, and its sample for receivers works as it stands there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mikroserwis.clients.events import EVENTS
from mikroserwis.clients.scopes import SCOPES
from mikroserwis.clients.signing import sign
from tests.support.sources import ROOT

PAGE = (ROOT / "docs/api-clients.md").read_text("utf-8")


@pytest.fixture
def is_genuine() -> Callable[[str, bytes, str], bool]:
    [sample] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(sample.splitlines()) <= 15
    names: dict[str, Any] = {}
    exec(compile(sample, "docs/api-clients.md", "exec"), names)  # noqa: S102 - the sample of our own page
    made: Callable[[str, bytes, str], bool] = names["is_genuine"]
    return made


def test_the_pages_sample_knows_a_genuine_message_from_a_forged_and_an_old_one(
    is_genuine: Callable[[str, bytes, str], bool],
):
    now, body = datetime.now(UTC), '{"id":"evt_1","type":"ping","data":{"client":"Żółć"}}'.encode()
    header = sign(["whsec_new", "whsec_old"], body, now)
    assert is_genuine(header, body, "whsec_new")
    assert is_genuine(header, body, "whsec_old")
    assert not is_genuine(header, body, "whsec_other")
    assert not is_genuine(header, body.replace(b"1", b"2"), "whsec_new")
    assert not is_genuine(sign(["whsec_new"], body, now - timedelta(minutes=6)), body, "whsec_new")
    assert not is_genuine(header.replace("t=", "t=1"), body, "whsec_new")


def test_the_page_names_every_scope_and_every_event():
    assert [one for one in SCOPES if f"`{one}`" not in PAGE] == []
    told = PAGE.partition("Types: ")[2].partition("The OpenAPI")[0]
    assert [one for one in EVENTS if one.partition(".")[2] not in told or one.partition(".")[0] not in told] == []
