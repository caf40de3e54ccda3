"""Files of a ticket: what they are is read from their content, what they mean from our codes on their pages."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.marks import Mark
from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, FieldError, Invalid, Refused
from mikroserwis.models import File, Ticket
from mikroserwis.plaintext import plain
from mikroserwis.tickets import notices
from mikroserwis.tickets.facts import AT_WORK
from mikroserwis.tickets.operations.automatic import try_sign
from mikroserwis.tickets.quoting import filing

KINDS = ("quote", "contract", "power_of_attorney", "other")
BY_CODE = "by_code"
SCANNED = ("contract", "power_of_attorney")


@dataclass(frozen=True)
class Origin:
    """Where a paper came from that is not an uploaded file as it was: names of the files, one hash of them and their
    pages, and which pages (`3–4`, empty if they are several files')."""

    name: str
    sha256: str
    pages: str


@dataclass(frozen=True)
class Upload:
    """A paper that lies in the store already and has been looked into; `marks` are our codes, one per page or None."""

    name: str
    sha256: str
    size: int
    content_type: str
    pages: int
    marks: tuple[Mark | None, ...] = ()
    origin: Origin | None = None


def attach_all(
    session: Session, ticket: Ticket, uploads: Sequence[Upload], *, kind: str, actor: Actor, now: datetime
) -> list[tuple[File, bool]]:
    """File the papers of one upload, all or none; each as `attach` does, and raises."""
    with session.begin_nested():
        return [attach(session, ticket, upload, kind=kind, actor=actor, now=now) for upload in uploads]


def attach(
    session: Session, ticket: Ticket, upload: Upload, *, kind: str, actor: Actor, now: datetime
) -> tuple[File, bool]:
    """File the upload under its kind; True if it was there already. The ticket becomes a contract when it is complete.

    Raises Invalid for a kind that can't be, pages of another ticket, several papers or versions in one file, an old
    version, or missing pages.
    """
    require_taken(ticket)
    filed = _kind(session, ticket, upload, kind)
    former = _current(session, ticket, filed)
    same = next((one for one in former if one.rejected_at is None and _is_same(one, upload)), None)
    if same is not None:
        return same, True
    file = _add(session, ticket, upload, filed, former, actor=actor, now=now)
    if filed == "quote":
        filing.keep(session, ticket, file, upload.marks)
    history.record(
        session,
        "attach",
        actor=actor,
        now=now,
        ticket=ticket,
        kind=filed,
        name=file.name,
        version=file.version,
        out_of=upload.origin.name if upload.origin else "",
        pages=upload.origin.pages if upload.origin else "",
    )
    try_sign(session, ticket, actor=actor, now=now)
    return file, False


def require_taken(ticket: Ticket) -> None:
    """Raises Refused unless somebody works on the ticket: files belong to a tenure."""
    if ticket.state not in AT_WORK:
        raise Refused("attach", [Blocker("ticket_is_taken", {"state": ticket.state})])


def reject(session: Session, ticket: Ticket, file: File, reason: str, *, actor: Actor, now: datetime) -> None:
    """The backoffice refuses a paper: its reason stands on it, and the ticket asks for a new scan."""
    reason = plain(reason)
    if not reason:
        raise Invalid([FieldError("reason", "required")])
    if file.rejected_at is not None or file.replaced_at is not None:
        return
    file.rejected_at, file.rejection = now, reason[:1000]
    history.record(
        session,
        "reject",
        actor=actor,
        now=now,
        ticket=ticket,
        about_dealer=file.dealer_id,
        kind=file.kind,
        name=file.name,
        reason=file.rejection,
    )
    notices.scan_rejected(session, ticket, file, now=now)


def _kind(session: Session, ticket: Ticket, upload: Upload, chosen: str) -> str:
    """What the pages say goes before what the person chose. Raises Invalid for what can't be filed."""
    found = [mark for mark in upload.marks if mark is not None]
    kind = _marked_kind(ticket, upload, found) if found else chosen
    if kind == BY_CODE:
        raise Invalid([FieldError("kind", "no_code_found", {"name": upload.name})])
    if kind not in KINDS:
        raise Invalid([FieldError("kind", "unknown_kind", {"kind": kind})])
    check = CHECKS.get(kind)
    if check is not None:
        check(session, ticket, upload, found)
    return kind


def _marked_kind(ticket: Ticket, upload: Upload, found: Sequence[Mark]) -> str:
    """The paper that the pages are of: one, whole, of one version, of this ticket."""
    foreign = sorted({mark.ticket for mark in found} - {ticket.number})
    if foreign:
        raise Invalid([FieldError("file", "belongs_to_another_ticket", {"name": upload.name, "ticket": foreign[0]})])
    papers = sorted({mark.paper for mark in found})
    if len(papers) > 1:
        raise Invalid([FieldError("file", "several_papers", {"name": upload.name, "kinds": papers})])
    paper, versions = papers[0], sorted({mark.version for mark in found})
    if len(versions) > 1:
        params = {"name": upload.name, "paper": paper, "versions": versions}
        raise Invalid([FieldError("file", "several_versions", params)])
    missing = _missing_pages(found, upload.pages)
    if missing:
        absent = {"name": upload.name, "paper": paper, "pages": missing, "of": found[0].pages}
        raise Invalid([FieldError("file", "pages_missing", absent)])
    return paper


def _check_signed(_session: Session, ticket: Ticket, upload: Upload, found: Sequence[Mark]) -> None:
    """Contract and power of attorney: scans, and of papers made from the data that is confirmed now."""
    if not (upload.content_type == "application/pdf" or upload.content_type.startswith("image/")):
        raise Invalid([FieldError("file", "not_a_scan", {"name": upload.name})])
    current = ticket.confirmed_version or 0
    if found and found[0].version < current:
        params = {"name": upload.name, "paper": found[0].paper, "version": found[0].version, "current": current}
        raise Invalid([FieldError("file", "outdated_version", params)])


# What else must be true of a file of this kind: the session, the ticket, the file, and the marks that were read on it.
CHECKS: dict[str, Callable[[Session, Ticket, Upload, Sequence[Mark]], None]] = {
    "quote": lambda session, ticket, upload, found: filing.check(session, ticket, upload.name, found),
    "contract": _check_signed,
    "power_of_attorney": _check_signed,
}


def _missing_pages(found: Sequence[Mark], pages: int) -> list[int]:
    """Pages of the paper that aren't in the file; a page whose code can't be read counts as the one that is absent."""
    absent = sorted(set(range(1, found[0].pages + 1)) - {mark.page for mark in found})
    unread = pages - len(found)
    return [] if len(absent) <= unread else absent


def _is_same(file: File, upload: Upload) -> bool:
    """The same bytes, or made of the same pages of the same files."""
    made = upload.origin is not None and file.source_sha256 == upload.origin.sha256
    return made or file.sha256 == upload.sha256


def _current(session: Session, ticket: Ticket, kind: str) -> Sequence[File]:
    query = select(File).where(
        File.ticket_id == ticket.id,
        File.dealer_id == ticket.dealer_id,
        File.kind == kind,
        File.replaced_at.is_(None),
    )
    return session.scalars(query.order_by(File.id)).all()


def _add(
    session: Session, ticket: Ticket, upload: Upload, kind: str, former: Sequence[File], *, actor: Actor, now: datetime
) -> File:
    versions = [one.version for one in former]
    if kind != "other":
        for one in former:
            one.replaced_at = now
    file = File(
        ticket_id=ticket.id,
        dealer_id=ticket.dealer_id,
        kind=kind,
        version=max(versions, default=0) + 1 if kind != "other" else 1,
        name=upload.name,
        sha256=upload.sha256,
        size=upload.size,
        content_type=upload.content_type,
        pages=upload.pages,
        marks=json.dumps(
            [[mark.paper, mark.page, mark.pages, mark.version] if mark else None for mark in upload.marks]
        ),
        source_name=upload.origin.name if upload.origin else None,
        source_sha256=upload.origin.sha256 if upload.origin else None,
        source_pages=upload.origin.pages if upload.origin else None,
        uploaded_at=now,
        uploaded_by=actor.label,
    )
    session.add(file)
    session.flush()
    return file
