"""The package of a ticket's papers for the back office: a ZIP with a manifest, an index and the files."""

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from typing import IO, BinaryIO, Literal

from exports.archives import entry, settled
from exports.marks import PAPER_LABELS
from exports.plain import plain, slug
from exports.sheets import Column, write_list

FORMAT = "mikroserwis-package/2"
KINDS = ("quote", "contract", "power_of_attorney", "final_invoice", "other")
_SUFFIXES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_PURPOSE_LABELS = {"scans": "Skany dokumentów", "closing": "Zamknięcie zgłoszenia"}
_INDEX = (
    Column("Plik", 44),
    Column("Rodzaj", 20),
    Column("Numer", 20),
    Column("Nazwa", 44),
    Column("Wersja pliku", 12, "integer"),
    Column("Wersja wydruku", 15, "integer"),
    Column("Strony", 9, "integer"),
    Column("Rozmiar (B)", 13, "integer"),
    Column("Wgrano (UTC)", 18, "moment"),
    Column("SHA-256", 68),
)
_CHUNK = 1 << 20


class ContentMismatch(Exception):
    """A file's bytes are not those its hash and size promise; what was written so far is to be thrown away."""


@dataclass(frozen=True)
class PackagedFile:
    """A stored file; `sha256` in hexadecimal, `size` in bytes, `open` gives its bytes from the start.

    `number` is what the paper itself is called by (W/115/2, an invoice's number), `printed_version` that of the data
    it was printed from; both only where they are known.
    """

    kind: str
    name: str
    sha256: str
    size: int
    version: int
    content_type: str
    pages: int | None
    uploaded_at: datetime
    open: Callable[[], BinaryIO]
    number: str = ""
    printed_version: int | None = None


@dataclass(frozen=True)
class Package:
    """What goes to the back office at once; moments carry their zone.

    `details` is JSON-ready and says the rest: company, dealer, what the package supplements.
    """

    package_id: str
    purpose: Literal["scans", "closing"]
    ticket: int
    made_at: datetime
    files: tuple[PackagedFile, ...]
    details: Mapping[str, object] = field(default_factory=dict)


def manifest(package: Package) -> dict[str, object]:
    """What the package holds, ready for JSON; moments are UTC in ISO 8601."""
    return {
        "format": FORMAT,
        "package_id": package.package_id,
        "purpose": package.purpose,
        "ticket": package.ticket,
        "made_at": _iso(package.made_at),
        "details": dict(package.details),
        "files": [
            {
                "path": path,
                "kind": each.kind,
                "number": plain(each.number) or None,
                "name": plain(each.name),
                "version": each.version,
                "printed_version": each.printed_version,
                "sha256": each.sha256,
                "size": each.size,
                "content_type": each.content_type,
                "pages": each.pages,
                "uploaded_at": _iso(each.uploaded_at),
            }
            for path, each in _laid_out(package)
        ],
    }


def write_package(package: Package, out: BinaryIO) -> None:
    """Streams the ZIP; the same package gives the same bytes. Raises ContentMismatch."""
    moment = package.made_at.astimezone(UTC)
    with zipfile.ZipFile(out, "w") as archive:
        described = json.dumps(manifest(package), ensure_ascii=False, indent=2)
        archive.writestr(entry("manifest.json", moment), described + "\n")
        archive.writestr(entry("index.xlsx", moment), _index(package, moment))
        for path, each in _laid_out(package):
            with each.open() as source, archive.open(entry(path, moment), "w") as target:
                _copy(each, source, target)


def _copy(each: PackagedFile, source: BinaryIO, target: IO[bytes]) -> None:
    digest, size = sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    if (digest.hexdigest(), size) != (each.sha256, each.size):
        raise ContentMismatch(f"{plain(each.name)}: {size} bytes, SHA-256 {digest.hexdigest()}")


def _laid_out(package: Package) -> list[tuple[str, PackagedFile]]:
    """The files in the order of their kinds, and each one's name; the running number makes the names unique."""
    ordered = sorted(package.files, key=lambda each: KINDS.index(each.kind) if each.kind in KINDS else len(KINDS))
    return [(f"{number}-{_file_name(each)}", each) for number, each in enumerate(ordered, 1)]


def _file_name(each: PackagedFile) -> str:
    """Letters, digits and hyphens, which every system can store: `wycena-W-115-2.pdf`, `umowa.pdf`."""
    known = each.kind in PAPER_LABELS and each.kind != "other"
    words = slug(PAPER_LABELS[each.kind]) if known else slug(PurePath(each.name).stem) or "plik"
    number = re.sub(r"[^A-Za-z0-9]+", "-", each.number).strip("-")[:40].strip("-")
    return f"{'-'.join(filter(None, (words, number)))}.{_SUFFIXES.get(each.content_type, 'bin')}"


def _index(package: Package, moment: datetime) -> bytes:
    rows = [
        (
            path,
            PAPER_LABELS.get(each.kind, each.kind),
            each.number,
            each.name,
            each.version,
            each.printed_version,
            each.pages,
            each.size,
            each.uploaded_at.astimezone(UTC),
            each.sha256,
        )
        for path, each in _laid_out(package)
    ]
    out = BytesIO()
    write_list(out, f"{package.ticket} {_PURPOSE_LABELS[package.purpose]}", _INDEX, rows)
    return settled(out.getvalue(), moment)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
