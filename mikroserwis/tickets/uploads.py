"""Files on their way in and out: judged and sorted before a transaction is opened, served so that nothing runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import Response, current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from mikroserwis import access, edge, file_answers, scans
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.file_answers import LONGEST_NAME as LONGEST_NAME
from mikroserwis.file_answers import clean_name as clean_name
from mikroserwis.i18n import gettext as _
from mikroserwis.models import File
from mikroserwis.scans import Leaf, UnusableFile
from mikroserwis.storage import EmptyFile, Missing, TooLarge
from mikroserwis.tickets.operations.papers import BY_CODE, KINDS, SCANNED, require_taken
from mikroserwis.tickets.quoting.filing import mark_of, refuse_changed
from mikroserwis.tickets.sorting import Batch, Sorting, Source
from mikroserwis.tickets.wording import field_sentence
from mikroserwis.upload_texts import unusable_sentence

KEPT_SECONDS = 24 * 3600
MOST_AT_ONCE = 40


@dataclass(frozen=True)
class Asked:
    """One file to be filed under `kind`: sent now, or by the token of one that was sent before."""

    kind: str
    given: FileStorage | str


@dataclass(frozen=True)
class Received:
    """`sources` has an entry for each file asked for, None for one that can't be used at all."""

    number: int
    asked: tuple[Asked, ...]
    sources: tuple[Source | None, ...]
    batches: tuple[Batch, ...]

    def name(self, place: int) -> str:
        """As the person calls the file."""
        source, given = self.sources[place], self.asked[place].given
        if source is not None:
            return source.name
        return clean_name(given.filename or "") if isinstance(given, FileStorage) else _("a file sent before")

    def token(self, place: int) -> str | None:
        """With which the file of this place need not be sent again."""
        source = self.sources[place]
        return None if source is None else _tokens(self.number).dumps([source.sha256, source.name])


def receive(asked: Sequence[Asked], number: int) -> Received:
    """Store, inspect and sort files for the ticket of this number; nothing is locked meanwhile.

    Raises NotFound, Forbidden, Refused and Invalid for an unknown kind before a byte is kept, StorageFull and Busy.
    What is wrong with single files stands in their batches.
    """
    with edge.parts().database.reading() as reading:
        require_taken(access.ticket(reading, edge.actor(), number, "files.add"))
    for one in asked:
        if one.kind not in (*KINDS, BY_CODE):
            raise Invalid([FieldError("kind", "unknown_kind", {"kind": one.kind})])
    if not asked:
        raise Invalid([FieldError("file", "required")])
    if len(asked) > MOST_AT_ONCE:
        raise Invalid([FieldError("file", "too_many_files", {"limit": MOST_AT_ONCE})])
    sources: list[Source | None] = []
    refused: list[Batch] = []
    for place, one in enumerate(asked):
        try:
            source = _looked_into(one, place, number)
            _refuse_another_ticket(source, number)
            _refuse_changed_quote(source, number)
            sources.append(source)
        except (Invalid, UnusableFile, TooLarge, EmptyFile) as refusal:
            sources.append(None)
            refused.append(Batch((place,), one.kind, refusal=refusal))
    usable = {place: source for place, source in enumerate(sources) if source is not None}
    batches = [*refused, *Sorting(number, usable).batches()]
    return Received(number, tuple(asked), tuple(sources), tuple(sorted(batches, key=lambda batch: batch.places)))


def serve(file: File, *, inline: bool) -> Response:
    """The stored bytes under the file's own name; only scans may show in the browser, all else is downloaded."""
    return file_answers.serve(file.sha256, file.name, file.content_type, inline=inline)


def thumbnail(file: File, page: int, width: int) -> Response:
    """A WebP picture of one page of a scan. Raises NotFound."""
    return file_answers.thumbnail(file.sha256, file.content_type, page, width, pages=file.pages)


def refusal_of_file(error: Exception) -> str:
    """Why one of several files can't be used, in one line."""
    if isinstance(error, Invalid):
        return " ".join(field_sentence(one) for one in error.errors)
    if isinstance(error, UnusableFile):
        return unusable_sentence(error.code, error.detail)
    if isinstance(error, TooLarge):
        return _("The file is too large: at most %(limit)s MB are possible.", limit=error.limit // (1024 * 1024))
    return unusable_sentence("empty", {})


def _looked_into(asked: Asked, place: int, number: int) -> Source:
    """Raises Invalid, TooLarge, EmptyFile, StorageFull, UnusableFile, Busy."""
    parts = edge.parts()
    if isinstance(asked.given, str):
        sha256, name = _kept(asked.given, number)
    else:
        if not asked.given.filename:
            raise Invalid([FieldError("file", "required")])
        sha256 = parts.store.put(cast(BinaryIO, asked.given.stream), limit=parts.settings.upload_limit).sha256
        name = clean_name(asked.given.filename)
    accept = scans.SCANS if asked.kind in SCANNED else (*scans.SCANS, *scans.OFFICE)
    try:
        with parts.store.at_hand(sha256) as path:
            size, found = path.stat().st_size, scans.inspect(path, name, accept=accept)
            marks = (mark_of(path.read_bytes()),) if found.content_type in scans.OFFICE else found.marks
    except Missing as error:
        raise Invalid([FieldError("file", "send_again")]) from error
    leaves = tuple(Leaf(place, page, mark, page in found.blank_pages) for page, mark in enumerate(marks, start=1))
    return Source(asked.kind, name, sha256, size, found.content_type, leaves)


def _refuse_changed_quote(source: Source, number: int) -> None:
    """A quote that comes back as DOCX or XLSX says what was issued. Raises Invalid."""
    if source.content_type not in scans.OFFICE or not source.marked:
        return
    parts = edge.parts()
    with parts.store.open(source.sha256) as file:
        content = file.read()
    with parts.database.reading() as reading:
        ticket = access.ticket(reading, edge.actor(), number, "files.add")
        refuse_changed(
            reading, parts.store, ticket, name=source.name, content=content, content_type=source.content_type
        )


def _kept(token: str, number: int) -> tuple[str, str]:
    try:
        sha256, name = _tokens(number).loads(token, max_age=KEPT_SECONDS)
    except BadData as error:
        raise Invalid([FieldError("file", "send_again")]) from error
    return sha256, name


def _tokens(number: int) -> URLSafeTimedSerializer:
    """Of one person on one ticket."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"upload-{number}-{edge.actor().user_id}")


def _refuse_another_ticket(source: Source, number: int) -> None:
    foreign = [(leaf.mark.ticket, leaf.page) for leaf in source.leaves if leaf.mark and leaf.mark.ticket != number]
    if foreign:
        ticket = foreign[0][0]
        own = any(leaf.mark and leaf.mark.ticket == number for leaf in source.leaves)
        pages = [page for of, page in foreign if of == ticket] if own else []
        params = {"name": source.name, "ticket": ticket, "pages": pages}
        raise Invalid([FieldError("file", "belongs_to_another_ticket", params)])
