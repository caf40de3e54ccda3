"""What the page of a program says: what was sent again, a token's last day, where a webhook may lead."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from mikroserwis.clients.wording import act_words, outcome_words
from mikroserwis.i18n import speaking
from mikroserwis.models import Event
from tests.clients.conftest import Told
from tests.clients.desk import enter
from tests.clients.receiver import OK, Receiver, status
from tests.support.app import sqlite_only
from tests.support.people import Api, Web

Tell = Callable[..., Told]


@sqlite_only
def test_the_history_says_which_message_was_sent_again_or_how_many_failed_ones(
    tell: Tell, receiver: Receiver, web: Callable[[str], Web]
):
    told = tell("ticket.taken")
    told.admin.post(f"{told.path}/ping")
    told.send()
    [line] = told.log()
    assert told.admin.post(f"{told.path}/deliveries/{line['id']}/replay").json["state"] == "waiting"
    told.send(minutes=1)
    receiver.answers[:] = [status(410)]
    told.admin.post(f"{told.path}/ping")
    told.send(minutes=1)
    receiver.answers[:] = [OK]
    told.admin.post(f"{told.path}/activation")
    told.admin.post(f"{told.path}/replays", {"from": "2020-01-01", "to": "2099-01-01"})
    with told.parts.database.reading() as session, speaking("en"):
        rows = session.scalars(select(Event).where(Event.verb == "webhook_replay").order_by(Event.id))
        said = [act_words(row.verb, json.loads(row.data)) for row in rows]
    assert said == [
        f"Had the message {line['event_id']} sent again to {receiver.url}",
        f"Had 1 failed message sent again to {receiver.url}",
    ]
    assert line["event_id"] in web("admin").get(f"/clients/{told.program.id}").text


@sqlite_only
def test_the_last_day_that_was_chosen_is_the_one_that_is_shown(app: APIFlask, web: Callable[[str], Web]):
    admin, crm = web("admin"), enter(app, expires_on="2087-12-31")
    path = f"/clients/{crm.id}"
    assert re.search(r'datetime="2087-12-31"', admin.get(path).text)
    assert "2088-01-01" not in admin.get(path).text
    assert admin.post(f"{path}/tokens/{crm.token_id}/rotation", {"grace": "24"}).status_code == 303
    [former] = re.findall(rf'<li id="token-{crm.token_id}">.*?</p>', admin.get(path).text, re.DOTALL)
    assert re.search(r'(.*datetime="\d{4}-\d\d-\d\dT){2}', former, re.DOTALL), "a moment, as it ends within a day"


@sqlite_only
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://8.8.8.8/hooks", "webhook_https"),
        ("http://[2a00:1450::1]/hooks", "webhook_https"),
        ("http://10.0.0.1/hooks", "webhook_private"),
        ("https://8.8.8.8/hooks", None),
        ("http://127.0.0.1:8080/hooks", None),
        ("http://crm.example/hooks", None),
    ],
)
def test_a_public_address_without_encryption_is_refused_where_it_can_be_seen(
    app: APIFlask, api: Callable[[str], Api], url: str, code: str | None
):
    crm = enter(app)
    answer: Any = api("admin").post(f"/clients/{crm.id}/webhooks", {"url": url, "events": ["ticket.taken"]})
    assert [one["code"] for one in answer.json.get("errors", [])] == ([code] if code else [])
    assert answer.status_code == (422 if code else 201)


def test_a_public_address_without_encryption_is_told_in_its_own_words():
    with speaking("en"):
        assert outcome_words("needs_https") == "to a public address only https:// may lead: nothing was sent"
