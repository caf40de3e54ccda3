"""What a route takes and gives back; nothing here knows sockets."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Generic, TypeVar

S = TypeVar("S")

ID_PATTERNS = {
    "point_id": r"[1-9][0-9]{0,11}",
    "number": r"[1-9][0-9]{0,2}",
    "sha256": r"[0-9a-f]{64}",
    "package_id": r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}",
    "event_id": r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}",
}


@dataclass(frozen=True)
class Request:
    """`headers` by lower-case name; `body` is empty where the route only wants the digest of what came."""

    ids: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    sha256: str
    size: int


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """A refusal, on its way to become a problem document (RFC 9457)."""

    def __init__(self, status: int, code: str, detail: str, **more: object) -> None:
        super().__init__(code)
        self.status = status
        self.members = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "code": code,
            "detail": detail,
        } | more
        self.headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}

    def answer(self) -> Answer:
        return Answer(self.status, _json(self.members), "application/problem+json", self.headers)


@dataclass(frozen=True)
class Route(Generic[S]):
    """`limit` is the largest body in bytes; `keeps_body` is false where only its digest matters."""

    method: str
    template: str
    work: Callable[[S, Request], Answer]
    limit: int = 1024 * 1024
    keeps_body: bool = True

    def ids_in(self, path: str) -> dict[str, str] | None:
        found = self._pattern.fullmatch(path)
        return found and found.groupdict()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"{(\w+)}", lambda it: f"(?P<{it[1]}>{ID_PATTERNS[it[1]]})", self.template))


def json_answer(value: object, status: int = HTTPStatus.OK) -> Answer:
    return Answer(status, _json(value))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
