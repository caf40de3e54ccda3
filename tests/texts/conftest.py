"""Writing texts: operations in transactions of their own, by an admin of the cast."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.access import Actor
from mikroserwis.edge import Parts
from mikroserwis.models import MessageText, User
from mikroserwis.telling import Rendered, render
from mikroserwis.texts import operations, queries
from mikroserwis.texts.slots import slot
from tests.support.cast import PEOPLE

OFFERED = ("offered", "email", "pl")
OWN = {"subject": "Nowość: {{ ticket }}", "body": "Dzień dobry!\n\n{{ news }}\n\n{{ facts }}"}


class Pen:
    """Acts on texts, each in its transaction."""

    def __init__(self, parts: Parts) -> None:
        self.database = parts.database
        self.now = datetime.now(UTC)
        with self.database.reading() as session:
            user = session.scalars(select(User).where(User.email == PEOPLE["admin"].email)).one()
            self.actor = Actor(user_id=user.id, name=user.name, role=user.role)

    def do(self, act: Callable[..., Any], at: tuple[str, str, str], *given: Any, version: int | None = None) -> Any:
        with self.database.transaction() as session:
            return act(session, slot(*at), *given, version=version, actor=self.actor, now=self.now)

    def save(self, at: tuple[str, str, str] = OFFERED, *, version: int | None = None, **values: str) -> Any:
        return self.do(operations.save, at, values or OWN, version=version)

    def restore(self, at: tuple[str, str, str] = OFFERED, *, version: int | None = None) -> None:
        self.do(operations.restore, at, version=version)

    def bring_back(self, number: int, at: tuple[str, str, str] = OFFERED) -> None:
        with self.database.transaction() as session:
            former = queries.version(session, slot(*at), number)
            operations.bring_back(session, slot(*at), former, version=None, actor=self.actor, now=self.now)

    def plant(self, body: str, subject: str = "Temat", at: tuple[str, str, str] = OFFERED) -> None:
        """A text that no form would have taken: of another release, or by somebody with the database in hand."""
        event, channel, language = at
        with self.database.transaction() as session:
            session.add(
                MessageText(
                    event=event,
                    channel=channel,
                    language=language,
                    number=1,
                    subject=subject,
                    body=body,
                    in_force=True,
                    created_at=self.now,
                    created_by="?",
                )
            )

    def told(self, at: tuple[str, str, str] = OFFERED, **values: Any) -> Rendered:
        """What a message says now."""
        event, channel, language = at
        of = slot(*at)
        with self.database.reading() as session:
            return render(session, event, channel, {**of.event.samples(), **values}, language)

    def versions(self, at: tuple[str, str, str] = OFFERED) -> list[tuple[int, str, bool, bool]]:
        """Number, text, whether the shipped one was restored, whether it is in force; the newest first."""
        with self.database.reading() as session:
            found = queries.versions(session, slot(*at))
            return [(one.number, one.body, one.shipped, one.in_force) for one in found]


@pytest.fixture
def pen(parts: Parts) -> Pen:
    return Pen(parts)
