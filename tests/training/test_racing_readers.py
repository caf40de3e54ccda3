"""One person in several tabs at the same moment."""

from datetime import UTC, datetime

from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Material, MaterialOpening, SavedView
from mikroserwis.tickets.operations.saved_views import MOST, save_view
from mikroserwis.training.operations import move_material, open_material
from tests.operations.racing import at_once
from tests.support.cast import PEOPLE
from tests.support.records import a_material
from tests.support.way import Way

TABS = 6


def test_a_material_opened_in_several_tabs_at_once_is_opened_once(parts: Parts, way: Way):
    alfa, material_id = way.actor(PEOPLE["alfa"].email), a_material(parts)

    def open_it(_tab: int) -> None:
        with parts.database.transaction() as session:
            material = session.get_one(Material, material_id)
            open_material(session, material, actor=alfa, now=datetime.now(UTC))

    at_once(open_it, TABS)
    with parts.database.reading() as session:
        assert len(session.scalars(select(MaterialOpening)).all()) == 1


def test_of_views_made_the_default_at_once_one_is(parts: Parts, way: Way):
    alfa = way.actor(PEOPLE["alfa"].email)

    def save(tab: int) -> None:
        with parts.database.transaction() as session:
            save_view(session, f"Widok {tab}", "view=pool", is_default=True, actor=alfa, now=datetime.now(UTC))

    at_once(save, TABS)
    with parts.database.reading() as session:
        views = session.scalars(select(SavedView)).all()
    assert len(views) == TABS < MOST
    assert [one.is_default for one in views].count(True) == 1


def test_materials_moved_at_once_keep_places_of_their_own(parts: Parts, way: Way):
    operator, ids = way.actor(PEOPLE["operator"].email), [a_material(parts) for _ in range(TABS)]

    def move(tab: int) -> None:
        for material_id in ids[tab:] + ids[:tab]:
            with parts.database.transaction() as session:
                material = session.get_one(Material, material_id)
                move_material(session, material, up=tab % 2 == 0, actor=operator, now=datetime.now(UTC))

    at_once(move, TABS)
    with parts.database.reading() as session:
        assert sorted(session.scalars(select(Material.position))) == list(range(TABS))
