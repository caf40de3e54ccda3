"""What an answer means: either the message that was asked for, or one error of the family."""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from backoffice_client.errors import BackofficeError, PackageRejected, ScanRejected
from backoffice_client.messages import Connectivity, PackageReceipt, ScanReceipt, message_from, why_invalid
from backoffice_client.transport import Reply

T = TypeVar("T")

LONGEST_DETAIL = 500
# RFC 9110: the request took too long to arrive; RFC 6585: too many of them. Both ask to come again.
COME_AGAIN = {408, 429}


def read(kind: type[T], reply: Reply, subject: str, token: str) -> T:
    """The message in a 200 or 201 answer; any other status raises the error it stands for.

    `subject` is the id that the call was about. The other side may echo our headers in its words, which end up on
    screens and in logs: `token` is taken out of them.
    """
    if reply.status in {200, 201}:
        try:
            return message_from(kind, reply.body)
        except ValidationError as error:
            raise bad_answer(f"not a {kind.__name__}: {why_invalid(error)}") from None
    if reply.status < 400:
        raise bad_answer(f"unexpected status {reply.status}")
    raise _refusal(kind, reply, subject, token)


def bad_answer(detail: str) -> BackofficeError:
    """Temporary: behind a nonsensical answer there is mostly a proxy or a release under way."""
    return BackofficeError("bad_answer", detail[:LONGEST_DETAIL], permanent=False)


def _refusal(kind: type, reply: Reply, subject: str, token: str) -> BackofficeError:
    problem = _problem(reply.body)
    code = _text(problem, "code")
    reason = (_text(problem, "detail") or _text(problem, "title")).replace(token, "***")
    described = f"status {reply.status} {code} {reason}".strip().replace(token, "***")
    if reply.status >= 500 or reply.status in COME_AGAIN:
        why = "server_error" if reply.status >= 500 else "busy"
        return BackofficeError(why, described, permanent=False, retry_after=_seconds(reply.retry_after))
    if reply.status in {401, 403}:
        return BackofficeError("unauthorised", described, permanent=True)
    if kind is Connectivity and code == "unknown_point":
        return BackofficeError("unknown_point", described, permanent=True)
    if kind is ScanReceipt and code == "scan_rejected":
        return ScanRejected(subject, reason)
    if kind is PackageReceipt and code in {"package_rejected", "missing_scans"}:
        return PackageRejected(reason, _rejections(problem, token))
    return BackofficeError("contract_broken", described, permanent=True)


def _problem(body: bytes) -> dict[str, object]:
    """The members of a problem document (RFC 9457); empty when the body is something else, such as a proxy's page."""
    try:
        problem = from_json(body)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _text(problem: dict[str, object], name: str) -> str:
    value = problem.get(name)
    return value[:LONGEST_DETAIL] if isinstance(value, str) else ""


def _rejections(problem: dict[str, object], token: str) -> dict[str, str]:
    rejections = problem.get("rejections")
    if not isinstance(rejections, dict):
        return {}
    return {sha256: str(reason)[:LONGEST_DETAIL].replace(token, "***") for sha256, reason in rejections.items()}


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` in seconds; its other form, a date, would need a clock and is left out."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdecimal()):
        return None
    return float(retry_after)
