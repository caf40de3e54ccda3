"""Parts of pages that show nothing but what they are given: drawn once for the same values, then kept a while.

So that a part with forms in it can be kept too, what differs in every form is filled in last.
"""

import hashlib
import pickle
import re
import secrets
from collections.abc import Hashable
from functools import lru_cache
from typing import Any
from uuid import uuid4

from flask import current_app, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from mikroserwis import i18n

SMALL, LARGE = 4096, 512
# Of what a part is drawn from, in bytes: drawn it is some times as long, and hundreds of parts are kept.
LONGEST = 16_000
# Nobody outside this process knows the marks, so nothing that people type can be taken for one.
_MARK = secrets.token_hex(8)
TOKEN, ONCE = f"{_MARK}-token", f"{_MARK}-once"
_EITHER = re.compile(f"{_MARK}-(token|once)")


def drawn(template: str, macro: str, *given: Any) -> Markup:
    """What the template's macro makes of these values."""
    made: Markup = getattr(current_app.jinja_env.get_template(template).module, macro)(*given)
    return made


def fragment(template: str, macro: str, *given: Hashable) -> Markup:
    """The same, kept for whoever sees the same values and reads alike; so it must not ask who reads, or when."""
    return _small(template, macro, given, i18n.reading(), request.script_root)


@lru_cache(maxsize=SMALL)
def _small(template: str, macro: str, given: tuple[Hashable, ...], _reading: i18n.Reading, _root: str) -> Markup:
    return drawn(template, macro, *given)


def part(template: str, **given: Any) -> Markup:
    """A whole template, drawn from plain values alone and kept like a fragment, unless it is large."""
    values = _Values(given)
    draw = _large if values.size <= LONGEST else _large.__wrapped__
    return draw(template, values, i18n.reading(), request.script_root)


class _Values:
    """Lists and mappings can't be looked up; what they hold can."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        packed = pickle.dumps(given, protocol=5)
        self.size, self._digest = len(packed), hashlib.blake2b(packed, digest_size=16).digest()

    def __hash__(self) -> int:
        return hash(self._digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Values) and self._digest == other._digest


@lru_cache(maxsize=LARGE)
def _large(template: str, values: _Values, _reading: i18n.Reading, _root: str) -> Markup:
    # What is kept is the digest and the drawing, not what it was drawn from.
    given, values.given = values.given, {}
    return Markup(current_app.jinja_env.get_template(template).render(given))  # noqa: S704 - the template escaped it


def fill(page: str) -> str:
    """The page with each form's own token and key in place."""
    if _MARK not in page:
        return page
    token = generate_csrf()
    return _EITHER.sub(lambda found: token if found[1] == "token" else uuid4().hex, page)
