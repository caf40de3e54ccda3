"""How much room text takes, a little overstated, so that a planned page never spills into the next.

Widths are those of Inter, the font of the PDF; Arial, the font of the DOCX, is narrower.
"""

from functools import lru_cache

import fontpkg_inter
from PIL import ImageFont

FONT_FILES = fontpkg_inter.ROOT / "files"
_UNITS = 1000
_SLACK = 1.04
_BOLD = 1.09
_FOREIGN_EM = 1.4


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT_FILES / "Inter[opsz,wght].ttf"), _UNITS, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    """Width in ems; scripts that Inter lacks come from another font, so the widest is assumed."""
    point = ord(character)
    if point >= 0x530 and not 0x2000 <= point < 0x2300:
        return _FOREIGN_EM
    return float(_font().getlength(character)) / _UNITS


def width(text: str, size: float, bold: bool = False) -> float:
    """Points that the text takes on one line at `size` points."""
    return sum(map(_em, text)) * size * _SLACK * (_BOLD if bold else 1)


def lines(text: str, room: float, size: float, bold: bool = False) -> int:
    """Lines of `room` points the text fills when wrapped at spaces, words too long being broken."""
    count, used = 1, 0.0
    gap = width(" ", size, bold)
    for word in text.split(" "):
        needed = width(word, size, bold)
        if used and used + gap + needed > room:
            count, used = count + 1, 0.0
        if needed > room:
            extra = int(needed // (room * 0.9))
            count, used = count + extra, room
        else:
            used += needed + (gap if used else 0)
    return count


def shortened(text: str, room: float, size: float, most: int = 1, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it would need more than `most` lines."""
    if lines(text, room, size, bold) <= most:
        return text
    low, high = 0, min(len(text), int(most * room))
    while low < high:
        middle = (low + high + 1) // 2
        if lines(text[:middle].rstrip() + "…", room, size, bold) <= most:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
