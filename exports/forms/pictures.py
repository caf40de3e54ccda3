"""Pictures of a form, decoded and written anew, so that nothing but their pixels reaches a paper."""

import io
from typing import NamedTuple

from PIL import Image

FORMATS = ("PNG", "JPEG")
_PIXELS = 25_000_000
_LONGEST = 1_200


class Crop(NamedTuple):
    """What is cut off each side, in parts of the whole."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0


def settled(content: bytes, crop: Crop) -> bytes:
    """The picture in its own format, at most 1200 pixels a side. Raises ValueError unless it is a sound PNG or JPEG."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > _PIXELS:
                raise ValueError(f"{picture.width} × {picture.height} pixels are too many")
            form = picture.format
            picture.draft("RGB", (_LONGEST, _LONGEST))
            made = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError("not a PNG or JPEG") from error
    width, height = made.size
    box = (crop.left * width, crop.top * height, width - crop.right * width, height - crop.bottom * height)
    if any(crop) and box[0] + 1 <= box[2] and box[1] + 1 <= box[3]:
        made = made.crop(tuple(map(round, box)))  # type: ignore[arg-type]
    made.thumbnail((_LONGEST, _LONGEST))
    out = io.BytesIO()
    made.save(out, form, quality=85, optimize=True)
    return out.getvalue()
