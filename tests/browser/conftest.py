"""The demo as a newcomer starts it: web server, scheduler and sandbox backoffice in processes of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.cli.programs import call, folder, running
from tests.demo.test_demo_runs import free_pair, started

PASSWORD = "mikroserwis-demo"


@dataclass(frozen=True)
class Demo:
    """Addresses of the web server and of the sandbox, and the folder of the data."""

    url: str
    sandbox: str
    data: Path

    def token(self, email: str) -> str:
        return call(*folder(self.data), "token", email).stdout.strip()

    def switch(self, point: int, station: int, *, online: bool) -> None:
        address = f"{self.sandbox}/sandbox/points/{point}/stations/{station}"
        requests.put(address, json={"online": online}, timeout=10).raise_for_status()

    def received(self, kind: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = requests.get(f"{self.sandbox}/sandbox/received", timeout=10).json()[kind]
        return found


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    data, port = tmp_path / "demo", free_pair()
    with running(*folder(data), "demo", "--port", str(port)) as program:
        yield Demo(started(program), f"http://127.0.0.1:{port + 1}", data)
        assert program.end() == 0
