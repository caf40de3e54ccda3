import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import pytest

from exports.packages import ContentMismatch, Package, PackagedFile, manifest, write_package
from tests.exports.paper_cast import HOSTILE

NOON = datetime(2026, 5, 27, 14, 0, 30, tzinfo=timezone(timedelta(hours=2)))


DETAILS = {"company": {"tax_id": "7974569439"}, "dealer": {"name": "Dealer Alfa"}}


def holding(content: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(content)


def stored(kind: str, name: str, content: bytes, content_type: str = "application/pdf", **changes: Any) -> PackagedFile:
    digest = sha256(content).hexdigest()
    usual = PackagedFile(kind, name, digest, len(content), 1, content_type, 2, NOON, holding(content))
    return replace(usual, **changes)


def package(*files: PackagedFile, **changes: Any) -> Package:
    return replace(Package("scans-115-1", "scans", 115, NOON, files, DETAILS), **changes)


QUOTE = stored("quote", "wycena.pdf", b"%PDF quote", number="W/115/2", printed_version=2)
CONTRACT = stored("contract", "skan 1.pdf", b"%PDF contract", version=2, printed_version=3)
INVOICE = stored("final_invoice", "faktura.pdf", b"%PDF invoice", number="FV/7/11 \\2026")
PHOTO = stored("other", "Zdjęcie lady.PNG", b"png", "image/png", pages=None)


def written(given: Package) -> zipfile.ZipFile:
    out = io.BytesIO()
    write_package(given, out)
    return zipfile.ZipFile(out)


def test_the_files_lie_under_readable_names_beside_manifest_and_index() -> None:
    with written(package(PHOTO, INVOICE, CONTRACT, QUOTE)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "manifest.json",
            "index.xlsx",
            "1-wycena-W-115-2.pdf",
            "2-umowa.pdf",
            "3-faktura-koncowa-FV-7-11-2026.pdf",
            "4-zdjecie-lady.png",
        ]
        assert archive.read("2-umowa.pdf") == b"%PDF contract"


def test_the_manifest_in_the_package_is_the_one_that_is_sent() -> None:
    given = package(QUOTE, CONTRACT, details={"points": [735], "note": "ąę"})
    with written(given) as archive:
        assert json.loads(archive.read("manifest.json")) == manifest(given)


def test_the_manifest_tells_what_whose_and_how_to_check_it() -> None:
    described: Any = manifest(package(CONTRACT, purpose="closing"))
    assert (described["purpose"], described["ticket"], described["made_at"]) == ("closing", 115, "2026-05-27T12:00:30Z")
    assert described["details"] == DETAILS
    assert described["files"] == [
        {
            "path": "1-umowa.pdf",
            "kind": "contract",
            "number": None,
            "name": "skan 1.pdf",
            "version": 2,
            "printed_version": 3,
            "sha256": sha256(b"%PDF contract").hexdigest(),
            "size": 13,
            "content_type": "application/pdf",
            "pages": 2,
            "uploaded_at": "2026-05-27T12:00:30Z",
        }
    ]


def test_the_index_lists_each_file() -> None:
    with written(package(QUOTE, PHOTO)) as archive:
        sheet: Any = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx"))).active
    assert sheet.title == "115 Skany dokumentów"
    assert [cell.value for cell in sheet[2]][:8] == [
        "1-wycena-W-115-2.pdf",
        "Wycena",
        "W/115/2",
        "wycena.pdf",
        1,
        2,
        2,
        10,
    ]
    assert sheet["I3"].value == datetime(2026, 5, 27, 12, 0, 30)  # noqa: DTZ001
    assert sheet["G3"].value is None


def test_the_same_package_gives_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_package(package(QUOTE, PHOTO), first)
    write_package(package(QUOTE, PHOTO), second)
    assert first.getvalue() == second.getvalue()


def test_every_entry_bears_the_moment_of_the_package() -> None:
    with written(package(QUOTE)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 5, 27, 12, 0, 30)}
        with zipfile.ZipFile(io.BytesIO(archive.read("index.xlsx"))) as index:
            assert index.read("docProps/core.xml").count(b"2026-05-27T12:00:30Z") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CONTRACT, open=holding(b"%PDF forged!!")),
        replace(CONTRACT, open=holding(b"")),
        replace(CONTRACT, size=12),
        replace(CONTRACT, sha256="0" * 64),
    ],
)
def test_content_that_is_not_what_its_hash_says_stops_the_package(wrong: PackagedFile) -> None:
    with pytest.raises(ContentMismatch, match=r"skan 1\.pdf"):
        write_package(package(QUOTE, wrong), io.BytesIO())


def test_a_file_that_is_gone_stops_the_package(tmp_path: Path) -> None:
    missing = replace(CONTRACT, open=lambda: (tmp_path / "gone").open("rb"))
    with pytest.raises(FileNotFoundError):
        write_package(package(missing), io.BytesIO())


def test_names_from_outside_cannot_lead_out_of_the_package() -> None:
    names = ["../../etc/passwd", "C:\\x\\y.exe", "/abs", "..", "", "con\x00.pdf\n", HOSTILE, "日本.pdf", "a" * 999]
    files = [stored("other", name, b"x", "application/x-dosexec") for name in names]
    files.append(stored("../quote", "q.pdf", b"x", number="../../W/:*?\x00/" + "9" * 99))
    with written(package(*files)) as archive:
        paths = archive.namelist()[2:]
    assert len({path.casefold() for path in paths}) == len(paths) == 10
    for path in paths:
        assert path.isascii()
        assert path.isprintable()
        assert re.fullmatch(r"[0-9]+-[A-Za-z0-9-]+\.(pdf|png|bin)", path)
        assert len(path) < 120
    assert paths[3] == "4-plik.bin"


def test_equal_names_stay_apart() -> None:
    with written(package(PHOTO, PHOTO)) as archive:
        assert len(set(archive.namelist())) == 4


def test_a_large_file_is_streamed_to_an_output_that_cannot_seek(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, target: BinaryIO) -> None:
            self.target, self.longest = target, 0

        def writable(self) -> bool:
            return True

        def write(self, chunk: Any) -> int:
            self.longest = max(self.longest, len(chunk))
            return self.target.write(chunk)

    content = bytes(range(256)) * 20_000
    path = tmp_path / "scan.pdf"
    path.write_bytes(content)
    with (tmp_path / "out.zip").open("wb") as target:
        pipe: Any = Pipe(target)
        write_package(package(stored("contract", "s.pdf", content, open=lambda: path.open("rb"))), pipe)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.read("1-umowa.pdf") == content
    assert pipe.longest < 2**21


def test_moments_are_utc_whatever_zone_they_carry() -> None:
    assert manifest(package(made_at=NOON)) == manifest(package(made_at=NOON.astimezone(UTC)))
