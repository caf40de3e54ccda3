"""What the pages of texts show."""

from collections.abc import Sequence
from dataclasses import asdict
from difflib import SequenceMatcher
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import access, refused_forms, sms
from mikroserwis.access import Actor
from mikroserwis.i18n import LANGUAGES, lazy
from mikroserwis.models import Event, MessageText
from mikroserwis.telling import CHANNELS, EMAIL, Variable
from mikroserwis.telling.rendering import Own, broken, filled
from mikroserwis.texts import forms, queries
from mikroserwis.texts.previewing import Preview, takes_ticket
from mikroserwis.texts.queries import MOST_VERSIONS, VIEWS, Row, Wanted
from mikroserwis.texts.slots import Slot, languages, sampled
from mikroserwis.texts.wording import CHANNELS as CHANNEL_LABELS
from mikroserwis.texts.wording import FIELDS, field_sentence

_VIEWS = {"": lazy("All"), "shipped": lazy("Predefined"), "own": lazy("Own")}


def list_page(session: Session, wanted: Wanted, actor: Actor) -> dict[str, Any]:
    address = partial(_address, wanted)
    return {
        "wanted": wanted,
        "tabs": [(CHANNEL_LABELS[one], address(channel=one), one == wanted.channel) for one in CHANNELS],
        "views": [(_VIEWS[one], address(view=one), one == wanted.view) for one in VIEWS],
        "tongues": [
            (code, LANGUAGES[code], address(language=code), code == wanted.spoken) for code in languages(wanted.channel)
        ],
        "rows": [_row(row) for row in queries.fetch(session, wanted)],
        "list_url": url_for("texts.index"),
        "may_edit": may_edit(actor),
    }


def text_page(session: Session, slot: Slot, preview: Preview | None, actor: Actor) -> dict[str, Any]:
    """The form as it is kept, the list of variables, a preview and the versions."""
    own, shipped = queries.in_force(session, slot), slot.shipped()
    kept = Own(own.subject, own.body) if own else shipped
    address = partial(_slot_address, slot)
    every = queries.versions(session, slot, MOST_VERSIONS + 1)
    return {
        "event": slot.event,
        "channel": slot.channel,
        "channel_label": CHANNEL_LABELS[slot.channel],
        "language": slot.language,
        "tongues": [
            (LANGUAGES[code], _slot_address(slot, "texts.text", language=code), code == slot.language)
            for code in languages(slot.channel)
        ],
        "values": {"subject": kept.subject, "body": kept.body, "ticket": ""},
        "labels": FIELDS,
        "longest": forms.LONGEST[slot.channel],
        "has_subject": slot.channel == EMAIL,
        "takes_ticket": takes_ticket(slot),
        "variables": [_variable(one, slot.channel) for one in slot.event.known(slot.channel).values()],
        "own": own,
        "broken": [field_sentence(one.code, one.params) for one in broken(slot.event, slot.channel, kept)]
        if own
        else [],
        "shipped": shipped,
        "version": every[0].number if every else 0,
        "versions": _versions(slot, every),
        "preview": preview_part(preview),
        "read_only": not may_edit(actor),
        "action": address("texts.save"),
        "trial_url": address("texts.send_trial"),
        "restore_url": address("texts.restore") if own else None,
        "list_url": url_for("texts.index", channel=slot.channel, language=slot.language),
        "errors": {},
        "problems": [],
        "conflict": None,
    }


def preview_part(preview: Preview | None) -> dict[str, Any] | None:
    """What texts/_preview.html shows."""
    if preview is None:
        return None
    size = preview.size
    return {
        "message": preview.message,
        "size": asdict(size) | {"places_of": _room(size)} if size else None,
        "odd": preview.odd,
    }


def conflict(session: Session, slot: Slot, error: Exception) -> dict[str, Any] | None:
    """What tickets/_conflict.html wants, if somebody saved meanwhile."""
    newest = [Event(actor=one.created_by, at=one.created_at) for one in queries.versions(session, slot, 1)]
    return refused_forms.conflict(error, newest, FIELDS, lambda _name, value: value)


def may_edit(actor: Actor) -> bool:
    return access.may("texts.edit", access.role_relations(actor))


def _room(size: sms.Size) -> int:
    """Places that the parts have."""
    alone, each = (160, 153) if size.plain else (70, 67)
    return alone if size.parts == 1 else each * size.parts


def _address(wanted: Wanted, **changed: Any) -> str:
    return url_for("texts.index", **wanted.arguments(**changed))


def _slot_address(slot: Slot, endpoint: str, **changed: Any) -> str:
    event, channel, language = slot.key
    return url_for(endpoint, **{"event": event, "channel": channel, "language": language, **changed})


def _row(row: Row) -> dict[str, Any]:
    slot, text = row.slot, _as_read(row)
    return {
        "url": _slot_address(slot, "texts.text"),
        "label": slot.event.label,
        "code": slot.event.code,
        "audience": slot.event.audience,
        "subject": text.subject,
        "body": text.body,
        "is_own": row.is_own,
        "is_broken": row.is_broken,
        "at": row.at,
        "by": row.by,
    }


def _as_read(row: Row) -> Own:
    """With sample values; what can't be sent stands as it was written."""
    if row.is_broken or not row.text.body:
        return row.text
    made = filled(row.slot.event, row.slot.channel, row.text, sampled(row.slot))
    return Own(made.subject, made.body)


def _variable(one: Variable, channel: str) -> dict[str, Any]:
    return {
        "written": one.written,
        "meaning": one.meaning,
        "sample": "" if one.flag else str(one.sample),
        "required": channel in one.required,
    }


def _versions(slot: Slot, every: Sequence[MessageText]) -> list[dict[str, Any]]:
    """Each with what it changed; the first one is measured against the text that is shipped."""
    shipped = slot.shipped()
    texts = [Own(one.subject, one.body) for one in every[1:]] + [shipped]
    return [_version(slot, one, was) for one, was in list(zip(every, texts, strict=False))[:MOST_VERSIONS]]


def _version(slot: Slot, one: MessageText, was: Own) -> dict[str, Any]:
    address = partial(_slot_address, slot, "texts.bring_back", text_number=one.number)
    return {
        "number": one.number,
        "at": one.created_at,
        "by": one.created_by,
        "shipped": one.shipped,
        "in_force": one.in_force,
        "subject": differences(was.subject, one.subject) if was.subject != one.subject else [],
        "body": differences(was.body, one.body),
        "bring_back_url": None if one.in_force or one.shipped else address(),
    }


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """Line by line: ("", both have it), ("del", only the old one), ("ins", only the new one)."""
    before, after = old.splitlines(), new.splitlines()
    found: list[tuple[str, str]] = []
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [("", line) for line in before[first:last]]
        else:
            found += [("del", line) for line in before[first:last]]
            found += [("ins", line) for line in after[start:end]]
    return found
