"""A sheet for who reads from right to left begins on the right; its days and numbers stay days and numbers."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from apiflask import APIFlask

from tests.i18n.pages import reads
from tests.support.app import sqlite_only
from tests.support.people import Web


@sqlite_only
@pytest.mark.parametrize(("language", "mirrored"), [("fa", True), ("ro", False)])
def test_a_list_for_excel_runs_like_its_readers_page(
    app: APIFlask, web: Callable[[str], Web], language: str, mirrored: bool
):
    reads(app, "operator", language, "persian", "arabext")
    sheet = openpyxl.load_workbook(BytesIO(web("operator").get("/tickets.xlsx").data)).worksheets[0]
    assert bool(sheet.sheet_view.rightToLeft) is mirrored
    cells = [cell.value for cell in sheet[2]]
    assert any(isinstance(value, datetime) and value.year > 2000 for value in cells)
    assert any(isinstance(value, int | float) for value in cells)
