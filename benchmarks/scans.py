"""How many marks are read off papers that were printed and came back askew, grey, blurred or photographed."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import zxingcpp
from PIL import Image

from benchmarks.measure import Figure, report
from benchmarks.printed import DISTORTIONS, DPI, Distortion, printed
from exports.marks import parse
from mikroserwis.scans import Limits, marks, pdf
from mikroserwis.scans.page import Page

TICKETS = (115, 80321)
RATE, RATE_AT_100_DPI = 0.99, 0.95
SLOWEST = 0.5  # seconds of processor time a page, on average of a distortion
QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
Reader = Callable[[Page], bool]


def run() -> list[Figure]:
    """A line for each distortion; then what all of them come to."""
    print(
        "marks read of pages printed, distorted and scanned, beside one plain reading of the same picture (zxing-cpp)"
    )
    print(f"  {'':<24}" + "".join(f"{f'{dpi} dpi':>24}" for dpi in DPI))
    rates: dict[int, list[bool]] = {dpi: [] for dpi in DPI}
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, distortion in DISTORTIONS.items():
            cells = []
            for dpi in DPI:
                ours, plain, seconds = _measured(Path(folder) / "scan.pdf", name, distortion, dpi)
                rates[dpi] += ours
                slowest = max(slowest, seconds)
                cells.append(f"{sum(ours)}/{len(ours)} (plain {sum(plain)}) {seconds * 1000:3.0f} ms")
            print(f"  {name:<24}" + "".join(f"{cell:>24}" for cell in cells), flush=True)
    figures = []
    for dpi, read in rates.items():
        rate, asked = sum(read) / len(read), RATE if dpi > DPI[0] else RATE_AT_100_DPI
        against = f"asked for: {asked:.0%}"
        figures.append(
            Figure(name=f"{dpi} dpi", said=f"{rate:.1%}", value=rate, limit=asked, at_least=True, against=against)
        )
    figures.append(
        Figure(
            name="slowest, processor time",
            said=f"{slowest * 1000:.0f} ms",
            value=slowest,
            limit=SLOWEST,
            against=f"a page, asked for: {SLOWEST * 1000:.0f} ms",
        )
    )
    return report("marks read, all distortions together", figures)


def _measured(file: Path, name: str, distortion: Distortion, dpi: int) -> tuple[list[bool], list[bool], float]:
    """Which pages are read by ours, which by the plain reading, and our seconds a page."""
    ours, plain, seconds = [], [], 0.0
    for scan in _scans(name, distortion, dpi):
        scan.save(file, "PDF", resolution=dpi, quality=90)
        page = pdf.open_pages(file, Limits())[0]
        plain.append(_plainly(page))
        began = time.process_time()
        ours.append(_as_we_do(page))
        seconds += time.process_time() - began
    return ours, plain, seconds / len(ours)


def _scans(name: str, distortion: Distortion, dpi: int) -> Iterator[Image.Image]:
    for ticket in TICKETS:
        for number, page in enumerate(printed(ticket, dpi)):
            yield distortion(page, dpi, random.Random(f"{name} {dpi} {ticket} {number}"))


def _plainly(page: Page) -> bool:
    return any(parse(code.text) for code in zxingcpp.read_barcodes(page.grey(), formats=QR_CODES))


def _as_we_do(page: Page) -> bool:
    return bool(marks.code_in(page.grey()) or marks.hidden_code_in(page))
