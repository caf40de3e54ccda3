import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from exports.intake_columns import INTAKE_COLUMNS
from exports.tables import TableError, read_rows
from mikroserwis.scans import Limits, tables

NAMES = [column.name for column in INTAKE_COLUMNS]
GIVEN = {
    "crm_id": 115,
    "tax_id": "0123456789",
    "company_name": "PPHU SAM Źdźbło",
    "opened_on": date(2019, 5, 27),
    "acquired_by_dealer": True,
    "point_name": datetime(2019, 5, 27, 12, 30),  # noqa: DTZ001 - a cell has no zone
    "stations_buy": 1.5,
}


def workbook() -> bytes:
    made, out = Workbook(), io.BytesIO()
    sheet = made.worksheets[0]
    sheet.append(NAMES)
    sheet.append([GIVEN.get(name) for name in NAMES])
    made.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            part = source.read(each)
            target.writestr(each, change(part) if each == name else part)
    return out.getvalue()


def refusal(name: str, content: bytes, limits: Limits = tables.LIMITS) -> TableError:
    with pytest.raises(TableError) as caught:
        tables.read(name, io.BytesIO(content), limits=limits)
    return caught.value


def test_a_workbook_read_apart_gives_what_it_gives_here() -> None:
    found = tables.read("a.xlsx", io.BytesIO(workbook()))
    assert found == read_rows("a.xlsx", io.BytesIO(workbook()))
    assert {name: value for name, value in found[0][1].items() if value is not None} == GIVEN


def test_a_refusal_comes_back_with_its_place() -> None:
    named = with_part(workbook(), "xl/worksheets/sheet1.xml", lambda part: part.replace(b">tax_id<", b">nip<"))
    refused = refusal("a.xlsx", named)
    assert (refused.code, refused.line, refused.column) == ("unknown_column", 1, "nip")


def test_a_small_workbook_that_takes_minutes_to_read_is_cut_off() -> None:
    """Two million formats, 20 kB: the library makes an object of each."""
    costly = with_part(
        workbook(), "xl/styles.xml", lambda part: part.replace(b"</cellXfs>", b"<xf/>" * 2_000_000 + b"</cellXfs>")
    )
    assert len(costly) < 30_000
    assert refusal("a.xlsx", costly, Limits(seconds=2)).code == "too_large"
