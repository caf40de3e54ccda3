"""A stand-in for the gateway: takes SMS by smsapi.pl's contract, sends none, and shows what it took.

What became of an SMS on its way is chosen on its page, and told to the address that came with it.
"""

import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

import requests
from jinja2 import Environment, PackageLoader, StrictUndefined

from backoffice_client.sandbox.same_site import require_same_site
from backoffice_client.sandbox.web import Problem
from mikroserwis.sms.codes import NUMBERS
from mikroserwis.sms.texts import number, size

PRICE = Decimal("0.165")
LARGEST = 64 * 1024
FIRST_ID = 7_074_294_081_650_020_000
# What the page offers; the rest of the contract's statuses can be told by a test.
OUTCOMES = ("DELIVERED", "UNDELIVERED", "EXPIRED")
_HEADERS = {
    "Connection": "close",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
_pages = Environment(loader=PackageLoader("mikroserwis.sms", "."), autoescape=True, undefined=StrictUndefined)


@dataclass
class Taken:
    """An SMS as it came; `status` is the contract's name of what became of it."""

    id: str
    to: str
    text: str
    sender: str
    idx: str
    notify_url: str
    parts: int
    at: str
    status: str = "QUEUE"


class Refused(Exception):
    """An answer of the contract that is an error: its number, its words, the HTTP status."""

    def __init__(self, error: int, message: str, status: int = 200, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.told = {"error": error, "message": message, **more}


class SmsSandbox:
    """Listening from the start; runs in a thread while entered. `lose` answers are lost after the SMS was taken."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        data: Path | None = None,
        token: str = "sandbox",  # noqa: S107 - guards nothing but the sandbox
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.token, self.now, self.lose = token, now, 0
        self._lock, self._file = threading.Lock(), data / "taken.json" if data else None
        self.taken: list[Taken] = self._kept()
        self._server = _Server((host, port), self)
        name = f"[{host}]" if ":" in host else host
        self.url = f"http://{name}:{self._server.server_address[1]}"

    def __enter__(self) -> "SmsSandbox":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve_forever(self) -> None:
        self._server.serve_forever()

    def let_in(self, authorization: str) -> None:
        """Raises Refused."""
        if not hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode()):
            raise Refused(101, "Authorization failed", status=401)

    def send(self, fields: dict[str, str]) -> dict[str, Any]:
        """Takes an SMS, or raises Refused."""
        to, text, idx = (fields.get(name, "") for name in ("to", "message", "idx"))
        if not text:
            raise Refused(11, "The message is empty")
        if len(fields.get("from", "")) > 11:
            raise Refused(14, "Wrong sender name")
        plain = number(to if to.startswith("+") else f"+{to}" if len(to) > 9 else to)
        if plain is None:
            wrong = [{"number": to, "submitted_number": to, "message": "Invalid phone number"}]
            raise Refused(13, "No correct phone numbers", invalid_numbers=wrong)
        with self._lock:
            if idx and fields.get("check_idx") == "1" and idx.lower() in {one.idx.lower() for one in self.taken}:
                raise Refused(53, "Not unique idx parameter")
            one = self._take(plain.lstrip("+"), text, fields)
        return {
            "count": 1,
            "message": text,
            "length": len(text),
            "parts": one.parts,
            "list": [self._listed(one) | {"submitted_number": to}],
        }

    def status(self, ids: str) -> dict[str, Any]:
        """What became of one SMS, or of several divided by |. Raises Refused."""
        wanted = ids.split("|")
        found = [self._listed(one) for one in self.taken if one.id in wanted]
        if not found:
            raise Refused(301, "ID of messages doesn't exist")
        return {"count": len(found), "list": found}

    def report(self, id_: str, status: str) -> bool:
        """This became of it; told to its address, if it has one. Whether the other side answered OK."""
        one = next(each for each in self.taken if each.id == id_)
        with self._lock:
            one.status = status
            self._keep()
        if not one.notify_url:
            return False
        told = {
            "MsgId": one.id,
            "status": next(code for code, name in NUMBERS.items() if name == status),
            "status_name": status,
            "idx": one.idx,
            "donedate": str(int(self.now().timestamp())),
            "username": "sandbox",
            "points": str(PRICE * one.parts),
            "from": one.sender,
            "to": one.to,
        }
        try:
            answer = requests.get(one.notify_url, params=told, timeout=5, allow_redirects=False)
        except requests.RequestException:
            return False
        return answer.text.strip() == "OK"

    def _take(self, to: str, text: str, fields: dict[str, str]) -> Taken:
        one = Taken(
            id=str(FIRST_ID + len(self.taken) + 1),
            to=to,
            text=text,
            sender=fields.get("from", "Test"),
            idx=fields.get("idx", ""),
            notify_url=fields.get("notify_url", ""),
            parts=size(text).parts,
            at=self.now().isoformat(timespec="seconds"),
        )
        self.taken.append(one)
        self._keep()
        return one

    def _listed(self, one: Taken) -> dict[str, Any]:
        return {
            "id": one.id,
            "points": float(PRICE * one.parts),
            "number": one.to,
            "date_sent": int(datetime.fromisoformat(one.at).timestamp()),
            "status": one.status,
            "error": None,
            "idx": one.idx or None,
            "parts": one.parts,
        }

    def _kept(self) -> list[Taken]:
        if self._file is None or not self._file.exists():
            return []
        return [Taken(**one) for one in json.loads(self._file.read_text("utf-8"))]

    def _keep(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_text(json.dumps([asdict(one) for one in self.taken], ensure_ascii=False), "utf-8")
        unfinished.replace(self._file)


class _Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], sandbox: SmsSandbox) -> None:
        self.sandbox = sandbox
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10.0
    server_version, sys_version = "sms-sandbox", ""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/sms.do":
            self._contract(dict(parse_qsl(query)))
        elif path == "/":
            page = _pages.get_template("sandbox.html").render(
                taken=self.server.sandbox.taken[::-1], outcomes=OUTCOMES, url=self.server.sandbox.url
            )
            self._answer(200, page.encode(), "text/html; charset=utf-8")
        elif path == "/sandbox.css":
            self._answer(200, (Path(__file__).parent / "sandbox.css").read_bytes(), "text/css; charset=utf-8")
        else:
            self._answer(404, b"Not found", "text/plain")

    def do_POST(self) -> None:
        told = self.headers.get("Content-Length", "")
        if not told.isdecimal() or int(told) > LARGEST:
            self._answer(413, b"Too large", "text/plain")
            return
        fields = dict(parse_qsl(self.rfile.read(int(told)).decode("utf-8", "replace"), keep_blank_values=True))
        if self.path == "/sms.do":
            self._contract(fields)
        elif self.path == "/reports":
            self._report(fields)
        else:
            self._answer(404, b"Not found", "text/plain")

    def _contract(self, fields: dict[str, str]) -> None:
        sandbox = self.server.sandbox
        try:
            sandbox.let_in(self.headers.get("Authorization", ""))
            told = sandbox.status(fields["status"]) if "status" in fields else sandbox.send(fields)
        except Refused as refused:
            self._json(refused.status, refused.told)
            return
        if sandbox.lose > 0 and "status" not in fields:
            sandbox.lose -= 1
            return
        self._json(200, told)

    def _report(self, fields: dict[str, str]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        known = {one.id for one in self.server.sandbox.taken}
        try:
            require_same_site("POST", headers, str(self.server.server_address[0]))
        except Problem:
            self._answer(403, b"Sent by a page of another site.", "text/plain")
            return
        if fields.get("id") not in known or fields.get("status") not in OUTCOMES:
            self._answer(422, b"No such SMS, or no such status", "text/plain")
            return
        self.server.sandbox.report(fields["id"], fields["status"])
        self._answer(HTTPStatus.SEE_OTHER, b"", "text/plain", {"Location": "/"})

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self._answer(status, json.dumps(told).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (_HEADERS | {"Content-Type": kind, "Content-Length": str(len(body))} | (more or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_line: Any) -> None:
        """Nothing: the page shows what came."""
