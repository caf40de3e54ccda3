"""The forms of programs and webhooks: clean values, or every wrong one by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from mikroserwis.clients import addresses
from mikroserwis.clients.events import EVENTS
from mikroserwis.clients.scopes import SCOPES
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.field_checks import checked, day
from mikroserwis.rulebook import RULES

LENGTHS = {"name": 100, "purpose": 500, "contact": 200}
# How long a token or a secret lives on once it has been replaced, in hours.
GRACES = (0, 1, 24, 168)
LONGEST_URL = 500


@dataclass(frozen=True)
class TokenIn:
    """`expires_at` is the end of the last day in Warsaw."""

    name: str
    scopes: str
    expires_at: datetime | None


def client(values: Mapping[str, Any], scopes: Sequence[str] | None, *, new: bool) -> dict[str, str]:
    """Of what was sent; a new one needs a name and at least one scope. Raises Invalid naming every wrong one."""
    needed = ("name",) if new or "name" in values else ()
    clean, errors = _checked(values, LENGTHS, needed)
    if scopes is not None or new:
        errors += _chosen("scopes", scopes or (), SCOPES)
        clean["scopes"] = _joined(scopes or ())
    if errors:
        raise Invalid(errors)
    return clean


def token(values: Mapping[str, Any], scopes: Sequence[str], most: Collection[str], now: datetime) -> TokenIn:
    """`most` is what its program may; without `expires_on` it lives until it is revoked. Raises Invalid."""
    clean, errors = _checked(values, {"name": 100}, ("name",))
    errors += _chosen("scopes", scopes, most)
    expires_at = None
    try:
        expires_at = _end_of(str(values.get("expires_on") or "").strip(), now)
    except ValueError as error:
        errors.append(FieldError("expires_on", str(error)))
    if errors:
        raise Invalid(errors)
    return TokenIn(clean["name"], _joined(scopes), expires_at)


def grace(text: str) -> timedelta:
    """Hours. Raises Invalid."""
    if text not in {str(one) for one in GRACES}:
        raise Invalid([FieldError("grace", "unknown_value")])
    return timedelta(hours=int(text))


def endpoint(values: Mapping[str, Any], events: Sequence[str] | None, networks: str, *, new: bool) -> dict[str, str]:
    """`networks` are the private ones that are allowed. Raises Invalid naming every wrong value."""
    errors: list[FieldError] = []
    clean: dict[str, str] = {}
    if new or "url" in values:
        clean["url"] = str(values.get("url") or "").strip()
        code = _wrong_url(clean["url"], networks)
        errors += [FieldError("url", code)] if code else []
    if new or events is not None:
        errors += _chosen("events", events or (), EVENTS)
        clean["events"] = _joined(events or ())
    if errors:
        raise Invalid(errors)
    return clean


def _checked(
    values: Mapping[str, Any], lengths: Mapping[str, int], needed: tuple[str, ...]
) -> tuple[dict[str, str], list[FieldError]]:
    try:
        return checked(values, lengths, needed), []
    except Invalid as error:
        return {}, list(error.errors)


def _chosen(field: str, chosen: Sequence[str], known: Collection[str]) -> list[FieldError]:
    if not chosen:
        return [FieldError(field, "nothing_ticked")]
    return [] if set(chosen) <= set(known) else [FieldError(field, "unknown_value")]


def _joined(chosen: Sequence[str]) -> str:
    return " ".join(sorted(set(chosen)))


def _end_of(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    last = date.fromisoformat(day(text))
    if last < now.astimezone(RULES.tz).date():
        raise ValueError("moment_is_past")
    return datetime.combine(last + timedelta(days=1), time(), RULES.tz)


def _wrong_url(text: str, networks: str) -> str | None:
    """The code of what is wrong, found without asking the network; names are looked up when something is sent."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "webhook_url"
    if not text.isascii() or len(text) > LONGEST_URL or any(sign.isspace() for sign in text) or not host:
        return "webhook_url"
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or parts.fragment:
        return "webhook_url"
    if parts.scheme == "http" and not networks:
        return "webhook_https"
    if port is not None and port not in {80, 443} and port < 1024:
        return "webhook_port"
    try:
        literal = ip_address(host)
    except ValueError:
        return None
    private = addresses.networks(networks)
    if not addresses.is_allowed(literal, private):
        return "webhook_private"
    return "webhook_https" if parts.scheme == "http" and not addresses.is_within(literal, private) else None
