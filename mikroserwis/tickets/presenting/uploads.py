"""What became of each file of an upload, on the page that answers it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import current_app, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

from mikroserwis import edge

SHOWN_SECONDS = 3600


@dataclass(frozen=True)
class Result:
    """`outcome`: filed, refused, unfiled (the person has to say what it is) or held (pages of its paper are missing).

    `token` stands for the stored file of the last two, `kind` is what was chosen for it.
    """

    name: str
    outcome: str
    words: str
    token: str = ""
    kind: str = ""


def pack(number: int, results: Sequence[Result]) -> str:
    """For the argument `sent` of the address that the browser is sent to."""
    return _signer(number).dumps([list(asdict(one).values()) for one in results])


def keep(results: Sequence[Result]) -> None:
    """For the page that answers this request itself."""
    g.upload_results = tuple(results)


def shown(number: int) -> dict[str, Any]:
    """results (listed, unless the head of the page tells them), unfiled and held of the upload that this answers."""
    told = g.get("upload_results", ())
    results = told or _packed(number)
    return {
        "results": results,
        "listed": not told,
        "unfiled": [one for one in results if one.outcome == "unfiled"],
        "held": [one for one in results if one.outcome == "held"],
    }


def _packed(number: int) -> tuple[Result, ...]:
    """Nothing where the address carries none, or one that was cut off, is old or another person's."""
    try:
        rows = _signer(number).loads(request.args.get("sent", ""), max_age=SHOWN_SECONDS)
    except BadData:
        return ()
    return tuple(Result(*row) for row in rows)


def _signer(number: int) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"sent-{number}-{edge.actor().user_id}")
