"""Who reads which material, and what of it is new to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor, may, require, role_relations
from mikroserwis.errors import NotFound
from mikroserwis.models import DealerType, Material, MaterialOpening, MaterialType


@dataclass(frozen=True)
class Shown:
    """A material and whether it is new to the person who looks."""

    material: Material
    is_new: bool


def keeps(actor: Actor) -> bool:
    """Whether this person maintains the material."""
    return may("training.manage", role_relations(actor))


def readable(actor: Actor) -> Select[Material]:
    """What is published; dealers read what is for all types or for one that they are certified for."""
    query = select(Material).where(Material.published, Material.removed_at.is_(None))
    if not actor.is_dealer:
        return query
    certified = (
        select(MaterialType.type)
        .join(DealerType, DealerType.type == MaterialType.type)
        .where(MaterialType.material_id == Material.id, DealerType.dealer_id == actor.dealer_id)
    )
    return query.where(or_(_for_all(), certified.exists()))


def load(session: Session, actor: Actor, material_id: int, permission: str, *, removed: bool = False) -> Material:
    """Raises Forbidden for whoever may do this to none; NotFound, also for a draft that isn't the actor's to keep."""
    require(permission, role_relations(actor))
    query = select(Material) if keeps(actor) else readable(actor)
    if not removed:
        query = query.where(Material.removed_at.is_(None))
    found = session.scalars(query.where(Material.id == material_id)).one_or_none()
    if found is None:
        raise NotFound(record="material", id=material_id)
    return found


def materials(session: Session, actor: Actor) -> list[Shown]:
    """All that the actor reads, in the order that staff gave them."""
    query = readable(actor).add_columns(_is_new(actor)).order_by(*IN_ORDER)
    return [Shown(row[0], row[1]) for row in session.execute(query)]


def kept(session: Session) -> Sequence[Material]:
    """All that staff keep, drafts too."""
    return session.scalars(select(Material).where(Material.removed_at.is_(None)).order_by(*IN_ORDER)).all()


def newest(session: Session, actor: Actor, type_: str, limit: int = 3) -> list[Shown]:
    """For a ticket of this type: what is new first, then the latest."""
    return [Shown(row[0], row[1]) for row in session.execute(_newest(actor, type_, limit))]


@lru_cache(maxsize=512)
def _newest(actor: Actor, type_: str, limit: int) -> Select[Material, bool]:
    """Asked with every ticket's page: built once for each reader."""
    of_type = exists().where(MaterialType.material_id == Material.id, MaterialType.type == type_)
    is_new = _is_new(actor)
    query = readable(actor).where(or_(of_type, _for_all())).add_columns(is_new)
    return query.order_by(is_new.desc(), Material.renewed_at.desc(), Material.id.desc()).limit(limit)


def is_new(session: Session, actor: Actor, material: Material) -> bool:
    return bool(session.scalar(select(_is_new(actor)).where(Material.id == material.id)))


def count_new(session: Session, actor: Actor) -> int:
    """For the menu: materials that the actor hasn't opened since they were published or renewed."""
    return session.connection().scalar(_count_of_new(actor)) or 0


@lru_cache(maxsize=512)
def _count_of_new(actor: Actor) -> Select[int]:
    """Asked with every page: built once for each reader."""
    return readable(actor).where(_is_new(actor)).with_only_columns(func.count(Material.id))


IN_ORDER = (Material.position, Material.id)


def _for_all() -> ColumnElement[bool]:
    return ~exists().where(MaterialType.material_id == Material.id)


def _is_new(actor: Actor) -> ColumnElement[bool]:
    return ~exists().where(
        MaterialOpening.material_id == Material.id,
        MaterialOpening.user_id == actor.user_id,
        MaterialOpening.opened_at >= Material.renewed_at,
    )
