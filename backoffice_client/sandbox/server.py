import hashlib
import random
import re
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote

from backoffice_client.sandbox import contract_routes, control_routes, page
from backoffice_client.sandbox.faults import strikes
from backoffice_client.sandbox.same_site import require_same_site
from backoffice_client.sandbox.state import Sandbox
from backoffice_client.sandbox.store import Store
from backoffice_client.sandbox.web import Answer, Problem, Request, Route

CHUNK = 64 * 1024
LARGEST_READ = 2 * contract_routes.LARGEST_SCAN
SAME_HEADERS = {
    "Connection": "close",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
ROUTES = contract_routes.ROUTES + control_routes.ROUTES + page.ROUTES


class _Dropped(Exception):
    """End the connection without an answer."""


class _Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A peer that goes away in the middle is what this server is for; everything else is worth a traceback.
        expected = isinstance(sys.exception(), _Dropped | ConnectionError) or self.sandbox.stopping.is_set()
        if not expected:
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    timeout = 10.0

    def do_GET(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        try:
            answer = self._answer()
        except Problem as problem:
            answer = problem.answer()
        self._send(answer)

    def _answer(self) -> Answer:
        path, _, query = self.path.partition("?")
        found = _find(self.command, unquote(path))
        if isinstance(found, Problem):
            self._request({}, query, limit=CHUNK, keep=False)
            raise found
        route, ids = found
        if route in contract_routes.ROUTES:
            return self._contract_answer(route, ids, query)
        request = self._request(ids, query, limit=route.limit, keep=route.keeps_body)
        require_same_site(self.command, request.headers, str(self.server.server_address[0]))
        return route.work(self.server.sandbox, request)

    def _contract_answer(self, route: Route[Sandbox], ids: Mapping[str, str], query: str) -> Answer:
        sandbox = self.server.sandbox
        faults = sandbox.store.faults()
        sandbox.stopping.wait(faults.delay_ms / 1000)
        if strikes(sandbox.dice, faults.drop_rate):
            raise _Dropped
        request = self._request(ids, query, limit=route.limit, keep=route.keeps_body)
        if strikes(sandbox.dice, faults.error_rate):
            raise Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "An error on purpose: see /sandbox/faults.")
        contract_routes.require_token(sandbox, request)
        answer = route.work(sandbox, request)
        if strikes(sandbox.dice, faults.lost_answer_rate):
            raise _Dropped
        return answer

    def _request(self, ids: Mapping[str, str], query: str, *, limit: int, keep: bool) -> Request:
        """Read the whole body, even one that will be refused: closing on unread bytes would take the answer along."""
        if "Transfer-Encoding" in self.headers:
            raise Problem(HTTPStatus.LENGTH_REQUIRED, "length_required", "Send a Content-Length, no chunks.")
        told = self.headers.get("Content-Length", "0")
        if not re.fullmatch("[0-9]{1,18}", told):
            raise Problem(HTTPStatus.BAD_REQUEST, "invalid", "The Content-Length is not a number.")
        size, digest, body = int(told), hashlib.sha256(), bytearray()
        left = min(size, LARGEST_READ)
        while left and (chunk := self.rfile.read(min(CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
            if keep and size <= limit:
                body += chunk
        if size > limit:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"At most {limit} bytes.")
        if left:
            raise _Dropped
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(ids, dict(parse_qsl(query)), headers, bytes(body), digest.hexdigest(), size)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in (SAME_HEADERS | {"Content-Type": answer.content_type} | dict(answer.headers)).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself (an unknown method, a broken header) in our own form."""
        self._send(Problem(code, "invalid", message or "").answer())

    def log_message(self, *_: object) -> None:
        """Quiet: what arrived is on the page."""


def _find(method: str, path: str) -> tuple[Route[Sandbox], dict[str, str]] | Problem:
    matches = [(route, ids) for route in ROUTES if (ids := route.ids_in(path)) is not None]
    if not matches:
        return Problem(HTTPStatus.NOT_FOUND, "not_found", "There is nothing under this address.")
    allowed = {route.method: (route, ids) for route, ids in matches}
    if method not in allowed:
        return Problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", f"Allowed: {', '.join(sorted(allowed))}.")
    return allowed[method]


class SandboxServer:
    """Speaks the contract on `host:port` (0: any free port) as the other side would, with faults at will.

    `data` is the folder that keeps what it knows, None keeps nothing. `now` gives aware moments; with `seed` the faults
    strike the same requests each time.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        data: Path | None,
        token: str,
        now: Callable[[], datetime],
        seed: int | None = None,
    ) -> None:
        self._sandbox = Sandbox(Store(data), token, now, random.Random(seed))  # noqa: S311 - dice for faults, no secret
        self._server = _Server((host, port), self._sandbox)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://{self._server.server_address[0]!s}:{self.port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._sandbox.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._sandbox.store.close()

    def serve_forever(self) -> None:
        """Until `stop` is called elsewhere or the user presses Ctrl-C."""
        try:
            self.start()
            self._thread.join()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def __enter__(self) -> "SandboxServer":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
