"""The other side of the backoffice client, as a test turns it."""

from dataclasses import dataclass
from typing import Any

import requests

TOKEN = "sandbox"


@dataclass(frozen=True)
class Platform:
    """A running sandbox, steered over its own HTTP interface."""

    url: str

    def switch(self, point: int, *stations: int, online: bool) -> None:
        for number in stations:
            self._put(f"/sandbox/points/{point}/stations/{number}", {"online": online})

    def faults(self, **changes: Any) -> None:
        """delay_ms, error_rate, drop_rate, lost_answer_rate, reject_scans."""
        self._put("/sandbox/faults", changes)

    def received(self) -> dict[str, list[dict[str, Any]]]:
        """What was accepted, each once: scans, packages, events."""
        answer = requests.get(f"{self.url}/sandbox/received", timeout=5)
        received: dict[str, list[dict[str, Any]]] = answer.json()
        return received

    def _put(self, path: str, body: dict[str, Any]) -> None:
        requests.put(f"{self.url}{path}", json=body, timeout=5).raise_for_status()
