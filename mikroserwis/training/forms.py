"""A material as it is sent in, checked: each wrong value is named with a code."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mikroserwis import addresses
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import plain, tidy

KINDS = ("text", "link", "pdf")
LENGTHS = {"title": 200, "summary": 500, "text": 20_000, "url": 1000}


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a material says; text and url are empty where they aren't its kind. `types` empty: for every type."""

    kind: str
    title: str
    summary: str
    types: tuple[str, ...]
    text: str
    url: str
    published: bool


@dataclass(frozen=True)
class Pdf:
    """An inspected file in the store."""

    name: str
    sha256: str
    size: int
    pages: int


def read(values: Mapping[str, str], types: Sequence[str], known: Collection[str], *, published: bool) -> Content:
    """Raises Invalid naming every wrong value."""
    kind = values.get("kind", "")
    texts = {name: tidy(values.get(name)) for name in ("title", "summary", "url")}
    texts["text"] = plain(values.get("text", ""))
    for name, of in (("text", "text"), ("url", "link")):
        texts[name] = texts[name] if kind == of else ""
    needed = {"title", *({"text": ("text",), "link": ("url",)}.get(kind, ()))}
    errors = [] if kind in KINDS else [FieldError("kind", "unknown_value")]
    errors += [FieldError(name, "required") for name in LENGTHS if name in needed and not texts[name]]
    errors += [
        FieldError(name, "too_long", {"limit": limit, "length": len(texts[name])})
        for name, limit in LENGTHS.items()
        if len(texts[name]) > limit
    ]
    if texts["url"] and not is_safe_link(texts["url"]):
        errors.append(FieldError("url", "https_only"))
    if set(types) - set(known):
        errors.append(FieldError("types", "unknown_type"))
    if errors:
        raise Invalid(errors)
    return Content(kind=kind, types=tuple(sorted(set(types))), published=published, **texts)


def is_safe_link(url: str) -> bool:
    """A page elsewhere, told plainly: https, a host, and nobody's name or password before it."""
    parts = addresses.split(url)
    return (
        parts.scheme == "https"
        and bool(re.fullmatch(r"[\w.-]+(:\d{1,5})?", parts.netloc))
        and "." in parts.netloc.strip(".")
        and not re.search(r"[\s\\<>\"]", url)
    )
