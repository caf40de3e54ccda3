"""Parts of pages that show nothing but what they are given: rendered once for the same values, then kept a while."""

from collections.abc import Hashable
from functools import lru_cache

from flask import current_app, request
from markupsafe import Markup

from mikroserwis import i18n

KEPT = 4096


def fragment(template: str, macro: str, *given: Hashable) -> Markup:
    """What the macro makes of these values in the reader's language.

    The macro must not ask who reads, when, or what form it is in (no `csrf_field`): whoever sees the same values shares
    the same text.
    """
    return _rendered(template, macro, i18n.language(), request.script_root, given)


@lru_cache(maxsize=KEPT)
def _rendered(template: str, macro: str, _language: str, _root: str, given: tuple[Hashable, ...]) -> Markup:
    # No strip(): what is around a macro belongs to the page.
    made: Markup = getattr(current_app.jinja_env.get_template(template).module, macro)(*given)
    return made
