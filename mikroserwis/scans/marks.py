"""Read the mark of a page from its QR code."""

import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

from exports.marks import parse
from mikroserwis.scans.page import Page

QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# Measured with `python -m benchmarks scans`: what the plain reading misses is found by one of these two.
CLOSER = 1.5
GRAIN = 1.2  # pixels: noise and pressed pictures become smooth, modules of the code stay apart
WIDE = 1654  # pixels: an A4 page at 200 dots per inch
PRINTED = [max(0, min(255, (value - 30) * 4)) for value in range(256)]  # toner stays black, ink turns white


def code_in(picture: Image.Image) -> str | None:
    """The text of the first code in the picture that is a mark of ours, at any angle."""
    found = zxingcpp.read_barcodes(picture, formats=QR_CODES)
    return next((code.text for code in found if parse(code.text)), None)


def hidden_code_in(page: Page) -> str | None:
    """The same with more effort: through grain and dirt, and under a pen's ink or a stamp."""
    smooth = page.grey(CLOSER).filter(ImageFilter.GaussianBlur(GRAIN))
    return code_in(smooth) or code_in(_without_ink(page.coloured(WIDE)))


def _without_ink(picture: Image.Image) -> Image.Image:
    """Blue and red are bright in one of the three colours, toner is in none."""
    red, green, blue = picture.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return ImageOps.autocontrast(brightest).point(PRINTED)
