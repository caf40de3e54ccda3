from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from mikroserwis.access import SYSTEM
from mikroserwis.edge import Parts
from mikroserwis.messages import operations
from mikroserwis.sms.sandbox import SmsSandbox
from tests.sms.desk import SmsDesk


@pytest.fixture
def sandbox() -> Iterator[SmsSandbox]:
    with SmsSandbox() as running:
        yield running


@pytest.fixture
def desk(parts: Parts) -> SmsDesk:
    """New tickets are told by SMS too, and no gateway is set; Alfa has a phone, Beta none."""
    with parts.database.transaction() as session:
        operations.choose(session, "offered", {"sms": True}, version=None, actor=SYSTEM, now=datetime.now(UTC))
    return SmsDesk(parts)


@pytest.fixture
def sending(desk: SmsDesk, sandbox: SmsSandbox) -> SmsDesk:
    """The same with the sandbox as its gateway."""
    token = SecretStr(sandbox.token)
    return desk.with_settings(sms_url=sandbox.url, sms_token=token, sms_sender="Mikroserwis")
