import json
import time
from collections.abc import Callable
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

import requests

from backoffice_client.answers import bad_answer, read
from backoffice_client.errors import BackofficeError
from backoffice_client.messages import (
    Connectivity,
    EventReceipt,
    Manifest,
    PackageReceipt,
    Scan,
    ScanReceipt,
    TicketEvent,
    to_json,
)
from backoffice_client.transport import Call, Transport

T = TypeVar("T")

FIRST_PAUSE = 0.5
SLOWEST_UPLOAD = 100_000


class BackofficeClient:
    """Speaks `openapi.json` to M/platform and the backoffice. Every failure is a `BackofficeError`.

    `timeout` is (connect, silence between two packets), `deadline` the most a whole call may take with its retries and
    pauses, all in seconds; an upload gets one second more for each `SLOWEST_UPLOAD` bytes. Temporary errors are retried
    `retries` times after growing pauses, or after the longer one that the other side asks for. All four calls may be
    repeated at will: the other side knows a thing by its id. `session` brings proxies and certificates.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeout: tuple[float, float] = (3.05, 10.0),
        deadline: float = 30.0,
        retries: int = 2,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = Transport(_checked(base_url), token, timeout, session)
        self._token = token
        self._deadline = deadline
        self._retries = retries
        self._sleep = sleep
        self._monotonic = monotonic

    def connectivity(self, point_id: int) -> Connectivity:
        """When each station of the point last spoke to the platform."""
        call = Call("GET", str(point_id), f"/points/{point_id}/connectivity", {}, {}, None)
        return self._ask(call, Connectivity, self._deadline, lambda answer: answer.point_id == point_id)

    def upload_scan(self, scan: Scan, content: BinaryIO) -> ScanReceipt:
        """Stream `content` from where it stands to its end; it must be seekable, for the retries.

        Raises `ScanRejected` when the backoffice looked at the document and refuses it.
        """
        call = Call(
            "PUT",
            scan.sha256,
            f"/scans/{scan.sha256}",
            {"ticket": str(scan.ticket), "kind": scan.kind, "name": scan.name},
            {"Content-Type": scan.content_type, "Idempotency-Key": scan.sha256},
            content,
            content.tell(),
        )
        seconds = self._deadline + scan.size / SLOWEST_UPLOAD
        return self._ask(call, ScanReceipt, seconds, lambda receipt: receipt.sha256 == scan.sha256)

    def send_package(self, manifest: Manifest) -> PackageReceipt:
        """Raises `PackageRejected`, also when a listed scan was never uploaded."""
        call = _put("/packages/", manifest.package_id, manifest)
        return self._ask(call, PackageReceipt, self._deadline, lambda it: it.package_id == manifest.package_id)

    def send_event(self, event: TicketEvent) -> EventReceipt:
        call = _put("/events/", event.event_id, event)
        return self._ask(call, EventReceipt, self._deadline, lambda receipt: receipt.event_id == event.event_id)

    def _ask(self, call: Call, kind: type[T], seconds: float, is_ours: Callable[[T], bool]) -> T:
        end = self._monotonic() + seconds
        pause, left = FIRST_PAUSE, self._retries
        while True:
            try:
                return self._once(call, kind, end - self._monotonic(), is_ours)
            except BackofficeError as error:
                wait = max(pause, error.retry_after or 0)
                if error.permanent or not left or self._monotonic() + wait >= end:
                    raise
            self._sleep(wait)
            pause, left = pause * 2, left - 1

    def _once(self, call: Call, kind: type[T], seconds: float, is_ours: Callable[[T], bool]) -> T:
        reply = self._transport.send(call, seconds)
        answer = read(kind, reply, call.subject, self._token)
        if not is_ours(answer):
            raise bad_answer(f"{call.method} {call.path}: the answer is about something else")
        return answer


def _put(folder: str, key: str, message: object) -> Call:
    body = json.dumps(to_json(message), ensure_ascii=False).encode()
    return Call("PUT", key, folder + key, {}, {"Content-Type": "application/json", "Idempotency-Key": key}, body)


def _checked(base_url: str) -> str:
    """Without the slash at its end. Refused if it holds a password, which would show up in messages, or is no base."""
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError("the base URL must be http(s)://host[:port][/path], without user or password")
    if parts.query or parts.fragment:
        raise ValueError("the base URL must have neither query nor fragment")
    return base_url.rstrip("/")
