"""Files on their way in and out: judged before a transaction is opened, served so that nothing in them runs."""

from pathlib import PurePosixPath
from typing import BinaryIO, cast

from flask import Response, request, send_file
from werkzeug.datastructures import FileStorage

from mikroserwis import access, edge, scans
from mikroserwis.errors import FieldError, Invalid, NotFound
from mikroserwis.models import File
from mikroserwis.plaintext import tidy
from mikroserwis.tickets.operations.papers import BY_CODE, KINDS, SCANNED, Upload, require_taken

LONGEST_NAME = 255
THUMBNAIL_WIDTHS = (160, 320, 640, 1280)
SHOWN = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


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


def clean_name(name: str) -> str:
    """The last part of a path, on one line, short enough with its extension kept."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = tidy("".join(sign if sign.isprintable() else " " for sign in last))
    path = PurePosixPath(plain if plain.strip(". ") else "plik")
    return f"{path.stem[: LONGEST_NAME - len(path.suffix[:20])]}{path.suffix[:20]}"


def serve(file: File, *, inline: bool) -> Response:
    """The stored bytes under the file's own name; only scans may show in the browser, all else is downloaded."""
    shown = inline and file.content_type in scans.SCANS
    response = send_file(
        edge.parts().store.path(file.sha256),
        mimetype=file.content_type,
        as_attachment=not shown,
        download_name=file.name,
        etag=file.sha256,
        conditional=True,
    )
    # A browser's own PDF viewer doesn't open in a sandbox; a PDF can't run as a page of ours either.
    pdf = shown and file.content_type == scans.PDF
    response.headers["Content-Security-Policy"] = SHOWN if pdf else f"sandbox; {SHOWN}"
    return _private(response, "no-cache")


def thumbnail(file: File, page: int, width: int) -> Response:
    """A WebP picture of one page of a scan, `width` being one of THUMBNAIL_WIDTHS. Raises NotFound."""
    if file.content_type not in scans.SCANS or not 1 <= page <= file.pages or width not in THUMBNAIL_WIDTHS:
        raise NotFound(record="thumbnail", id=file.id)
    response = Response(mimetype="image/webp")
    response.set_etag(f"{file.sha256}-{page}-{width}")
    if not request.if_none_match.contains_raw(response.get_etag()[0] or ""):
        path = edge.parts().store.path(file.sha256)
        response.set_data(scans.thumbnail(path, file.content_type, page, width))
    response.make_conditional(request)
    return _private(response, "max-age=86400")


def _private(response: Response, caching: str) -> Response:
    """Kept by the person's own browser at most."""
    response.headers["Cache-Control"] = f"private, {caching}"
    response.headers.pop("Expires", None)
    return response
