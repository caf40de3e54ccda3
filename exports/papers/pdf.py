"""A laid out paper as PDF, set by typst with Inter; the data reaches it as JSON values, never as markup."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import typst

from exports import marks
from exports.archives import midnight
from exports.papers import pages
from exports.papers.measure import FONT_FILES

_LONG_WORD = re.compile(r"[^\s-]{24,}")
_TEMPLATE = Path(__file__).with_name("paper.typ")
_of_this_thread = threading.local()


def pdf_bytes(layout: pages.Layout, made_on: date) -> bytes:
    """The same bytes for the same layout and day."""
    inputs = {"paper": json.dumps(_values(layout), ensure_ascii=False)}
    moment = max(0, int(midnight(made_on).timestamp()))
    made = _compiler().compile(input=_TEMPLATE, format="pdf", sys_inputs=inputs, timestamp=moment)
    return cast("bytes", made)


def _compiler() -> typst.Compiler:
    """A compiler serves one thread at a time; the fonts are read once for all."""
    if not hasattr(_of_this_thread, "compiler"):
        _of_this_thread.compiler = typst.Compiler(root=_TEMPLATE.parent, font_paths=_fonts())
    compiler: typst.Compiler = _of_this_thread.compiler
    return compiler


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FILES])


def _values(layout: pages.Layout) -> dict[str, object]:
    mark = layout.pages[0].mark
    return {
        "title": f"{layout.title} {mark.ticket}, wersja {mark.version}",
        "subject": f"Zgłoszenie nr {mark.ticket}",
        "letterhead": asdict(layout.letterhead),
        "sizes": _sizes(),
        "box": pages.BOX,
        "long_words": any(map(_LONG_WORD.search, texts(asdict(layout)))),
        "pages": [
            {
                "code": marks.qr_svg(page.mark),
                "mark": marks.text(page.mark),
                "readable": marks.readable(page.mark),
                "blocks": [{"is": type(block).__name__, **asdict(block, dict_factory=_drawn)} for block in page.blocks],
            }
            for page in layout.pages
        ],
    }


def _drawn(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A block's values; the bytes of a picture become a drawing around it, for JSON holds no bytes."""
    values = dict(pairs)
    if isinstance(values.get("content"), bytes):
        box = f'width="{values["width"]}" height="{values["height"]}"'
        form = "png" if values["content"].startswith(b"\x89PNG") else "jpeg"
        data = base64.b64encode(values["content"]).decode()
        link = f'<image {box} preserveAspectRatio="none" href="data:image/{form};base64,{data}"/>'
        values["content"] = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{link}</svg>'
    return values


def texts(value: object) -> Iterator[str]:
    """Every string within nested plain values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)


def _sizes() -> dict[str, float]:
    """The measures of the plan, in points, so that the template has none of its own."""
    return {
        "side": pages.MARGIN_SIDE,
        "top": pages.MARGIN_TOP,
        "bottom": pages.MARGIN_BOTTOM,
        "body": pages.BODY,
        "line": pages.BODY_LINE,
        "field": pages.FIELD,
        "small": pages.SMALL,
        "small_line": pages.SMALL_LINE,
        "title": pages.TITLE,
        "title_line": pages.TITLE_LINE,
        "indent": pages.INDENT,
        "card": pages.CARD_WIDTH,
        "card_gap": pages.CARD_GAP,
        "card_padding": pages.CARD_PADDING,
        "label": pages.LABEL_WIDTH,
        "cell": pages.CELL_PADDING,
        "cell_text": pages.CELL,
        "total": pages.TOTAL,
        "total_line": pages.TOTAL_LINE,
        "total_padding": pages.TOTAL_PADDING,
        "gap": pages.TABLE_GAP,
        "signature_gap": pages.SIGNATURE_GAP,
        "signature_room": pages.SIGNATURE_ROOM,
    }
