"""One SMS handed to the gateway, and what became of it asked for. Retries are the outbox's."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from pydantic_core import from_json

from backoffice_client import BackofficeError
from backoffice_client.transport import Call, Reply, Transport
from mikroserwis.sms.codes import TAKEN_BEFORE, UNKNOWN, failure, report_of

LONGEST_REASON = 300
_MOST_POINTS, _STEP = Decimal(100_000), Decimal("0.0001")
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)


class SmsError(Exception):
    """Why an SMS didn't leave; unless `permanent`, trying again later may help."""

    def __init__(self, code: str, reason: str, *, permanent: bool) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.permanent = permanent


@dataclass(frozen=True)
class Accepted:
    """The gateway has it. All is None where it said so before, to an attempt that never heard it."""

    gateway_id: str | None = None
    points: Decimal | None = None
    parts: int | None = None
    report: str | None = None


class Gateway:
    """Speaks POST /sms.do of smsapi.pl. Every failure is an SmsError.

    `timeout` is (connect, silence), `deadline` the most a call may take, in seconds. Redirects are not followed, and an
    answer of more than a megabyte is not read.
    """

    def __init__(
        self, url: str, token: str, sender: str = "", *, timeout: tuple[float, float] = (3.05, 10), deadline: float = 30
    ) -> None:
        self._transport = Transport(url, token, timeout, None)
        self._token = token
        self._sender = sender
        self._deadline = deadline

    def send(self, to: str, text: str, *, idx: str, notify_url: str = "") -> Accepted:
        """`to` as +48…. The same `idx` again is recognised there, so an answer that was lost sends nothing twice."""
        plain = to.removeprefix("+")
        fields = {"to": plain, "message": text, "encoding": "utf-8", "idx": idx, "check_idx": "1", "details": "1"}
        fields |= {"from": self._sender} if self._sender else {}
        fields |= {"notify_url": notify_url} if notify_url else {}
        told = self._ask(fields)
        if told is None:
            return Accepted()
        one = _only(told)
        if str(one.get("number", plain)).lstrip("+") != plain or str(one.get("idx") or idx).lower() != idx.lower():
            raise _bad("the answer is about another SMS")
        gateway_id = one.get("id")
        if not isinstance(gateway_id, str | int) or not _ID.fullmatch(str(gateway_id)):
            raise _bad("the answer names no id")
        parts = one.get("parts", told.get("parts"))
        return Accepted(
            str(gateway_id),
            _points(one.get("points")),
            parts if isinstance(parts, int) and 0 < parts < 1000 else None,
            report_of(one.get("status")),
        )

    def report(self, gateway_id: str) -> str:
        """What became of it, as `codes` names it."""
        told = self._ask({"status": gateway_id})
        one = _only(told or {})
        if str(one.get("id", gateway_id)) != gateway_id:
            raise _bad("the answer is about another SMS")
        return report_of(one.get("status")) or UNKNOWN

    def _ask(self, fields: dict[str, str]) -> dict[str, Any] | None:
        """None where the idx was taken before."""
        body = urlencode({**fields, "format": "json"}).encode()
        call = Call("POST", "", "/sms.do", {}, {"Content-Type": "application/x-www-form-urlencoded"}, body)
        try:
            reply = self._transport.send(call, self._deadline)
        except BackofficeError as broken:
            raise SmsError(broken.code, broken.detail, permanent=False) from broken
        told = _object(reply.body)
        error = _error(told)
        if error == TAKEN_BEFORE:
            return None
        if error is not None:
            code, permanent = failure(error)
            raise SmsError(code, self._said(f"{error} {_text(told)}"), permanent=permanent)
        if reply.status != 200 or told is None:
            raise self._unexpected(reply, told)
        return told

    def _unexpected(self, reply: Reply, told: dict[str, Any] | None) -> SmsError:
        """Behind a nonsensical answer there is mostly a proxy or a release under way: it may pass."""
        if reply.status in {401, 403}:
            return SmsError("unauthorised", self._said(f"status {reply.status} {_text(told)}"), permanent=False)
        if reply.status in {408, 429}:
            return SmsError("busy", f"status {reply.status}", permanent=False)
        code = "server_error" if reply.status >= 500 else "bad_answer"
        what = _text(told) if told else "not JSON"
        return SmsError(code, self._said(f"status {reply.status}, {what}"), permanent=False)

    def _said(self, text: str) -> str:
        """The other side may echo our headers in its words, which end up on screens and in logs."""
        plain = "".join(sign if sign.isprintable() else " " for sign in text.replace(self._token, "***"))
        return " ".join(plain.split())[:LONGEST_REASON]


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        told = from_json(body, allow_inf_nan=False)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _error(told: dict[str, Any] | None) -> int | None:
    """The gateway's number for what is wrong; newer parts of it give a word and the number beside it."""
    found = (told or {}).get("error")
    if isinstance(found, str) and not found.isdecimal():
        found = (told or {}).get("code")
    if found is None or isinstance(found, bool):
        return None
    text = str(found)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _only(told: dict[str, Any]) -> dict[str, Any]:
    found = told.get("list")
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict):
        raise _bad("the answer lists no SMS, or more than one")
    one: dict[str, Any] = found[0]
    error = _error(one)
    if error is not None:
        code, permanent = failure(error)
        raise SmsError(code, str(error), permanent=permanent)
    return one


def _points(value: object) -> Decimal | None:
    """The price, if it is a number that could be one."""
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        return None
    return points.quantize(_STEP) if points.is_finite() and 0 <= points < _MOST_POINTS else None


def _text(told: dict[str, Any] | None) -> str:
    message = (told or {}).get("message", "")
    return message if isinstance(message, str) else json.dumps(message)


def _bad(detail: str) -> SmsError:
    return SmsError("bad_answer", detail, permanent=False)
