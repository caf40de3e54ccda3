import io
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from exports.marks import Mark
from mikroserwis.scans import JPEG, PDF, PNG, Inspection, inspect
from mikroserwis.scans.marks import code_in
from tests.scans.samples import (
    MARK,
    code_picture,
    drawn_pdf,
    empty_paper,
    encoded,
    marked_page,
    scanned,
    turned,
    with_noise,
    with_signature,
    with_text,
)


def inspected(tmp_path: Path, content: bytes, name: str = "skan") -> Inspection:
    file = tmp_path / "upload"
    file.write_bytes(content)
    return inspect(file, name)


@pytest.mark.parametrize(
    ("kind", "name", "content_type", "extension"),
    [
        ("PDF", "Umowa.PDF", PDF, "pdf"),
        ("JPEG", "IMG_0001.JPEG", JPEG, "jpg"),
        ("JPEG", "skan.jpg", JPEG, "jpg"),
        ("PNG", "skan.png", PNG, "png"),
        ("PNG", "bez rozszerzenia", PNG, "png"),
        ("PDF", "Umowa nr 12.2026", PDF, "pdf"),
    ],
)
def test_a_scan_is_known_by_its_content(
    tmp_path: Path, kind: str, name: str, content_type: str, extension: str
) -> None:
    page = with_text(empty_paper(), 100)
    found = inspected(tmp_path, encoded(page, kind), name)
    assert found == Inspection(content_type, extension, pages=1, marks=(None,), blank_pages=())


def test_each_page_has_its_mark_and_blank_pages_between_are_told(tmp_path: Path) -> None:
    second = Mark(ticket=115, paper="contract", version=1, page=2, pages=2)
    pages = (marked_page(), empty_paper(dpi=200), with_text(empty_paper(dpi=200), 200), marked_page(second))
    found = inspected(tmp_path, scanned(*pages, dpi=200))
    assert found.pages == 4
    assert found.marks == (MARK, None, None, second)
    assert found.blank_pages == (2,)


@pytest.mark.parametrize(
    ("dpi", "degrees"),
    [(100, 0), (100, 90), (100, 180), (100, 270), (100, 7), (100, -7), (150, 97), (200, -7), (300, 7), (300, 187)],
)
def test_a_mark_is_read_at_any_turn_and_skew_and_usual_resolution(tmp_path: Path, dpi: int, degrees: int) -> None:
    page = with_noise(turned(marked_page(dpi=dpi), degrees))
    assert inspected(tmp_path, scanned(page, dpi=dpi)).marks == (MARK,)


@pytest.mark.parametrize(("shade", "sigma"), [(200, 12), (170, 20), (255, 45)])
def test_a_mark_is_read_on_grey_and_noisy_paper(tmp_path: Path, shade: int, sigma: int) -> None:
    page = with_noise(turned(marked_page(shade=shade, dpi=150), 3), sigma)
    assert inspected(tmp_path, encoded(page, "JPEG", quality=50)).marks == (MARK,)


def test_a_mark_is_read_from_a_large_photograph(tmp_path: Path) -> None:
    photograph = Image.new("L", (6000, 8000), 60)
    photograph.paste(turned(marked_page(dpi=600), 4).resize((4400, 6200)), (700, 900))
    assert inspected(tmp_path, encoded(photograph, "JPEG")).marks == (MARK,)


def test_a_foreign_code_is_no_mark_and_ours_is_found_beside_it(tmp_path: Path) -> None:
    foreign = empty_paper(dpi=200)
    foreign.paste(code_picture("https://example.com/MKS1/115/contract/v1/p1-2/000000"), (100, 1500))
    assert inspected(tmp_path, encoded(foreign, "PNG")).marks == (None,)
    both = marked_page()
    both.paste(foreign.crop((0, 1500, 500, 2000)), (0, 1500))
    assert inspected(tmp_path, encoded(both, "PNG")).marks == (MARK,)


def test_a_drawn_page_is_taken_as_it_is(tmp_path: Path) -> None:
    assert inspected(tmp_path, drawn_pdf(), "umowa.pdf").pages == 1


@pytest.mark.parametrize("width_mm", [10, 30, 60])
@pytest.mark.parametrize("shade", [255, 215])
def test_a_page_with_nothing_but_a_signature_is_not_blank(tmp_path: Path, width_mm: float, shade: int) -> None:
    page = with_noise(with_signature(empty_paper(shade=shade), width_mm=width_mm))
    assert inspected(tmp_path, scanned(page)).blank_pages == ()


def test_transparent_and_sixteen_bit_pictures_are_seen_on_white_paper(tmp_path: Path) -> None:
    drawing = Image.merge("LA", (Image.new("L", (800, 1100)), with_signature(Image.new("L", (800, 1100)), ink=255)))
    deep = with_text(empty_paper(), 100).convert("I").point(lambda value: value * 200 + 9000)
    for picture in (drawing, deep.convert("I;16")):
        assert inspected(tmp_path, encoded(picture, "PNG")).blank_pages == ()


def test_twenty_pages_with_codes_take_a_quarter_second_of_processor_time_each_at_most(tmp_path: Path) -> None:
    content = scanned(*[marked_page()] * 20, dpi=200)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert inspected(tmp_path, content).marks == (MARK,) * 20
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 20 * 0.25


def test_many_files_are_inspected_at_the_same_time(tmp_path: Path) -> None:
    marks = [Mark(ticket=number, paper="contract", version=1, page=1, pages=1) for number in range(1, 9)]
    files = [tmp_path / str(mark.ticket) for mark in marks]
    for file, mark in zip(files, marks, strict=True):
        file.write_bytes(scanned(marked_page(mark, dpi=100)))
    with ThreadPoolExecutor(len(files)) as pool:
        found = list(pool.map(lambda file: inspect(file, "skan.pdf"), files))
    assert [inspection.marks for inspection in found] == [(mark,) for mark in marks]


def test_the_file_itself_is_not_touched(tmp_path: Path) -> None:
    content = io.BytesIO(scanned(marked_page())).getvalue()
    inspected(tmp_path, content)
    assert (tmp_path / "upload").read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


def test_a_mark_is_read_under_a_blue_signature(tmp_path: Path) -> None:
    page = marked_page(dpi=200).convert("RGB")
    ink = Image.new("RGB", page.size, (255, 255, 255))
    for offset in (0, 40):
        ImageDraw.Draw(ink).line((1380, 110 + offset, 1600, 230 - offset), fill=(30, 50, 140), width=6)
    signed = ImageChops.multiply(page, ink)
    assert code_in(signed.convert("L")) is None
    assert inspected(tmp_path, encoded(signed, "JPEG", quality=90)).marks == (MARK,)
