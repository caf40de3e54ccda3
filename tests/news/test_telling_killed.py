"""kill -9 at any point, three tellers at once: every reader gets one mail, and every threshold speaks once."""

import random
from collections import Counter

from sqlalchemy import select

from mikroserwis.models import Message, News, OutboxItem
from tests.news import teller
from tests.news.desk import NewsDesk
from tests.support.cast import SAM

DEALERS, EACH, ROUNDS, TOGETHER = 12, 5, 5, 3
MISSED = {"how": "sweep", "stage": "take", "due": "2026-05-30T22:00:00+00:00"}


def tellers(desk: NewsDesk, hours: int, seconds: float) -> None:
    """Three at once, killed so many seconds after they have begun."""
    begun = [teller.context.Event() for _ in range(TOGETHER)]
    running = [
        teller.context.Process(target=teller.run, args=(desk.parts.settings, hours, one.set), daemon=True)
        for one in begun
    ]
    for process in running:
        process.start()
    assert all(one.wait(60) for one in begun)
    for process in running:
        process.join(seconds)
        process.kill()
    for process in running:
        process.join()
        process.close()


def sent(desk: NewsDesk) -> list[Message]:
    with desk.database.reading() as session:
        keys = select(OutboxItem.id).where(OutboxItem.key.startswith("news:"))
        found = list(session.scalars(select(Message).where(Message.item_id.in_(keys)).order_by(Message.id)))
        session.expunge_all()
        return found


def test_tellers_killed_again_and_again_tell_every_reader_once_and_warn_once(desk: NewsDesk):
    names = [f"Dealer {crm_id}" for crm_id in range(2000, 2000 + DEALERS)]
    numbers = list(range(501, 501 + EACH))
    for number in numbers:
        desk.intake(number, dealer_crm_id=1001)
    for crm_id, name in enumerate(names, 2000):
        desk.add_dealer(name, crm_id, "99")
        for number in numbers:
            desk.add_news(number, "lost", name, **MISSED)
    hours = int((desk.moments(SAM, "take")[50] - desk.now).total_seconds() // 3600) + 1
    dice = random.Random(115)
    for _round in range(ROUNDS):
        tellers(desk, hours, dice.uniform(0.01, 0.3))
    tellers(desk, hours, 60)
    lost = Counter(mail.recipient for mail in sent(desk) if mail.event == "taken_away")
    assert lost == {f"{crm_id}@dealer.example": 1 for crm_id in range(2000, 2000 + DEALERS)}
    assert all(mail.body.count(": PPHU SAM") == EACH for mail in sent(desk) if mail.event == "taken_away")
    warned = Counter(one.ticket_id for number in numbers for one in desk.news(number))
    assert set(warned.values()) == {1}
    assert sum(mail.event == "warning" for mail in sent(desk) if mail.recipient.startswith("alfa")) == 1
    with desk.database.reading() as session:
        assert not session.scalars(select(News.id).where(News.told_at.is_(None))).all()
