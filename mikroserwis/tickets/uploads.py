"""Files on their way in and out: judged before a transaction is opened, served so that nothing in them runs."""

from typing import BinaryIO, cast

from flask import Response
from werkzeug.datastructures import FileStorage

from mikroserwis import access, edge, file_answers, scans
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.file_answers import LONGEST_NAME as LONGEST_NAME
from mikroserwis.file_answers import clean_name as clean_name
from mikroserwis.models import File
from mikroserwis.tickets.operations.papers import BY_CODE, KINDS, SCANNED, Upload, require_taken


def receive(given: FileStorage | None, number: int, *, kind: str) -> Upload:
    """Store and inspect a file for the ticket of this number; nothing is locked meanwhile, `papers.attach` files it.

    Raises NotFound, Forbidden and Refused before a byte is kept; Invalid, TooLarge, EmptyFile, StorageFull and
    UnusableFile after a look at it.
    """
    parts = edge.parts()
    with parts.database.reading() as reading:
        require_taken(access.ticket(reading, edge.actor(), number, "files.add"))
    if kind not in (*KINDS, BY_CODE):
        raise Invalid([FieldError("kind", "unknown_kind", {"kind": kind})])
    if given is None or not given.filename:
        raise Invalid([FieldError("file", "required")])
    stored = parts.store.put(cast(BinaryIO, given.stream), limit=parts.settings.upload_limit)
    name = clean_name(given.filename)
    papers_only = kind in SCANNED or kind == BY_CODE
    accept = scans.SCANS if papers_only else (*scans.SCANS, *scans.OFFICE)
    found = scans.inspect(parts.store.path(stored.sha256), name, accept=accept)
    return Upload(name, stored.sha256, stored.size, found.content_type, found.pages, found.marks)


def serve(file: File, *, inline: bool) -> Response:
    """The stored bytes under the file's own name; only scans may show in the browser, all else is downloaded."""
    return file_answers.serve(file.sha256, file.name, file.content_type, inline=inline)


def thumbnail(file: File, page: int, width: int) -> Response:
    """A WebP picture of one page of a scan. Raises NotFound."""
    return file_answers.thumbnail(file.sha256, file.content_type, page, width, pages=file.pages)
