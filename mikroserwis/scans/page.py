"""A page of a scan, whatever file it lies in."""

from collections.abc import Iterator
from typing import Protocol, SupportsIndex

from PIL import Image

DOTS_PER_INCH = 200
LONGEST = 3400  # pixels: A3 at 200 dots per inch


class Page(Protocol):
    def grey(self, enlargement: float = 1.0) -> Image.Image:
        """The page in mode L, at about 200 dots per inch × `enlargement` where its size is known."""

    def coloured(self, width: int) -> Image.Image:
        """The page upright in mode RGB, at most `width` × 4 `width` pixels."""


class Pages(Protocol):
    """The pages of a file, from index 0."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: SupportsIndex, /) -> Page: ...

    def __iter__(self) -> Iterator[Page]: ...
