"""Our papers as they come back: printed, then laid askew on a scanner's glass or photographed on a table."""

import io
import math
import random
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from exports import papers
from exports.papers import PaperData, Party, PointLine

DPI = (100, 150, 200, 300)
DESK = 45
COMPANY = Party("PPHU Świeża Łąka Szczęsny i Wspólnicy", "7974569439", "141234565", "Długa 7", "26-922", "Sieciechów")
DEALER = Party("Dealer Alfa", "8213457130", street="Krótka 1", postal_code="00-950", city="Warszawa")
POINTS = tuple(PointLine(735 + n, f"Sklep {n}", "ul. Długa 7, 26-922 Sieciechów", 1 + n % 3, n % 2) for n in range(7))

Page = Image.Image
Distortion = Callable[[Page, int, random.Random], Page]


@cache
def papers_of(ticket: int) -> tuple[bytes, ...]:
    """Contract and power of attorney as PDF."""
    data = PaperData(ticket, "Insoft", 1, date(2026, 11, 21), COMPANY, DEALER, POINTS, "Sieciechów")
    return papers.contract_pdf(data), papers.power_of_attorney_pdf(data)


def printed(ticket: int, dpi: int) -> Iterator[Page]:
    """Every page of the ticket's papers, in grey, at this resolution."""
    for paper in papers_of(ticket):
        for page in pdfium.PdfDocument(paper):
            yield page.render(scale=dpi / 72, grayscale=True).to_pil()


def straight(page: Page, _dpi: int, _chance: random.Random) -> Page:
    return page


def turned(degrees: float) -> Distortion:
    """Turned about its middle, on white, as scanners fill what lies beyond the paper."""

    def turn(page: Page, _dpi: int, _chance: random.Random) -> Page:
        return page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)

    return turn


def any_angle(page: Page, dpi: int, chance: random.Random) -> Page:
    return turned(chance.uniform(0, 360))(page, dpi, chance)


def pale(page: Page, _dpi: int, _chance: random.Random) -> Page:
    """Grey recycled paper, little toner."""
    return page.point([115 + round(value * 65 / 255) for value in range(256)])


def noisy(page: Page, _dpi: int, _chance: random.Random, sigma: float = 40) -> Page:
    return ImageChops.add(page, Image.effect_noise(page.size, sigma), 1, -128)


def blurred(page: Page, dpi: int, _chance: random.Random, millimetres: float = 0.13) -> Page:
    """A quarter of a module of the code as standard deviation: a lens out of focus."""
    return page.filter(ImageFilter.GaussianBlur(millimetres * dpi / 25.4))


def compressed(page: Page, _dpi: int, _chance: random.Random, quality: int = 15) -> Page:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("L")


def black_and_white(page: Page, _dpi: int, _chance: random.Random) -> Page:
    """As fax machines and the 'text' setting of scanners do."""
    return page.point([0] * 140 + [255] * 116)


def shaded(page: Page, _dpi: int, chance: random.Random) -> Page:
    """A hand's shadow across the page: down to a third of the light, with a soft edge."""
    light = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(page.size)
    return ImageChops.multiply(page, light.point([85 + min(170, max(0, 2 * value - 170)) for value in range(256)]))


def photographed(page: Page, _dpi: int, chance: random.Random) -> Page:
    """From aslant, on a dark table, one corner nearer than the others."""
    width, height = page.size
    room = round(0.12 * width)
    canvas = (width + 2 * room, height + 2 * room)
    near = room * 0.9
    corners = [
        (x + chance.uniform(-near, near), y + chance.uniform(-near, near))
        for x, y in ((room, room), (room + width, room), (room + width, room + height), (room, room + height))
    ]
    source = ((0, 0), (width, 0), (width, height), (0, height))
    table = Image.new("L", canvas, DESK)
    seen = page.transform(canvas, Image.Transform.PERSPECTIVE, _perspective(corners, source), Image.Resampling.BICUBIC)
    sheet = Image.new("L", page.size, 255)
    where = sheet.transform(canvas, Image.Transform.PERSPECTIVE, _perspective(corners, source))
    table.paste(seen, mask=where)
    return table


def curled(page: Page, _dpi: int, chance: random.Random) -> Page:
    """Paper that was folded into an envelope: it stands in waves of 2 % of its width."""
    width, height = page.size
    strips, swing, phase = 24, 0.02 * width, chance.uniform(0, 6)

    def moved(y: float) -> float:
        return swing * math.sin(phase + 2 * math.pi * y / height * 1.5)

    mesh = []
    for strip in range(strips):
        top, bottom = height * strip // strips, height * (strip + 1) // strips
        left, right = moved(top), moved(bottom)
        quad = (left, top, right, bottom, width + right, bottom, width + left, top)
        mesh.append(((0, top, width, bottom), quad))
    return page.transform(page.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC, fillcolor=255)


def written_over(page: Page, dpi: int, chance: random.Random) -> Page:
    """A blue signature across the code, the frame of a red stamp beside it; both let the toner show through."""
    millimetre = dpi / 25.4
    ink = Image.new("RGB", page.size, (255, 255, 255))
    draw = ImageDraw.Draw(ink)
    for _ in range(2):
        x, y = chance.uniform(20, 34) * millimetre, chance.uniform(268, 284) * millimetre
        stroke = [(-12, -5), (0, 3), (10, -6)]
        line = [(x + right * millimetre, y + down * millimetre) for right, down in stroke]
        draw.line(line, fill=(30, 50, 140), width=max(1, round(0.6 * millimetre)))
    box = [side * millimetre for side in (30, 268, 80, 290)]
    draw.rectangle(box, outline=(190, 30, 40), width=round(millimetre))
    return ImageChops.multiply(page.convert("RGB"), ink)


def telephone(page: Page, dpi: int, chance: random.Random) -> Page:
    """All that a hasty picture has at once."""
    seen = shaded(photographed(curled(page, dpi, chance), dpi, chance), dpi, chance)
    held = turned(chance.choice((0, 90, 180, 270)))(seen, dpi, chance)
    return compressed(noisy(blurred(held, dpi, chance, 0.08), dpi, chance, 10), dpi, chance, 60)


def old_copier(page: Page, dpi: int, chance: random.Random) -> Page:
    """Askew, soft, grainy, pale and pressed hard."""
    askew = turned(chance.uniform(-8, 8))(page, dpi, chance)
    return compressed(noisy(pale(blurred(askew, dpi, chance, 0.1), dpi, chance), dpi, chance, 12), dpi, chance, 40)


DISTORTIONS: dict[str, Distortion] = {
    "straight": straight,
    "turned by 90°": turned(90),
    "turned by 180°": turned(180),
    "askew by 7°": turned(-7),
    "any angle": any_angle,
    "pale": pale,
    "noise": noisy,
    "blur": blurred,
    "JPEG 15": compressed,
    "black and white": black_and_white,
    "shadow": shaded,
    "perspective": photographed,
    "curled": curled,
    "signed across the code": written_over,
    "telephone": telephone,
    "old copier": old_copier,
}


def _perspective(corners: list[tuple[float, float]], source: tuple[tuple[int, int], ...]) -> list[float]:
    """The eight coefficients with which Pillow finds, for a point of the picture, the point of the page."""
    rows = []
    for (x, y), (u, v) in zip(corners, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss and Jordan's elimination of linear equations, the right side as last column."""
    for pivot in range(len(rows)):
        best = max(range(pivot, len(rows)), key=lambda row: abs(rows[row][pivot]))
        rows[pivot], rows[best] = rows[best], rows[pivot]
        rows[pivot] = [value / rows[pivot][pivot] for value in rows[pivot]]
        for other in range(len(rows)):
            if other != pivot:
                factor = rows[other][pivot]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[pivot], strict=True)]
    return [row[-1] for row in rows]
