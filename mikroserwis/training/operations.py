"""Training material: written, ordered, published and removed by staff; opened by everybody."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict, FieldError, Invalid
from mikroserwis.models import Material, MaterialOpening, MaterialType
from mikroserwis.training import queries
from mikroserwis.training.forms import Content, Pdf


def add_material(session: Session, content: Content, pdf: Pdf | None, *, actor: Actor, now: datetime) -> Material:
    """On top of the others. Raises Invalid if a PDF has no file."""
    first = session.scalar(select(func.min(Material.position))) or 0
    material = Material(position=first - 1, created_at=now, created_by=actor.label, renewed_at=now)
    _write(material, content, pdf)
    session.add(material)
    session.flush()
    _known_to(session, material, actor, now)
    history.record(session, "add_material", actor=actor, now=now, material=material.id, **_words(material))
    return material


def change_material(
    session: Session,
    material: Material,
    content: Content,
    pdf: Pdf | None,
    *,
    renew: bool = False,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Material:
    """Everything it says; without a file it keeps the one it has. `renew` makes it new to everybody again.

    Raises Invalid if a PDF has no file; Conflict if it was changed since `version` was read.
    """
    if version is not None and version != material.version:
        raise Conflict("changed_meanwhile", fields={}, version=material.version)
    before, was_published = _words(material), material.published
    _write(material, content, pdf)
    session.flush()
    after = _words(material)
    if renew or (material.published and not was_published):
        _renew(session, material, actor, now)
    changes = {name: (before[name], value) for name, value in after.items() if value != before[name]}
    if changes or renew:
        history.record(
            session, "change_material", actor=actor, now=now, changes=changes, material=material.id, renewed=renew
        )
    return material


def publish_material(session: Session, material: Material, *, published: bool, actor: Actor, now: datetime) -> None:
    """Out of sight, or in sight and new to everybody. Asked for twice, it is done once."""
    if material.published == published:
        return
    material.published = published
    if published:
        _renew(session, material, actor, now)
    changes = {"published": (not published, published)}
    history.record(session, "change_material", actor=actor, now=now, changes=changes, material=material.id)


def move_material(session: Session, material: Material, *, up: bool, actor: Actor, now: datetime) -> None:
    """One place up or down; nobody who edits one of the two is overtaken by that."""
    ids = list(session.scalars(select(Material.id).order_by(Material.id).with_for_update()))
    if material.id not in ids:
        return
    order = [one.id for one in queries.kept(session)]
    place = order.index(material.id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, material_id in enumerate(order):
        session.execute(update(Material).where(Material.id == material_id).values(position=position))
    history.record(session, "move_material", actor=actor, now=now, material=material.id, up=up)


def remove_material(session: Session, material: Material, *, actor: Actor, now: datetime) -> None:
    """Nobody sees it any more; the history knows what it was. Asked for twice, it is done once."""
    if material.removed_at is not None:
        return
    material.removed_at = now
    history.record(session, "remove_material", actor=actor, now=now, material=material.id, **_words(material))


def open_material(session: Session, material: Material, *, actor: Actor, now: datetime) -> None:
    """It is no longer new to this person."""
    _known_to(session, material, actor, now)


def open_all(session: Session, *, actor: Actor, now: datetime) -> int:
    """Nothing is new to this person any more; returns how many were."""
    new = [one.material for one in queries.materials(session, actor) if one.is_new]
    for material in new:
        _known_to(session, material, actor, now)
    return len(new)


def _write(material: Material, content: Content, pdf: Pdf | None) -> None:
    material.kind, material.title, material.summary = content.kind, content.title, content.summary
    material.text, material.url, material.published = content.text, content.url, content.published
    if set(content.types) != {one.type for one in material.types}:
        there = {one.type: one for one in material.types}
        material.types = [there.get(name) or MaterialType(type=name) for name in content.types]
    if content.kind != "pdf":
        material.file_name = material.sha256 = material.size = material.pages = None
    elif pdf is not None:
        material.file_name, material.sha256, material.size, material.pages = pdf.name, pdf.sha256, pdf.size, pdf.pages
    elif material.sha256 is None:
        raise Invalid([FieldError("file", "required")])


def _renew(session: Session, material: Material, actor: Actor, now: datetime) -> None:
    material.renewed_at = now
    _known_to(session, material, actor, now)


def _known_to(session: Session, material: Material, actor: Actor, now: datetime) -> None:
    if actor.user_id is None:
        return
    opening = session.get(MaterialOpening, (material.id, actor.user_id))
    if opening is not None:
        opening.opened_at = now
        return
    # Two tabs that open it at once want the same row.
    with suppress(IntegrityError), session.begin_nested():
        session.add(MaterialOpening(material_id=material.id, user_id=actor.user_id, opened_at=now))


def _words(material: Material) -> dict[str, Any]:
    """For the history: a replaced file is known by its hash."""
    names = ("kind", "title", "summary", "text", "url", "file_name", "sha256", "published")
    return {**{name: getattr(material, name) for name in names}, "types": [one.type for one in material.types]}
