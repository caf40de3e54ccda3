"""Files by kind, papers to print, and what has gone to the backoffice."""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask import url_for

from mikroserwis import edge
from mikroserwis.errors import Blocker
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_number
from mikroserwis.models import Attempt, Delivery, File
from mikroserwis.rulebook import RULES
from mikroserwis.scans import EXTENSIONS, OFFICE, SCANS
from mikroserwis.tickets import queries
from mikroserwis.tickets.facts import AT_WORK, needed_documents
from mikroserwis.tickets.operations.export import can_go_again
from mikroserwis.tickets.operations.papers import BY_CODE, KINDS
from mikroserwis.tickets.presenting import uploads
from mikroserwis.tickets.presenting.acts import obstacles, ticket_act
from mikroserwis.tickets.presenting.scene import Scene
from mikroserwis.tickets.quoting.queries import label
from mikroserwis.tickets.wording import kind_label

PREVIEWED = 6
MEGABYTE = 1024 * 1024


def files(scene: Scene) -> dict[str, Any]:
    """All that tickets/_files.html wants."""
    found = scene.files
    limit = edge.parts().settings.upload_limit // MEGABYTE
    needed = needed_documents(scene.ticket)
    kinds = [
        kind for kind in KINDS if kind != "quote" or RULES.ticket_types[scene.ticket.type].quote or _has(found, kind)
    ]
    return {
        "count": sum(1 for one in found if one.replaced_at is None and one.kind in kinds),
        "upload": _upload(scene),
        "sent": uploads.shown(scene.ticket.number),
        "in_order": _in_order(found, needed),
        "kinds": [(BY_CODE, _("by the code on its pages")), *((kind, kind_label(kind)) for kind in kinds)],
        "max_size": f"{limit} MB",
        "accept": ",".join(f".{one}" for content in (*SCANS, *OFFICE) for one in EXTENSIONS[content]),
        "groups": [_group(scene, kind, kind in needed, [one for one in found if one.kind == kind]) for kind in kinds],
    }


def _in_order(found: Sequence[File], needed: Collection[str]) -> list[str]:
    """What is still to come, in the manual's order, while that is more than one paper."""
    held = {one.kind for one in found if one.replaced_at is None and one.rejected_at is None}
    missing = [kind_label(kind) for kind in KINDS if kind in needed and kind not in held]
    return missing if len(missing) > 1 else []


def _has(found: Iterable[File], kind: str) -> bool:
    return any(one.kind == kind for one in found)


def _upload(scene: Scene) -> dict[str, Any]:
    if not scene.may("files.add"):
        return {"allowed": False, "blockers": []}
    state = scene.ticket.state
    open_ = state in AT_WORK
    blockers = (
        []
        if open_ or state == "closed"
        else obstacles(scene.ticket.number, [Blocker("ticket_is_taken", {"state": state})])
    )
    return {"allowed": open_, "blockers": blockers, "url": url_for("tickets.upload", number=scene.ticket.number)}


def _group(scene: Scene, kind: str, required: bool, found: Sequence[File]) -> dict[str, Any]:
    """Newest first; what was replaced stands under what replaced it, another dealer's tenure under its own newest."""
    shown = [_file(scene, one) for one in found]
    current = [one for one in shown if not one["replaced"]]
    older = [one for one in shown if one["replaced"]]
    if not current and older:
        current, older = older[:1], older[1:]
    entries = [{"current": one, "older": older if one is current[0] else []} for one in current]
    return {"kind": kind, "label": kind_label(kind), "required": required, "entries": entries}


def _file(scene: Scene, file: File) -> dict[str, Any]:
    url = url_for("tickets.file", file_id=file.id)
    media = (
        "pdf"
        if file.content_type == "application/pdf"
        else "image"
        if file.content_type.startswith("image/")
        else "other"
    )
    pages = range(1, min(file.pages, PREVIEWED) + 1) if media != "other" else ()
    rejectable = scene.may("files.reject") and file.rejected_at is None and file.replaced_at is None
    return {
        "name": file.name,
        "version": file.version if file.kind != "other" else None,
        "pages": file.pages if media != "other" else None,
        "size": size_words(file.size),
        "source": file.source_name or "",
        "source_pages": file.source_pages or "",
        "who": file.uploaded_by,
        "at": file.uploaded_at,
        "media": media,
        "state": _state(scene, file),
        "reason": file.rejection or "",
        "replaced": file.replaced_at is not None,
        "url": url,
        "download_url": f"{url}?download=1",
        "previews": [url_for("tickets.thumbnail", file_id=file.id, page=page) for page in pages],
        "reject_url": url_for("tickets.reject_form", file_id=file.id) if rejectable else None,
    }


def _state(scene: Scene, file: File) -> str:
    if file.rejected_at is not None:
        return "rejected"
    if file.id in scene.held.acknowledged:
        return "accepted"
    return "queued" if file.id in scene.held.under_way else "waiting"


def size_words(size: int) -> str:
    """A file's size as people say it."""
    return (
        f"{say_number(round(size / MEGABYTE, 1))} MB" if size >= MEGABYTE // 10 else f"{max(round(size / 1024), 1)} kB"
    )


def documents(scene: Scene) -> dict[str, Any]:
    """Papers to print, or why they can't be made yet."""
    number = scene.ticket.number

    def url(name: str) -> str:
        return url_for("tickets.document", number=number, name=name)

    papers = (("contract", _("Contract (document)")), ("power-of-attorney", _("Power of attorney")))
    entries = [
        {"label": named, "docx_url": url(f"{name}.docx"), "pdf_url": url(f"{name}.pdf")} for name, named in papers
    ]
    return {
        "blockers": obstacles(number, queries.papers_blockers(scene.ticket)),
        "entries": [*_quote(scene), *entries],
        "zip_url": url("papers.zip"),
    }


def _quote(scene: Scene) -> list[dict[str, Any]]:
    """The version that counts, unless the retailer has declined it: the first of the papers."""
    quote = scene.quote
    if quote is None or quote.state == "declined":
        return []
    number = scene.ticket.number
    docx, pdf = (
        url_for("tickets.quote_paper", number=number, version=quote.number, ending=ending) for ending in ("docx", "pdf")
    )
    said = _("Quote %(label)s", label=label(number, quote.number))
    return [{"label": said, "docx_url": docx, "pdf_url": pdf}]


def export(scene: Scene, *, offered: bool) -> dict[str, Any] | None:
    """The button, unless the next step offers it, and every delivery with its attempts; a dealer sees those of its
    own tenure. None where nothing was sent and nothing can be yet."""
    found = [one for one in scene.deliveries if _own(scene, one)]
    attempts = queries.attempts(scene.session, found)
    if not found and scene.ticket.state == "new":
        return None
    action = None if offered else scene.actions.get("export")
    idle = action is not None and [one.code for one in action.blockers] == ["something_is_new_to_export"]
    return {
        "act": ticket_act(scene.ticket, action) if action and not (idle and found) else None,
        "deliveries": [_delivery(scene, one, attempts[one.item_id]) for one in found],
    }


def _own(scene: Scene, delivery: Delivery) -> bool:
    return not scene.actor.is_dealer or delivery.dealer_id == scene.actor.dealer_id


_SHOWN = {"acknowledged": "accepted", "retrying": "queued"}


def _delivery(scene: Scene, delivery: Delivery, attempts: Sequence[Attempt]) -> dict[str, Any]:
    state = queries.delivery_state(delivery)
    again = state in {"stuck", "rejected"} and can_go_again(delivery) and scene.may("deliveries.retry")
    rejection = json.loads(delivery.rejection) if delivery.rejection else {}
    return {
        "what": _("Closing package") if delivery.purpose == "closing" else _("Scans"),
        "state": _SHOWN.get(state, state),
        "awaited": state in {"queued", "retrying"},
        "at": delivery.requested_at,
        "receipt": delivery.receipt or "",
        "reason": rejection.get("reason", "") or (delivery.item.last_error or "" if state == "stuck" else ""),
        "next_at": delivery.item.due_at if state == "retrying" else None,
        "attempts": [_attempt(one) for one in reversed(attempts)],
        "package_url": url_for("tickets.package", delivery_id=delivery.id),
        "retry": {
            "trigger": "retry",
            "url": url_for("tickets.retry", delivery_id=delivery.id),
            "allowed": True,
        }
        if again
        else None,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {"at": attempt.started_at, "outcome": _outcome(attempt.outcome), "detail": attempt.detail or ""}


def _outcome(code: str | None) -> str:
    words = {
        None: _("cut off"),
        "delivered": _("delivered"),
        "rejected": _("rejected"),
        "scan_rejected": _("rejected"),
    }
    return words.get(code, _("failed"))
