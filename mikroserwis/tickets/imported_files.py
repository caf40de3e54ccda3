"""Files of tickets on their way in, and what of them must be mended on its way out; for pages and API."""

from typing import BinaryIO, cast

from flask import Response, send_file
from werkzeug.datastructures import FileStorage

from mikroserwis import edge
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.models import ImportDraft
from mikroserwis.scans import XLSX
from mikroserwis.tickets.importing.mending import bad_rows
from mikroserwis.tickets.importing.table import tickets_of
from mikroserwis.tickets.operations import import_drafts
from mikroserwis.tickets.presenting.import_page import error_text
from mikroserwis.tickets.uploads import clean_name

MOST_BYTES = 20 * 1024 * 1024


def bring(given: FileStorage | None) -> ImportDraft:
    """Keep the file and what it would do. Raises Forbidden, Invalid, TooLarge, EmptyFile, StorageFull."""
    edge.require("tickets.import")
    if given is None or not given.filename:
        raise Invalid([FieldError("file", "required")])
    store, name = import_drafts.shelf(edge.parts().settings), clean_name(given.filename)
    stored = store.put(cast(BinaryIO, given.stream), limit=MOST_BYTES)
    with store.open(stored.sha256) as content:
        return import_drafts.check(edge.session(), name, stored, content, actor=edge.actor(), now=edge.now())


def to_mend(draft: ImportDraft) -> Response:
    """The rows that were left out, to be mended and brought again."""
    edge.pause()
    with import_drafts.shelf(edge.parts().settings).open(draft.sha256) as content:
        tickets, _errors = tickets_of(draft.name, content)
    out = bad_rows(tickets, import_drafts.entries(draft), error_text)
    name = _("to-mend-%(number)s.xlsx", number=draft.id)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)
