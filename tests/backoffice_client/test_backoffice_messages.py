from dataclasses import FrozenInstanceError, replace
from datetime import datetime

import pytest

from tests.backoffice_client.conftest import NOW


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "A" * 64},
        {"sha256": "a" * 63},
        {"sha256": "../" + "a" * 61},
        {"kind": "Umowa"},
        {"name": ""},
        {"name": "x" * 256},
        {"content_type": "application/pdf\r\nX-Evil: 1"},
        {"size": 0},
        {"ticket": 0},
        {"ticket": "115"},
    ],
)
def test_a_scan_outside_the_contract_cannot_be_made(scan, change) -> None:
    with pytest.raises(ValueError):
        replace(scan, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"package_id": ".."},
        {"package_id": "a/b"},
        {"package_id": ""},
        {"purpose": "other"},
        {"made_at": datetime(2026, 5, 27, 9, 30)},  # noqa: DTZ001 - naive is what is refused
        {"details": {"at": NOW}},
        {"details": {"ids": {1, 2}}},
    ],
)
def test_a_manifest_outside_the_contract_cannot_be_made(manifest, change) -> None:
    with pytest.raises(ValueError):
        replace(manifest, **change)


@pytest.mark.parametrize("change", [{"event_id": "-1"}, {"event": "two words"}, {"ticket": 10**12}])
def test_an_event_outside_the_contract_cannot_be_made(event, change) -> None:
    with pytest.raises(ValueError):
        replace(event, **change)


def test_messages_do_not_change_after_they_were_made(scan) -> None:
    with pytest.raises(FrozenInstanceError):
        scan.ticket = 80
