import errno
import io
import resource
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any
from weakref import ref

import openpyxl
import pytest

from exports.plain import plain
from exports.sheets import INTAKE_COLUMNS, MOST_ROWS, Column, intake_template, write_list

COLUMNS = (
    Column("NIP firmy", 14),
    Column("Dni", 8, "integer"),
    Column("Data", 12, "date"),
    Column("Kwota", 12, "amount"),
)


def written(rows: Iterable[Sequence[object]], title: str = "Zgłoszenia", columns: Sequence[Column] = COLUMNS) -> Any:
    out = io.BytesIO()
    write_list(out, title, columns, rows)
    return openpyxl.load_workbook(out)


def test_values_keep_their_types_and_tax_ids_their_zeros() -> None:
    sheet = written([("0123456789", 7, date(2019, 5, 27), Decimal("1234.50")), (7974569439, None, None, None)]).active
    first = sheet[2]
    assert [cell.value for cell in first] == ["0123456789", 7, datetime(2019, 5, 27), 1234.5]  # noqa: DTZ001
    assert [cell.number_format for cell in first] == ["@", "0", "yyyy-mm-dd", "#,##0.00"]
    assert sheet["A3"].value == "7974569439"
    assert sheet["B3"].value is None


def test_the_header_is_frozen_filtered_and_as_wide_as_asked() -> None:
    sheet = written([("1", 1, None, None)] * 3).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D4"
    assert round(sheet.column_dimensions["A"].width) in {14, 15}
    assert sheet["A1"].font.bold


def test_a_printed_list_is_one_page_wide_and_repeats_its_header() -> None:
    sheet = written([("1", 1, None, None)] * 3).active
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.print_title_rows == "$1:$1"


def test_an_empty_list_still_has_its_header() -> None:
    sheet = written([]).active
    assert [cell.value for cell in sheet[1]] == ["NIP firmy", "Dni", "Data", "Kwota"]
    assert sheet.max_row == 1
    assert sheet.auto_filter.ref == "A1:D2"


@pytest.mark.parametrize(
    "hostile",
    ["=1+1", '=HYPERLINK("http://x")', "+48", "-2", "@SUM(A1)", "\t=1", "\r\n=1", "\x00=1", "\u202e=cmd|' /C calc'!A0"],
)
def test_text_that_looks_like_a_formula_stays_text(hostile: str) -> None:
    cells = written([(hostile, hostile, hostile, hostile)]).active[2]
    assert {cell.data_type for cell in cells} == {"s"}
    # A cell of this format stays text when somebody edits it; nothing is put before what was written.
    assert cells[0].number_format == "@"
    assert cells[0].value == plain(hostile)


def test_no_cell_of_the_file_is_a_formula() -> None:
    out = io.BytesIO()
    write_list(out, "=1", [Column("=1+1")], [["=1+1"], ["#REF!"]])
    with zipfile.ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<f " not in sheet
    assert 't="e"' not in sheet


def test_control_characters_and_overlong_text_do_not_break_the_file() -> None:
    sheet = written([("a\x01\ud800b", "x" * 40_000, None, True)]).active
    assert sheet["A2"].value == "ab"
    assert len(sheet["B2"].value) == 32_767
    assert sheet["D2"].value == "True"


def test_numbers_too_long_for_excel_become_text() -> None:
    assert written([("", 10**18, None, None)]).active["B2"].value == str(10**18)


def test_a_moment_is_shown_in_the_zone_it_carries() -> None:
    sheet = written([(datetime(2019, 5, 27, 22, 5, tzinfo=UTC),)], columns=[Column("Kiedy", 18, "moment")]).active
    assert sheet["A2"].value == datetime(2019, 5, 27, 22, 5)  # noqa: DTZ001


@pytest.mark.parametrize(("value", "shown"), [(5, "5"), (date(1899, 12, 31), "1899-12-31"), (True, "True")])
def test_what_is_no_day_of_excels_is_text_in_a_column_of_dates(value: object, shown: str) -> None:
    assert written([(value,)], columns=[Column("Kiedy", 18, "date")]).active["A2"].value == shown


def test_columns_of_one_title_keep_their_values_apart() -> None:
    columns = [Column(title) for title in ("Nazwa", "Nazwa", "Nazwa 2", "Nazwa")]
    rows = list(written([("a", "b", "c", "d")], columns=columns).active.values)
    assert rows == [("Nazwa", "Nazwa 2", "Nazwa 2 2", "Nazwa 3"), ("a", "b", "c", "d")]


def test_signs_that_excel_counts_twice_are_cut_at_its_limit_without_being_halved() -> None:
    value = written([("x" + "😀" * 20_000, None, None, None)]).active["A2"].value
    assert value == "x" + "😀" * 16_383


def test_rows_come_one_by_one_and_never_lie_all_in_memory() -> None:
    class Row(list[object]):
        """Can be referred to weakly."""

    given: list[ref[Row]] = []
    kept: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(2000):
            row = Row([f"{number:010}", number, date(2019, 5, 27), None])
            given.append(ref(row))
            kept.append(sum(one() is not None for one in given[-100:]))
            yield row

    written(rows())
    assert max(kept) < 10


@contextmanager
def no_file_may_grow_past(size: int) -> Iterator[None]:
    """The kernel refuses every write past this size, as it does when a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [500, 20_000])
def test_no_room_for_the_sheet_is_told_by_the_systems_own_number(room: int) -> None:
    out = io.BytesIO()
    with pytest.raises(OSError, match="File too large") as told, no_file_may_grow_past(room):
        write_list(out, "Zgłoszenia", [Column("Nazwa")], ((f"Sklep {number}",) for number in range(5000)))
    assert told.value.errno == errno.EFBIG
    assert out.getvalue() == b""


def test_no_folder_for_the_sheet_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    with pytest.raises(OSError, match="No such file"):
        write_list(io.BytesIO(), "Zgłoszenia", [Column("Nazwa")], [("Sklep",)])


def test_more_rows_than_a_sheet_takes_are_refused() -> None:
    with pytest.raises(ValueError, match="1048575"):
        write_list(io.BytesIO(), "Zgłoszenia", [Column("Nazwa")], repeat((None,), MOST_ROWS + 1))


def test_a_list_that_stops_in_the_middle_gives_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[tuple[str]]:
        yield ("a",)
        raise InterruptedError

    out = io.BytesIO()
    with pytest.raises(InterruptedError):
        write_list(out, "Zgłoszenia", [Column("Nazwa")], rows())
    assert out.getvalue() == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("title", "expected"), [("A/B: [x]*?", "A B   x"), ("z" * 50, "z" * 31), ("\x00", "Lista")])
def test_any_title_becomes_a_sheet_name(title: str, expected: str) -> None:
    assert written([], title).active.title == expected


def test_a_row_of_another_length_is_an_error_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ValueError):
        written([("1", 2, None, None), ("1", 2)])
    assert list(tmp_path.iterdir()) == []


def test_the_template_has_the_columns_of_the_import_and_no_rows() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(intake_template()))
    assert workbook.sheetnames == ["Zgłoszenia", "Opis"]
    tickets: Any = workbook["Zgłoszenia"]
    assert [cell.value for cell in tickets[1]] == [column.name for column in INTAKE_COLUMNS]
    assert tickets.max_row == 1
    letters = {cell.value: cell.column_letter for cell in tickets[1]}
    assert tickets.column_dimensions[letters["tax_id"]].number_format == "@"


def test_the_template_offers_the_types_it_is_given() -> None:
    tickets: Any = openpyxl.load_workbook(io.BytesIO(intake_template(["insoft", "kiosk"])))["Zgłoszenia"]
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in tickets.data_validations.dataValidation}
    assert offered["B2"] == '"insoft,kiosk"'
    assert offered["D2"] == '"tak,nie"'
    assert offered["X2"] == "0"


def test_the_template_explains_each_column_in_both_languages() -> None:
    notes: Any = openpyxl.load_workbook(io.BytesIO(intake_template()))["Opis"]
    rows = list(notes.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [column.name for column in INTAKE_COLUMNS]
    assert all(all(row) for row in rows)


def test_the_template_is_the_same_every_time() -> None:
    assert intake_template() == intake_template()
