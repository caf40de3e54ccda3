"""PDFs of the training material on their way in and out."""

from typing import BinaryIO, cast

from flask import Response
from werkzeug.datastructures import FileStorage

from mikroserwis import edge, file_answers, scans
from mikroserwis.errors import NotFound
from mikroserwis.models import Material
from mikroserwis.training.forms import Pdf


def receive(given: FileStorage | None) -> Pdf | None:
    """Store and inspect, before a transaction is opened; None if no file came.

    Raises TooLarge, EmptyFile, StorageFull and UnusableFile.
    """
    if given is None or not given.filename:
        return None
    parts, name = edge.parts(), file_answers.clean_name(given.filename)
    stored = parts.store.put(cast(BinaryIO, given.stream), limit=parts.settings.upload_limit)
    with parts.store.at_hand(stored.sha256) as path:
        found = scans.inspect(path, name, accept=(scans.PDF,))
    return Pdf(name, stored.sha256, stored.size, found.pages)


def serve(material: Material, *, inline: bool) -> Response:
    """The PDF as it was uploaded. Raises NotFound for a material without one."""
    if material.sha256 is None or material.file_name is None:
        raise NotFound(record="file", id=material.id)
    return file_answers.serve(material.sha256, material.file_name, scans.PDF, inline=inline)


def picture(material: Material, page: int, width: int) -> Response:
    """A small picture of a page of it. Raises NotFound."""
    if material.sha256 is None:
        raise NotFound(record="file", id=material.id)
    return file_answers.thumbnail(material.sha256, scans.PDF, page, width, pages=material.pages or 0)
