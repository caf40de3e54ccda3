"""The invoice's file on its way in: judged before a transaction is opened."""

from typing import BinaryIO, cast

from werkzeug.datastructures import FileStorage

from mikroserwis import access, edge, scans
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.file_answers import clean_name
from mikroserwis.tickets.invoicing.operations import require_possible
from mikroserwis.tickets.operations.papers import Upload


def require(number: int) -> None:
    """Raises NotFound, Forbidden and Refused before a byte is kept."""
    with edge.parts().database.reading() as reading:
        require_possible(reading, access.ticket(reading, edge.actor(), number, "invoice.give"))


def receive(given: FileStorage | None) -> Upload:
    """Store and inspect a PDF. Raises Invalid, TooLarge, EmptyFile, StorageFull, UnusableFile, Busy."""
    if given is None or not given.filename:
        raise Invalid([FieldError("file", "required")])
    parts = edge.parts()
    stored = parts.store.put(cast(BinaryIO, given.stream), limit=parts.settings.upload_limit)
    name = clean_name(given.filename)
    with parts.store.at_hand(stored.sha256) as path:
        found = scans.inspect(path, name, accept=(scans.PDF,))
    return Upload(name, stored.sha256, stored.size, found.content_type, found.pages, found.marks)
