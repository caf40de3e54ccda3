"""What the pages of help show, made from records: plain values for the templates."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis.access import Actor, may, role_relations
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.models import Material
from mikroserwis.rulebook import RULES, type_label
from mikroserwis.training import queries
from mikroserwis.training.forms import KINDS, LENGTHS
from mikroserwis.training.queries import Shown
from mikroserwis.training.writing import html

KIND_LABELS = {"text": lazy("Text"), "link": lazy("Video or page elsewhere"), "pdf": lazy("PDF file")}


def help_page(session: Session, actor: Actor) -> dict[str, Any]:
    """Where help is to be had, and the material: first what is for all types, then type by type."""
    found = queries.materials(session, actor)
    groups = [("", _("For every type of ticket"), [one for one in found if not one.material.types])]
    groups += [
        (name, type_label(name), [one for one in found if name in type_names(one.material)]) for name in _used(found)
    ]
    return {
        "groups": [
            {"type": name, "label": label, "materials": [line(one) for one in of_type]}
            for name, label, of_type in groups
            if of_type
        ],
        "count_new": sum(one.is_new for one in found),
        "open_all_url": url_for("training.open_all"),
        "keep_url": url_for("training.manage") if queries.keeps(actor) else None,
        "quote_types": [type_label(name) for name, rule in RULES.ticket_types.items() if rule.quote],
        "sample_url": url_for("training.quote_form"),
        "contacts": RULES.contacts,
    }


def type_names(material: Material) -> list[str]:
    """In the order of the rules; a type that the rules no longer know comes last."""
    own = {one.type for one in material.types}
    return [name for name in RULES.type_names if name in own] + sorted(own - set(RULES.type_names))


def _used(found: Collection[Shown]) -> list[str]:
    used = {one.type for shown in found for one in shown.material.types}
    return [name for name in RULES.type_names if name in used] + sorted(used - set(RULES.type_names))


def line(shown: Shown) -> dict[str, Any]:
    """One material in a list."""
    material = shown.material
    return {
        "id": material.id,
        "url": url_for("training.show", material_id=material.id),
        "kind": material.kind,
        "kind_label": str(KIND_LABELS[material.kind]),
        "host": urlsplit(material.url).hostname or "",
        "title": material.title,
        "summary": material.summary,
        "pages": material.pages,
        "size": material.size,
        "types": [type_label(name) for name in type_names(material)],
        "since": material.renewed_at,
        "is_new": shown.is_new,
        "published": material.published,
    }


def material_page(shown: Shown, actor: Actor) -> dict[str, Any]:
    """One material with its content."""
    material = shown.material
    file_url = url_for("training.file", material_id=material.id) if material.sha256 else None
    return {
        "material": line(shown),
        "html": html(material.text),
        "url": material.url,
        "file_url": file_url,
        "download_url": f"{file_url}?download=1" if file_url else None,
        "picture_url": url_for("training.picture", material_id=material.id, page=1) if material.sha256 else None,
        "file_name": material.file_name,
        "edit_url": url_for("training.edit", material_id=material.id) if queries.keeps(actor) else None,
    }


def manage_page(session: Session, actor: Actor) -> dict[str, Any]:
    """All that staff keep, with what can be done to each."""
    found, removes = queries.kept(session), may("training.delete", role_relations(actor))
    return {
        "materials": [
            {
                **line(Shown(one, is_new=False)),
                "first": index == 0,
                "last": index == len(found) - 1,
                **{
                    f"{name}_url": url_for(f"training.{name}", material_id=one.id)
                    for name in ("edit", "move", "publish")
                },
                "remove_url": url_for("training.remove", material_id=one.id) if removes else None,
            }
            for index, one in enumerate(found)
        ],
        "new_url": url_for("training.new"),
    }


def form(material: Material | None, typed: Mapping[str, Any] | None, version: int | None = None) -> dict[str, Any]:
    """The form of a material: what it says, or what was typed."""
    values = typed or _values(material)
    names = [*RULES.type_names, *(name for name in values["types"] if name not in RULES.type_names)]
    return {
        "values": values,
        "kinds": [(kind, str(KIND_LABELS[kind])) for kind in KINDS],
        "types": [(name, type_label(name), name in values["types"]) for name in names],
        "lengths": LENGTHS,
        "file_name": material.file_name if material else None,
        "version": version or (material.version if material else None),
        "is_new": material is None,
        "action": url_for("training.change", material_id=material.id) if material else url_for("training.create"),
        "back_url": url_for("training.manage"),
        "view_url": url_for("training.show", material_id=material.id) if material else None,
    }


def _values(material: Material | None) -> dict[str, Any]:
    if material is None:
        return {"kind": "text", "title": "", "summary": "", "text": "", "url": "", "types": [], "published": True}
    names = ("kind", "title", "summary", "text", "url", "published")
    return {**{name: getattr(material, name) for name in names}, "types": type_names(material)}


def ticket_box(session: Session, actor: Actor, type_: str) -> list[dict[str, Any]]:
    """The newest materials for a ticket of this type."""
    return [line(one) for one in queries.newest(session, actor, type_)]
