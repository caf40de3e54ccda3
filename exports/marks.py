"""The mark on each page of a paper: which ticket, paper, version and page a scan shows."""

import io
import re
from dataclasses import dataclass
from hashlib import blake2s

import segno

from exports.plain import plain

PAPER_LABELS = {
    "quote": "Wycena",
    "contract": "Umowa",
    "power_of_attorney": "Pełnomocnictwo",
    "final_invoice": "Faktura końcowa",
    "other": "Inny dokument",
}
_NUMBER = r"[1-9][0-9]{0,8}"
_TEXT = re.compile(
    rf"MKS1/(?P<ticket>{_NUMBER})/(?P<paper>[a-z][a-z_]{{0,31}})/v(?P<version>{_NUMBER})"
    rf"/p(?P<page>{_NUMBER})-(?P<pages>{_NUMBER})/(?P<check>[0-9a-f]{{6}})"
)


@dataclass(frozen=True)
class Mark:
    """Page `page` of `pages` (from 1) of one version of a paper of a ticket; `paper` is a file kind."""

    ticket: int
    paper: str
    version: int
    page: int
    pages: int


def _body(mark: Mark) -> str:
    return f"MKS1/{mark.ticket}/{mark.paper}/v{mark.version}/p{mark.page}-{mark.pages}"


def _check(body: str) -> str:
    return blake2s(body.encode(), digest_size=3).hexdigest()


def text(mark: Mark) -> str:
    """The code's content, e.g. `MKS1/115/contract/v1/p1-2/5d0c3f`; ValueError for a mark that could not be read."""
    body = _body(mark)
    code = f"{body}/{_check(body)}"
    if parse(code) != mark:
        raise ValueError(f"not a page mark: {mark}")
    return code


def parse(text: str) -> Mark | None:
    """The mark in a code that was read, None for a foreign or a misread one."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    ticket, version, page, pages = (int(found[part]) for part in ("ticket", "version", "page", "pages"))
    mark = Mark(ticket, found["paper"], version, page, pages)
    return mark if page <= pages and found["check"] == _check(_body(mark)) else None


def readable(mark: Mark) -> str:
    """The mark for people, in Polish: `115 · Umowa · w. 1 · str. 1/2`."""
    label = PAPER_LABELS.get(mark.paper, plain(mark.paper))
    return f"{mark.ticket} · {label} · w. {mark.version} · str. {mark.page}/{mark.pages}"


def qr_png(mark: Mark) -> bytes:
    """A black and white picture, 6 pixels a module, with the quiet zone the standard asks for."""
    out = io.BytesIO()
    _code(mark).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def qr_svg(mark: Mark) -> str:
    """The same code as a drawing on a white ground, one unit a module."""
    out = io.BytesIO()
    _code(mark).save(out, kind="svg", border=4, light="white", xmldecl=False, nl=False)
    return out.getvalue().decode()


def _code(mark: Mark) -> segno.QRCode:
    """Any mask can be read; weighing all eight against each other takes four times as long."""
    return segno.make_qr(text(mark), error="m", mask=3)
