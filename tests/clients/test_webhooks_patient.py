"""A receiver that is away for long: waited for as long as it may fail, and forgotten no sooner."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mikroserwis import outbox
from mikroserwis.edge import Parts
from mikroserwis.models import OutboxItem, WebhookDelivery
from mikroserwis.sweeps import webhook_states
from tests.clients.conftest import Told
from tests.clients.receiver import OK, Receiver, status
from tests.support.app import clock, sqlite_only

Tell = Callable[..., Told]


@sqlite_only
def test_what_a_receiver_missed_within_the_days_that_it_may_fail_arrives_without_anybody(
    tell: Tell, receiver: Receiver
):
    told = tell("ticket.taken")
    receiver.answers[:] = [status(503)]
    told.admin.post(f"{told.path}/ping")
    for _hour in range(70):
        assert told.send(hours=1).postponed == 1
    receiver.answers[:] = [OK]
    assert told.send(hours=1).delivered == 1
    assert (told.state()["active"], told.state()["failures"]) == (True, 0)


@pytest.mark.parametrize("days", [1, 3, 10])
@sqlite_only
def test_the_attempts_of_a_message_last_as_long_as_its_receiver_may_fail(parts: Parts, days: int):
    settings = parts.settings.model_copy(update={"webhook_failing_days": days})
    waits = [outbox.pause(number) for number in range(1, webhook_states.attempts(settings))]
    assert sum(waits[:-1], timedelta(0)) < timedelta(days=days) <= sum(waits, timedelta(0))
    assert webhook_states.attempts(settings.model_copy(update={"delivery_attempts": 1000})) == 1000


@sqlite_only
def test_one_failure_long_after_another_switches_nothing_off(tell: Tell, receiver: Receiver):
    told = tell("ticket.taken")
    receiver.answers[:] = [status(503)]
    told.admin.post(f"{told.path}/ping")
    told.send()
    first = told.state()["failing_since"]
    told.send(days=5)
    assert (told.state()["active"], told.state()["failures"]) == (True, 1)
    assert told.state()["failing_since"] > first
    told.send(hours=23)
    assert (told.state()["active"], told.state()["failures"]) == (True, 2)


def test_what_is_just_being_sent_again_is_not_forgotten(tell: Tell, parts: Parts, receiver: Receiver):
    told = tell("ticket.taken")
    told.admin.post(f"{told.path}/ping")
    assert told.send().delivered == 1
    later = clock() + timedelta(days=91)
    forgetting = threading.Thread(target=webhook_states.forget_old, args=(parts.database, later))
    with parts.database.transaction() as session:
        item = session.scalars(select(OutboxItem).join(WebhookDelivery, WebhookDelivery.item_id == OutboxItem.id)).one()
        outbox.retry(item, later)
        session.flush()
        forgetting.start()
        forgetting.join(0.5)
    forgetting.join()
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebhookDelivery)) == 1
