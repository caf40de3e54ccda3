"""Stored files as answers: under a clean name, and so that nothing in them runs."""

from pathlib import PurePosixPath

from flask import Response, request, send_file

from mikroserwis import edge, scans
from mikroserwis.errors import NotFound
from mikroserwis.plaintext import tidy

LONGEST_NAME = 255
THUMBNAIL_WIDTHS = (160, 320, 640, 1280)
SHOWN = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def clean_name(name: str) -> str:
    """The last part of a path, on one line, short enough with its extension kept."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = tidy("".join(sign if sign.isprintable() else " " for sign in last))
    path = PurePosixPath(plain if plain.strip(". ") else "plik")
    return f"{path.stem[: LONGEST_NAME - len(path.suffix[:20])]}{path.suffix[:20]}"


def serve(sha256: str, name: str, content_type: str, *, inline: bool) -> Response:
    """The stored bytes under their name; only scans may show in the browser, all else is downloaded."""
    shown = inline and content_type in scans.SCANS
    if request.if_none_match.contains_raw(sha256):
        response = Response(status=304)
        response.set_etag(sha256)
        return _private(response, "no-cache")
    edge.pause()
    # Opened by then: it can be sent also when a path of the moment is gone.
    with edge.parts().store.at_hand(sha256) as path:
        response = send_file(
            path, mimetype=content_type, as_attachment=not shown, download_name=name, etag=sha256, conditional=True
        )
    # A browser's own PDF viewer doesn't open in a sandbox; a PDF can't run as a page of ours either.
    pdf = shown and content_type == scans.PDF
    response.headers["Content-Security-Policy"] = SHOWN if pdf else f"sandbox; {SHOWN}"
    return _private(response, "no-cache")


def thumbnail(sha256: str, content_type: str, page: int, width: int, *, pages: int) -> Response:
    """A WebP picture of one page of a scan, `width` being one of THUMBNAIL_WIDTHS. Raises NotFound."""
    if content_type not in scans.SCANS or not 1 <= page <= pages or width not in THUMBNAIL_WIDTHS:
        raise NotFound(record="thumbnail", id=page)
    response = Response(mimetype="image/webp")
    response.set_etag(f"{sha256}-{page}-{width}")
    if not request.if_none_match.contains_raw(response.get_etag()[0] or ""):
        edge.pause()
        with edge.parts().store.at_hand(sha256) as path:
            response.set_data(scans.thumbnail(path, content_type, page, width))
    response.make_conditional(request)
    return _private(response, "max-age=86400")


def _private(response: Response, caching: str) -> Response:
    """Kept by the person's own browser at most."""
    response.headers["Cache-Control"] = f"private, {caching}"
    response.headers.pop("Expires", None)
    return response
