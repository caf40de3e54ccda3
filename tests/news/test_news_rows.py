"""Rows of news: many at once, each fact once."""

from datetime import UTC, datetime

from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Dealer, News, Ticket
from mikroserwis.tickets import news
from mikroserwis.tickets.news import Fact

NOW = datetime(2026, 5, 27, 8, tzinfo=UTC)


def test_a_fact_that_is_written_twice_is_news_once(parts: Parts):
    with parts.database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == 115)).one()
        dealer = session.scalars(select(Dealer.id).order_by(Dealer.id)).first()
        first = Fact("lost:1", dealer, ticket.id, "lost", NOW, {"reason": "żółw"})
        news.add(session, [first, Fact("moved:1", None, ticket.id, "moved", NOW)])
        news.add(session, [Fact("lost:1", dealer, ticket.id, "lost", NOW, {"reason": "again"})])
        news.add(session, [])
    with parts.database.reading() as session:
        rows = session.scalars(select(News).order_by(News.id)).all()
    assert [(row.key, row.dealer_id, row.kind, row.at, row.told_at, row.message_ids) for row in rows] == [
        ("lost:1", dealer, "lost", NOW, None, "[]"),
        ("moved:1", None, "moved", NOW, None, "[]"),
    ]
    assert "again" not in rows[0].data
