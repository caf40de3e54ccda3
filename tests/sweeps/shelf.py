"""What the tests of exports look at and turn."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.edge import Parts
from mikroserwis.models import ListExport, User
from mikroserwis.sweeps import list_exports
from mikroserwis.tickets.operations import list_exports as operations
from mikroserwis.tickets.wanted import from_query
from tests.support.cast import PEOPLE


@dataclass
class Shelf:
    """Exports and their files, and a clock that is moved by hand; it also moves by itself each time it is read."""

    parts: Parts
    later: timedelta = timedelta(0)
    tick: timedelta = timedelta(0)

    def now(self) -> datetime:
        self.later += self.tick
        return datetime.now(UTC) + self.later

    def wait(self, **span: float) -> None:
        self.later += timedelta(**span)

    def order(self, name: str = "operator", query: str = "") -> int:
        """The id of an export that this person asks for."""
        with self.parts.database.transaction() as session:
            return operations.order(session, from_query(query), actor=_actor(session, name), now=self.now()).id

    def again(self, export_id: int, name: str = "operator") -> None:
        """The person presses 'Try again'."""
        with self.parts.database.transaction() as session:
            actor, now = _actor(session, name), self.now()
            operations.again(session, operations.load(session, actor, export_id, now), actor=actor, now=now)

    def work(self) -> bool:
        return list_exports.work(self.parts, self.now)

    def export(self, export_id: int) -> ListExport:
        with self.parts.database.reading() as session:
            found = session.get_one(ListExport, export_id)
            session.expunge_all()
            return found

    def change(self, export_id: int, **values: Any) -> None:
        with self.parts.database.transaction() as session:
            session.execute(update(ListExport).where(ListExport.id == export_id).values(**values))

    def copy(self, export_id: int, times: int) -> None:
        """As many more like this one."""
        with self.parts.database.transaction() as session:
            of = session.get_one(ListExport, export_id)
            values = {one.key: getattr(of, one.key) for one in ListExport.__table__.columns if one.key != "id"}
            session.add_all(ListExport(**values) for _ in range(times))

    def move(self, name: str, **values: Any) -> None:
        """The person's account is changed."""
        with self.parts.database.transaction() as session:
            session.execute(update(User).where(User.email == PEOPLE[name].email).values(**values))

    def files(self) -> list[Path]:
        folder = self.parts.settings.data / "exports"
        return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []

    def rows(self, export_id: int) -> list[tuple[Any, ...]]:
        """What stands in the finished file, its header first."""
        sha256 = self.export(export_id).sha256
        assert sha256 is not None
        with operations.shelf(self.parts.settings).open(sha256) as file:
            return list(load_workbook(file).worksheets[0].iter_rows(values_only=True))


def _actor(session: Session, name: str) -> access.Actor:
    user = session.scalars(select(User).where(User.email == PEOPLE[name].email)).one()
    actor = access.on_behalf_of(session, user.id, "web")
    assert actor is not None
    return actor
