"""Files as scanners, telephones and ill-meaning people make them."""

import io
import math
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

import segno
from PIL import Image, ImageChops, ImageDraw

from exports.marks import Mark, qr_png

A4_MM = (210, 297)
MARK = Mark(ticket=115, paper="contract", version=1, page=1, pages=2)


def px(mm: float, dpi: int) -> int:
    return round(mm * dpi / 25.4)


def empty_paper(*, shade: int = 255, dpi: int = 100) -> Image.Image:
    return Image.new("L", (px(A4_MM[0], dpi), px(A4_MM[1], dpi)), shade)


def with_noise(page: Image.Image, sigma: float = 12) -> Image.Image:
    """The same page with a scanner's grain: normal noise, `sigma` of 255."""
    return ImageChops.add(page, Image.effect_noise(page.size, sigma), 1, -128)


def with_signature(page: Image.Image, *, width_mm: float = 30, dpi: int = 100, ink: int = 70) -> Image.Image:
    """A looping line of a half millimetre thick pen in the lower right of the page."""
    page = page.copy()
    points = [
        (px(130 + width_mm * step / 200, dpi), px(250 + width_mm / 6 * math.sin(step / 7), dpi)) for step in range(200)
    ]
    ImageDraw.Draw(page).line(points, fill=ink, width=max(1, px(0.5, dpi)))
    return page


def with_text(page: Image.Image, dpi: int) -> Image.Image:
    page = page.copy()
    draw = ImageDraw.Draw(page)
    for line in range(30):
        draw.text(
            (px(20, dpi), px(50 + 7 * line, dpi)), "Umowa o instalację stanowisk " * 3, fill=30, font_size=px(4, dpi)
        )
    return page


def marked_page(mark: Mark = MARK, *, dpi: int = 200, size_mm: float = 22, shade: int = 255) -> Image.Image:
    """A printed page with its code in the upper right corner."""
    page = with_text(empty_paper(dpi=dpi, shade=shade), dpi)
    code = Image.open(io.BytesIO(qr_png(mark))).convert("L")
    side = px(size_mm, dpi)
    page.paste(code.resize((side, side), Image.Resampling.LANCZOS), (page.width - side - px(10, dpi), px(10, dpi)))
    return page


def code_picture(text: str) -> Image.Image:
    out = io.BytesIO()
    segno.make_qr(text).save(out, kind="png", scale=6, border=4)
    return Image.open(out).convert("L")


def turned(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def scanned(*pages: Image.Image, dpi: int = 100) -> bytes:
    """A PDF like a scanner's: one picture a page."""
    return encoded(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=dpi)


def raw_pdf(objects: Iterable[bytes], trailer: bytes = b"") -> bytes:
    """A PDF from its objects, number 1 is the catalog."""
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(offsets) + 1
    end = b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (count, trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + end


def stream(content: bytes, keys: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (keys, len(content), content)


def drawn_pdf(
    *,
    catalog: bytes = b"",
    page: bytes = b"",
    box: bytes = b"0 0 595 842",
    trailer: bytes = b"",
    more: Iterable[bytes] = (),
) -> bytes:
    """A page with a thick line on it. `more` objects begin at number 5."""
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R%b>>" % (box, page),
            stream(b"20 w 100 100 m 400 700 l S"),
            *more,
        ],
        trailer,
    )


def compressed_pdf(action: bytes) -> bytes:
    """A page whose catalog, with an action on opening, lies compressed in an object stream (ISO 32000-1, 7.5.7)."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction %b>>" % action,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    places = [sum(len(content) + 1 for content in objects[:index]) for index in range(3)]
    index = b" ".join(b"%d %d" % (number, place) for number, place in enumerate(places, start=1)) + b"\n"
    packed = stream(
        zlib.compress(index + b"\n".join(objects)), b"/Type/ObjStm/Filter/FlateDecode/N 3/First %d" % len(index)
    )
    out = b"%PDF-1.7\n"
    at_packed = len(out)
    out += b"4 0 obj\n%b\nendobj\n" % packed
    entries = [(0, 0, 255), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, at_packed, 0), (1, len(out), 0)]
    table = b"".join(struct.pack(">BHB", *entry) for entry in entries)
    xref = stream(table, b"/Type/XRef/Size 6/Root 1 0 R/W[1 2 1]")
    return out + b"5 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, len(out))


def png_that_says(width: int, height: int) -> bytes:
    """A picture of a few bytes that would be unpacked to `width` × `height` pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def with_parts(package: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The package with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        return zipped({name: old.read(name) for name in old.namelist()} | dict(parts))
