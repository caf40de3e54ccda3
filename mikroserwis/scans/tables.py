"""A table that comes from outside, read where it can do no harm.

A workbook of 30 kB can keep the library that reads it busy for minutes, and take gigabytes: the limits of a process
of its own end that. A CSV costs no more than its bytes.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

from exports.tables import MAX_BYTES, Row, TableError, read_rows
from mikroserwis.scans.inspection import in_a_process
from mikroserwis.scans.model import Code, Limits, UnusableFile

# 5,000 full rows take two seconds.
LIMITS = Limits(seconds=12)
_MOMENTS: dict[str, Callable[[str], date]] = {"date": date.fromisoformat, "moment": datetime.fromisoformat}


def read(name: str, content: BinaryIO, *, limits: Limits = LIMITS) -> list[tuple[int, Row]]:
    """As `exports.tables.read_rows`. Takes 0.5 s at least for an XLSX. Raises TableError, Busy."""
    start = content.read(2)
    content.seek(0)
    if start != b"PK":
        return read_rows(name, content)
    with NamedTemporaryFile() as file:
        file.write(content.read(MAX_BYTES + 1))
        file.flush()
        try:
            answer = in_a_process({"verb": "rows", "path": file.name, "name": name}, limits, worker="table_worker")
        except UnusableFile as error:
            code = "too_large" if error.code == Code.TOO_COMPLEX else "not_a_table"
            raise TableError(code, f"reading it takes too much: {error.detail}") from error
    found = json.loads(answer)
    if "refused" in found:
        raise TableError(*found["refused"], line=found["line"], column=found["column"])
    return [(line, {name: _back(value) for name, value in row.items()}) for line, row in found["rows"]]


def rows(path: Path, *, name: str, limits: Limits) -> bytes:  # noqa: ARG001 - the process keeps the limits for it
    """The table or why it is refused, as JSON; days and moments as [kind, text]."""
    try:
        with path.open("rb") as content:
            found = read_rows(name, content)
    except TableError as error:
        told = {"refused": [error.code, error.detail], "line": error.line, "column": error.column}
        return json.dumps(told).encode()
    return json.dumps({"rows": found}, default=_told).encode()


def _told(value: date) -> list[str]:
    return ["moment" if isinstance(value, datetime) else "date", value.isoformat()]


def _back(value: Any) -> Any:
    return _MOMENTS[value[0]](value[1]) if isinstance(value, list) else value
