"""Files of a ticket: what they are is read from their content, what they mean from our codes on their pages."""

import json
from collections.abc import Sequence
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

KINDS = ("quote", "contract", "power_of_attorney", "other")
BY_CODE = "by_code"
SCANNED = ("contract", "power_of_attorney")


@dataclass(frozen=True)
class Upload:
    """A file that lies in the store already and has been looked into; `marks` are our codes, one per page or None."""

    name: str
    sha256: str
    size: int
    content_type: str
    pages: int
    marks: tuple[Mark | None, ...] = ()


def attach(
    session: Session, ticket: Ticket, upload: Upload, *, kind: str, actor: Actor, now: datetime
) -> tuple[File, bool]:
    """File the upload under its kind; True if it was there already. The ticket becomes a contract when it is complete.

    Raises Invalid for a kind that can't be, pages of another ticket, several papers or versions in one file, an old
    version, or missing pages.
    """
    require_taken(ticket)
    filed = _kind(kind, ticket, upload)
    former = _current(session, ticket, filed)
    same = next((one for one in former if one.sha256 == upload.sha256 and one.rejected_at is None), None)
    if same is not None:
        return same, True
    file = _add(session, ticket, upload, filed, former, actor=actor, now=now)
    history.record(
        session, "attach", actor=actor, now=now, ticket=ticket, kind=filed, name=file.name, version=file.version
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


def _kind(kind: str, ticket: Ticket, upload: Upload) -> str:
    """What the pages say goes before what the person chose."""
    found = [mark for mark in upload.marks if mark is not None]
    foreign = sorted({mark.ticket for mark in found} - {ticket.number})
    if foreign:
        raise Invalid([FieldError("file", "belongs_to_another_ticket", {"name": upload.name, "ticket": foreign[0]})])
    papers = sorted({mark.paper for mark in found})
    if len(papers) > 1:
        raise Invalid([FieldError("file", "several_papers", {"name": upload.name, "kinds": papers})])
    if papers:
        _check_version(ticket, upload, found)
        missing = _missing_pages(found, upload.pages)
        if missing:
            raise Invalid(
                [FieldError("file", "pages_missing", {"name": upload.name, "pages": missing, "of": found[0].pages})]
            )
        return papers[0]
    if kind == BY_CODE:
        raise Invalid([FieldError("kind", "no_code_found", {"name": upload.name})])
    if kind not in KINDS:
        raise Invalid([FieldError("kind", "unknown_kind", {"kind": kind})])
    if kind in SCANNED and not (upload.content_type == "application/pdf" or upload.content_type.startswith("image/")):
        raise Invalid([FieldError("file", "not_a_scan", {"name": upload.name})])
    return kind


def _check_version(ticket: Ticket, upload: Upload, found: Sequence[Mark]) -> None:
    """Raises Invalid for pages of several versions, and for papers made before the data that is confirmed now."""
    versions = sorted({mark.version for mark in found})
    if len(versions) > 1:
        raise Invalid([FieldError("file", "several_versions", {"name": upload.name, "versions": versions})])
    current = ticket.confirmed_version or 0
    if found[0].paper in SCANNED and versions[0] < current:
        params = {"name": upload.name, "version": versions[0], "current": current}
        raise Invalid([FieldError("file", "outdated_version", params)])


def _missing_pages(found: Sequence[Mark], pages: int) -> list[int]:
    """Pages of the paper that aren't in the file; a page whose code can't be read counts as the one that is absent."""
    absent = sorted(set(range(1, found[0].pages + 1)) - {mark.page for mark in found})
    unread = pages - len(found)
    return [] if len(absent) <= unread else absent


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
        uploaded_at=now,
        uploaded_by=actor.label,
    )
    session.add(file)
    session.flush()
    return file
