import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backoffice_client import BackofficeClient, Manifest, ManifestFile, Scan, TicketEvent
from backoffice_client.sandbox import SandboxServer

TOKEN = "the-token-of-tests"
NOW = datetime(2026, 5, 27, 9, 30, tzinfo=UTC)
BYTES = b"%PDF-1.7 a signed contract"


class Clock:
    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_sandbox(clock: Clock) -> Iterator[Callable[..., SandboxServer]]:
    opened = []

    def open_sandbox(data: Path | None = None, seed: int = 7) -> SandboxServer:
        opened.append(SandboxServer("127.0.0.1", 0, data=data, token=TOKEN, now=clock, seed=seed))
        opened[-1].start()
        return opened[-1]

    yield open_sandbox
    for server in opened:
        server.stop()


@pytest.fixture
def sandbox(open_sandbox: Callable[..., SandboxServer]) -> SandboxServer:
    return open_sandbox()


@pytest.fixture
def pauses() -> list[float]:
    """What the client would have slept, in seconds."""
    return []


@pytest.fixture
def connect(pauses: list[float]) -> Callable[..., BackofficeClient]:
    def connect(url: str, **settings: Any) -> BackofficeClient:
        return BackofficeClient(url, TOKEN, **{"sleep": pauses.append} | settings)

    return connect


@pytest.fixture
def client(connect: Callable[..., BackofficeClient], sandbox: SandboxServer) -> BackofficeClient:
    return connect(sandbox.url)


@pytest.fixture
def scan() -> Scan:
    return scan_of(BYTES)


@pytest.fixture
def manifest(scan: Scan) -> Manifest:
    file = ManifestFile(scan.sha256, scan.kind, scan.name, scan.size, version=1)
    return Manifest("ticket-115-scans-1", 115, "scans", NOW, (file,), {"company": "PPHU SAM Sieciechów"})


@pytest.fixture
def event() -> TicketEvent:
    return TicketEvent("event-1", 115, "suspended", NOW, {"note": "detalista się zastanawia"})


def scan_of(content: bytes) -> Scan:
    sha256 = hashlib.sha256(content).hexdigest()
    return Scan(sha256, "contract", "umowa 115 – Sieciechów.pdf", "application/pdf", len(content), 115)
