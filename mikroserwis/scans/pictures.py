"""JPEG and PNG files as pages, and pictures for the screen."""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps

from mikroserwis.scans.model import Code, Limits, UnusableFile
from mikroserwis.scans.page import LONGEST, Page

FORMATS = ("JPEG", "PNG")
WHITE = (255, 255, 255, 255)

Image.MAX_IMAGE_PIXELS = None  # our own limit is asked before anything is decoded


class PicturePage:
    """A picture file. It is decoded anew, and thereby smaller, for each use."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def grey(self, enlargement: float = 1.0) -> Image.Image:
        longest = round(LONGEST * enlargement)
        picture = _on_white(_decode(self._path, "L", longest)).convert("L")
        picture.thumbnail((longest, longest))
        return picture

    def coloured(self, width: int) -> Image.Image:
        picture = ImageOps.exif_transpose(_decode(self._path, "RGB", 4 * width))
        picture = _on_white(picture).convert("RGB")
        picture.thumbnail((width, 4 * width))
        return picture


def open_pages(path: Path, limits: Limits) -> list[Page]:
    """The one page of the picture. Raises UnusableFile."""
    with _broken_if_undecodable(), Image.open(path, formats=FORMATS) as picture:
        refuse_too_many_pixels(1, picture.size, limits)
    return [PicturePage(path)]


def decoded(path: Path) -> Image.Image:
    """The picture as it lies in the file, in mode L or RGB, on white."""
    picture = _on_white(_decode(path, "RGB", LONGEST))
    return picture.convert("L" if picture.mode in {"1", "L"} else "RGB")


def refuse_too_many_pixels(page: int, size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width * height > limits.pixels:
        detail = {"page": page, "width": width, "height": height, "limit": limits.pixels, "unit": "px"}
        raise UnusableFile(Code.TOO_MANY_PIXELS, detail)


def webp(picture: Image.Image) -> bytes:
    """The pixels and nothing else."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, exif=b"", xmp=b"", icc_profile=None)
    return out.getvalue()


def _decode(path: Path, mode: str, longest: int) -> Image.Image:
    with _broken_if_undecodable():
        picture = Image.open(path, formats=FORMATS)
        picture.draft(mode, (longest, longest))
        picture.load()
        return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent shows paper; 16 bits a pixel become 8 (Pillow would cut them off)."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not picture.has_transparency_data:
        return picture
    paper = Image.new("RGBA", picture.size, WHITE)
    paper.alpha_composite(picture.convert("RGBA"))
    return paper


@contextmanager
def _broken_if_undecodable() -> Iterator[None]:
    try:
        yield
    except (OSError, SyntaxError, ValueError, zlib.error) as error:
        raise UnusableFile(Code.BROKEN) from error
