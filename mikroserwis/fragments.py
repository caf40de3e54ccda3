"""Parts of pages that show nothing but what they are given: drawn once for the same values, then kept a while."""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from mikroserwis import i18n

KEPT = 4096


def drawn(template: str, macro: str, *given: Any) -> Markup:
    """What the template's macro makes of these values."""
    made: Markup = getattr(current_app.jinja_env.get_template(template).module, macro)(*given)
    return made


def fragment(template: str, macro: str, *given: Hashable) -> Markup:
    """The same, kept for whoever sees the same values in the same language.

    So the macro must not ask who reads, when, or which form it is in (no `csrf_field`).
    """
    return _kept(template, macro, given, i18n.language(), request.script_root)


@lru_cache(maxsize=KEPT)
def _kept(template: str, macro: str, given: tuple[Hashable, ...], _language: str, _root: str) -> Markup:
    return drawn(template, macro, *given)
