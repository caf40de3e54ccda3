"""Is a page empty paper?"""

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

LONG_SIDE = 1000  # pixels: an A4 page at 85 dots per inch, a pen stroke is 1.5 to 2.5 wide
NEIGHBOURHOOD = 20  # pixels: the paper's own shade, be it yellowish, grey or in shadow, changes over more than this
CONTRAST = 36  # of 255: scanner noise stays below, blue and black ink and pencil lie above
MARGIN = 0.02  # of the long side: shadows along the edge of the glass
INK = 0.00008  # of the area: 5 mm² of an A4 page, a third of the smallest initials


def is_blank(picture: Image.Image) -> bool:
    """Whether the grey picture shows nothing but paper and what scanners add: noise, dust, streaks, dark edges."""
    ink = _ink(picture)
    return ink.histogram()[255] < INK * ink.width * ink.height


def _ink(picture: Image.Image) -> Image.Image:
    """White where something dark is written on the paper, black elsewhere."""
    margin = round(MARGIN * max(picture.size))
    small = ImageOps.crop(picture, min(margin, min(picture.size) // 3))
    small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
    small = small.filter(ImageFilter.MedianFilter(3))
    surroundings = small.filter(ImageFilter.BoxBlur(NEIGHBOURHOOD))
    ink = ImageChops.subtract(surroundings, small).point([0] * CONTRAST + [255] * (256 - CONTRAST))
    return _without_edges(ink)


def _without_edges(ink: Image.Image) -> Image.Image:
    """Remove all dark matter that touches the edge: the lid of the scanner, a desk, a streak along the whole page."""
    ImageDraw.Draw(ink).rectangle((0, 0, ink.width - 1, ink.height - 1), outline=255)
    ImageDraw.floodfill(ink, (0, 0), 0)
    return ink
