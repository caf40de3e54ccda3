"""The control API and the page need no token, so a browser must not be led to them by another site."""

import ipaddress
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from backoffice_client.sandbox.web import Problem


def require_same_site(method: str, headers: Mapping[str, str], bound_to: str) -> None:
    """Raises `Problem` when another site's page wants to change something here; a mere link to here is welcome.

    The Host is checked against DNS rebinding, but only while we listen on the loopback: bound to more than that,
    which names lead here is not ours to know.
    """
    host = headers.get("host", "")
    if is_loopback(bound_to) and not is_loopback(_hostname(host)):
        raise Problem(HTTPStatus.FORBIDDEN, "foreign_host", "This tool answers on its loopback address only.")
    ours = f"http://{host}"
    is_foreign = headers.get("origin", ours) != ours or headers.get("sec-fetch-site", "none") not in {
        "none",
        "same-origin",
    }
    if method != "GET" and is_foreign:
        raise Problem(HTTPStatus.FORBIDDEN, "foreign_origin", "Sent by a page of another site.")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
