"""Read the mark of a page from its QR code."""

from collections.abc import Iterator

import zxingcpp
from PIL import Image

from exports.marks import parse

QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# The first copes with uneven light, the second with coarse grain.
BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)


def code_in(picture: Image.Image) -> str | None:
    """The text of the first code in the picture that is a mark of ours, at any angle."""
    return next((text for text in _texts(picture) if parse(text)), None)


def _texts(picture: Image.Image) -> Iterator[str]:
    for binarizer in BINARIZERS:
        for code in zxingcpp.read_barcodes(picture, formats=QR_CODES, binarizer=binarizer):
            yield code.text
