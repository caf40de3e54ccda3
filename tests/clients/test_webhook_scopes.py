"""A token that may keep webhooks but not read all that its program may gets no more by way of them."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask

from tests.clients.conftest import Told
from tests.clients.desk import enter
from tests.support.app import sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api
from tests.support.way import Way

pytestmark = sqlite_only
Tell = Callable[..., Told]
ELSEWHERE = {"url": "https://other.example/hooks"}
DAYS = {"from": "2020-01-01", "to": "2099-01-01"}


def few(app: APIFlask, admin: Api, client_id: int) -> Api:
    """With a token that reads tickets and keeps webhooks."""
    body = {"name": "few", "scopes": ["tickets:read", "webhooks:manage"]}
    return Api(app.test_client(), admin.post(f"/clients/{client_id}/tokens", body).json["secret"])


def refusal(asker: Api, method: str, path: str, body: object) -> tuple[int, str, str]:
    answer = asker.send(method, path, json=body)
    return answer.status_code, answer.json.get("code"), answer.json.get("scope")


def test_only_events_that_a_token_may_read_are_chosen_with_it(app: APIFlask, api: Callable[[str], Api]):
    crm = enter(app)
    limited, path = few(app, api("admin"), crm.id), f"/clients/{crm.id}/webhooks"
    body = {**ELSEWHERE, "events": ["ticket.taken", "customer.changed"]}
    assert refusal(limited, "POST", path, body) == (403, "scope_missing", "companies:read")
    assert crm.api.get(path).json["items"] == []
    made = limited.post(path, {**body, "events": ["ticket.taken"]})
    assert made.status_code == 201
    more = {"events": ["ticket.taken", "document.added"]}
    one = f"{path}/{made.json['id']}"
    assert refusal(limited, "PUT", one, more) == (403, "scope_missing", "documents:read")
    assert crm.api.put(one, more).status_code == 200
    assert limited.put(one, {"events": ["document.added"]}).status_code == 200


@pytest.mark.parametrize("dropped", [False, True])
def test_what_a_webhook_tells_or_has_told_is_neither_read_nor_led_elsewhere_without_its_scopes(
    tell: Tell, way: Way, dropped: bool
):
    told = tell("ticket.taken", "document.added")
    way.contract(SAM)
    told.derive()
    limited = few(told.app, told.admin, told.program.id)
    if dropped:
        assert limited.put(told.path, {"events": ["ticket.taken"]}).status_code == 200
    sent = f"{told.path}/deliveries/{told.log('?type=document.added')[0]['id']}"
    asked = [("PUT", told.path, ELSEWHERE), ("POST", f"{told.path}/secret", {"grace_hours": 1}), ("GET", sent, None)]
    asked += [("POST", f"{sent}/replay", None), ("POST", f"{told.path}/replays", DAYS)]
    wanted = (403, "scope_missing", "documents:read")
    assert [refusal(limited, *each) for each in asked] == [wanted] * len(asked)
    assert [limited.get(each).status_code for each in (told.path, f"{told.path}/deliveries")] == [200, 200]
    assert told.state()["url"] != ELSEWHERE["url"]
    assert told.program.api.put(told.path, ELSEWHERE).status_code == 200
