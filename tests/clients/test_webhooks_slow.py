"""A receiver that answers slowly keeps nobody waiting but itself."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.clients.sending import ANSWER
from mikroserwis.models import OutboxItem, WebhookDelivery
from mikroserwis.sweeps.webhook_states import SLOW
from tests.clients.conftest import Told
from tests.clients.receiver import Answer, Receiver, receiving, status
from tests.support.app import sqlite_only

Tell = Callable[..., Told]
TAKES = SLOW.total_seconds() + 0.2


@pytest.fixture
def slow() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def after(seconds: float, answer: Answer) -> Answer:
    def wait(connection: Any) -> None:
        time.sleep(seconds)  # the slowness itself is what is tried
        answer(connection)

    return wait


def ping(told: Told, times: int) -> None:
    for _time in range(times):
        assert told.admin.post(f"{told.path}/ping").status_code in {201, 202}


@pytest.mark.parametrize("code", [200, 500])
def test_behind_a_slow_receiver_with_many_messages_a_quick_one_has_its_turn(
    tell: Tell, receiver: Receiver, slow: Receiver, code: int
):
    slow.answers[:] = [after(TAKES, status(code))]
    late, quick = tell("ticket.taken", name="Powolny", url=slow.url), tell("ticket.taken", name="CRM")
    ping(late, 12)
    ping(quick, 6)
    workers = threading.Barrier(2)

    def work(_worker: int) -> None:
        workers.wait(10)
        while len(receiver.got) < 6 and len(slow.got) < 12:
            quick.send(limit=1)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, range(2)))
    assert (len(receiver.got), len(slow.got) < 12) == (6, True)


def test_what_a_slow_receiver_is_sent_comes_one_after_the_other_until_all_has_arrived(tell: Tell, receiver: Receiver):
    receiver.answers[:] = [after(TAKES, status(200))]
    told = tell("ticket.taken")
    ping(told, 3)
    assert [told.send().delivered, told.send(seconds=ANSWER).delivered, told.send(seconds=ANSWER).delivered] == [
        1,
        1,
        1,
    ]
    assert told.send(hours=1).tried == 0
    assert len(set(receiver.ids)) == len(receiver.got) == 3


@sqlite_only
def test_a_slow_receiver_rests_for_as_long_as_it_took_and_a_quick_one_not_at_all(tell: Tell, receiver: Receiver):
    told = tell("ticket.taken")
    ping(told, 3)
    assert told.send(limit=1).delivered == 1
    assert _rests(told) == [False, False]
    receiver.answers[:] = [after(TAKES, status(200))]
    assert told.send(limit=1).delivered == 1
    assert _rests(told) == [True]
    told.later += timedelta(seconds=ANSWER)
    assert _rests(told) == [False]


def _rests(told: Told) -> list[bool]:
    with told.parts.database.reading() as session:
        waiting = select(OutboxItem.due_at).join(WebhookDelivery, WebhookDelivery.item_id == OutboxItem.id)
        return [due_at > told.now() for due_at in session.scalars(waiting.where(OutboxItem.state == "queued"))]
