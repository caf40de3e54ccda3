import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from exports.intake_columns import INTAKE_COLUMNS
from exports.sheets import intake_template
from exports.tables import MAX_BYTES, MAX_UNPACKED, Row, TableError, read_rows

NAMES = [column.name for column in INTAKE_COLUMNS]
SAM: dict[str, object] = {
    "crm_id": 115,
    "type": "insoft",
    "opened_on": date(2019, 5, 27),
    "tax_id": "0123456789",
    "company_name": "PPHU SAM Źdźbło",
    "postal_code": "26-922",
    "city": "Sieciechów",
    "point_id": 735,
    "point_name": "Sklep",
    "stations_buy": 1,
    "stations_exchange": 0,
}


def xlsx(*rows: Mapping[str, object], header: Sequence[object] = NAMES) -> io.BytesIO:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(list(header))
    for row in rows:
        sheet.append([row.get(str(name)) for name in header])
    out = io.BytesIO()
    workbook.save(out)
    out.seek(0)
    return out


GOOD = xlsx(SAM).getvalue()


def csv(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


def csv_of(delimiter: str, *rows: Mapping[str, object]) -> str:
    lines = [delimiter.join(SAM), *(delimiter.join(str(row.get(name, "")) for name in SAM) for row in rows)]
    return "\r\n".join(lines) + "\r\n"


def values(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def rebuilt(content: io.BytesIO, added: Mapping[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in added:
                target.writestr(name, source.read(name))
        for name, part in added.items():
            target.writestr(name, part)
    out.seek(0)
    return out


def refusal(name: str, content: io.BytesIO, max_rows: int = 50_000) -> TableError:
    with pytest.raises(TableError) as caught:
        read_rows(name, content, max_rows=max_rows)
    return caught.value


def test_a_sheet_gives_dates_numbers_and_texts_with_their_zeros() -> None:
    assert [(line, values(row)) for line, row in read_rows("a.XLSX", xlsx(SAM))] == [(2, SAM)]


def test_every_known_column_is_in_every_row() -> None:
    assert [set(row) for _, row in read_rows("a.xlsx", xlsx(SAM))] == [set(NAMES)]


def test_whole_numbers_never_come_with_a_decimal_point() -> None:
    row = read_rows("a.xlsx", xlsx(SAM | {"crm_id": 115.0, "stations_buy": 1.5, "city": True}))[0][1]
    assert (repr(row["crm_id"]), row["stations_buy"], row["city"]) == ("115", 1.5, True)


def test_a_number_written_with_decimals_or_an_exponent_is_whole_all_the_same() -> None:
    sheet = zipfile.ZipFile(xlsx(SAM)).read("xl/worksheets/sheet1.xml")
    for spelled in (b"<v>115.0</v>", b"<v>1.15E2</v>"):
        respelled = sheet.replace(b"<v>115</v>", spelled)
        assert respelled != sheet
        row = read_rows("a.xlsx", rebuilt(xlsx(SAM), {"xl/worksheets/sheet1.xml": respelled}))[0][1]
        assert repr(row["crm_id"]) == "115"


@settings(deadline=None)
@given(st.integers(0, 6000), st.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(at: int, damage: bytes) -> None:
    content = bytearray(GOOD)
    content[at : at + len(damage)] = damage
    with suppress(TableError):
        assert len(read_rows("a.xlsx", io.BytesIO(bytes(content)))) <= 1


def test_a_time_of_day_is_kept_where_there_is_one() -> None:
    moment = datetime(2019, 5, 27, 8, 30)  # noqa: DTZ001
    odd = moment.time()
    row = read_rows("a.xlsx", xlsx(SAM | {"opened_on": moment, "city": odd}))[0][1]
    assert (row["opened_on"], row["city"]) == (moment, "08:30:00")


def test_empty_rows_are_passed_over_and_lines_counted_as_in_the_file() -> None:
    assert [line for line, _ in read_rows("a.xlsx", xlsx({}, SAM, {"city": "  "}, SAM))] == [3, 5]


def test_a_filled_template_can_be_read_and_an_empty_one_has_no_rows() -> None:
    assert read_rows("a.xlsx", io.BytesIO(intake_template())) == []


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
def test_a_csv_is_read_however_excel_saved_it(delimiter: str, encoding: str) -> None:
    content = csv(csv_of(delimiter, SAM), encoding)
    expected = {name: str(value) for name, value in SAM.items()}
    assert [(line, values(row)) for line, row in read_rows("a.csv", content)] == [(2, expected)]


def test_a_quoted_line_break_does_not_shift_the_line_numbers() -> None:
    text = csv_of(";", SAM | {"company_name": '"PPHU\nSAM; ""Pod Dębem"""'}, SAM)
    rows = read_rows("a.csv", csv(text))
    assert [line for line, _ in rows] == [2, 4]
    assert rows[0][1]["company_name"] == 'PPHU\nSAM; "Pod Dębem"'


def test_short_lines_leave_the_rest_empty() -> None:
    text = csv_of(";") + "115;insoft\r\n"
    assert values(read_rows("a.csv", csv(text))[0][1]) == {"crm_id": "115", "type": "insoft"}


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        ([*NAMES, "colour"], "unknown_column", "colour"),
        ([*NAMES, "City "], "duplicate_column", "city"),
        ([name for name in NAMES if name != "tax_id"], "missing_column", "tax_id"),
        (["Firma", "Miasto"], "not_a_table", None),
        ([], "not_a_table", None),
    ],
)
def test_a_header_the_import_does_not_know_is_refused_by_name(header: list[str], code: str, column: str | None) -> None:
    error = refusal("a.xlsx", xlsx(header=header))
    assert (error.code, error.line, error.column) == (code, 1, column)


def test_optional_columns_may_be_left_out() -> None:
    assert len(read_rows("a.xlsx", xlsx(SAM, header=list(SAM)))) == 1


def test_a_value_under_no_header_is_refused_with_its_place() -> None:
    error = refusal("a.csv", csv(csv_of(";") + ";".join(["x"] * 12)))
    assert (error.code, error.line, error.column) == ("unknown_column", 2, "L")
    nameless = refusal("a.xlsx", xlsx(SAM | {"None": "x"}, header=[*SAM, None]))
    assert (nameless.code, nameless.line, nameless.column) == ("unknown_column", 2, "L")


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", xlsx(SAM, SAM, SAM)), ("a.csv", csv(csv_of(";", SAM, SAM, SAM)))]
)
def test_more_rows_than_allowed_are_refused(name: str, content: io.BytesIO) -> None:
    error = refusal(name, content, max_rows=2)
    assert (error.code, error.line) == ("too_many_rows", 4)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "not_a_table"),
        ("a.csv", b"", "not_a_table"),
        ("a.csv", b"crm_id\x00;type", "not_a_table"),
        ("a.csv", b"\x81\x83\xff", "not_a_table"),
        ("a.csv", b"%PDF-1.7 something", "not_a_table"),
        ("a.xlsx", b"PK\x03\x04 broken", "not_a_table"),
        ("a.xlsx", csv_of(";", SAM).encode(), "not_a_table"),
        ("a.csv", xlsx(SAM).getvalue(), "not_a_table"),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "legacy_xls"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.csv", b"x" * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_table_is_refused_with_its_kind(name: str, content: bytes, code: str) -> None:
    assert refusal(name, io.BytesIO(content)).code == code


def test_an_unclosed_quote_is_refused_with_its_line() -> None:
    error = refusal("a.csv", csv(csv_of(";", SAM) + '"115;insoft'))
    assert (error.code, error.line) == ("not_a_table", 3)


def test_macros_are_refused_whatever_the_name() -> None:
    content = rebuilt(xlsx(SAM), {"xl/vbaProject.bin": b"x"})
    assert refusal("a.xlsx", content).code == "macros"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = bytearray(GOOD)
    directory = bomb.find(b"PK\x01\x02")
    bomb[directory + 24 : directory + 28] = struct.pack("<L", MAX_UNPACKED + 1)
    assert refusal("a.xlsx", io.BytesIO(bytes(bomb))).code == "too_large"


def test_a_part_that_lies_about_its_size_is_not_followed() -> None:
    honest = rebuilt(xlsx(SAM), {"xl/worksheets/sheet1.xml": b"<a>" + b" " * 5_000_000 + b"</a>"}).getvalue()
    lying = honest.replace(struct.pack("<L", 5_000_007), struct.pack("<L", 10))
    assert lying != honest
    assert refusal("a.xlsx", io.BytesIO(lying)).code == "not_a_table"


def test_too_many_parts_are_refused() -> None:
    content = rebuilt(xlsx(SAM), {f"xl/media/{number}": b"" for number in range(1001)})
    assert refusal("a.xlsx", content).code == "too_large"


def test_a_text_that_many_cells_share_counts_in_each() -> None:
    """A workbook may keep it once: 30 kB that would become gigabytes."""
    namespace = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = b'<row r="%d">' + b'<c t="s"><v>0</v></c>' * len(NAMES) + b"</row>"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts = {
        "xl/sharedStrings.xml": b"<sst %s><si><t>%s</t></si></sst>" % (namespace, b"a" * 1_000_000),
        "[Content_Types].xml": b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind,
        "xl/worksheets/sheet1.xml": shared % 2 + shared % 3 + b"</sheetData>",
    }
    with zipfile.ZipFile(xlsx()) as plain:
        for name, end in (("[Content_Types].xml", b"</Types>"), ("xl/worksheets/sheet1.xml", b"</sheetData>")):
            parts[name] = plain.read(name).replace(end, parts[name])
    assert refusal("a.xlsx", rebuilt(xlsx(), parts)).code == "too_large"


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(xlsx(SAM).getvalue())
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refusal("a.xlsx", io.BytesIO(bytes(content))).code == "encrypted"


def test_another_zip_is_no_workbook() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    other.seek(0)
    assert refusal("a.xlsx", other).code == "not_a_table"


@pytest.mark.parametrize(
    "sheet",
    [
        b"<not xml",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">'
        b'<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">'
        b'<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="str"><v>&g;</v></c></row></sheetData></worksheet>',
    ],
)
def test_a_sheet_of_hostile_xml_is_refused(sheet: bytes) -> None:
    assert refusal("a.xlsx", rebuilt(xlsx(SAM), {"xl/worksheets/sheet1.xml": sheet})).code == "not_a_table"


def test_a_far_away_cell_does_not_make_reading_long() -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="str"><v>crm_id</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert refusal("a.xlsx", rebuilt(xlsx(), {"xl/worksheets/sheet1.xml": far})).code == "missing_column"


def test_a_formula_gives_its_stored_value_or_nothing() -> None:
    assert read_rows("a.xlsx", xlsx(SAM | {"phone": "=1+1"}))[0][1]["phone"] is None
