"""One reader whose news can't be told keeps no other waiting."""

import pytest

from mikroserwis.sweeps.tell import Untold
from tests.news.desk import NewsDesk
from tests.support.app import sqlite_only

pytestmark = sqlite_only


def test_news_of_a_kind_that_this_release_does_not_know_stop_nobody_elses(desk: NewsDesk):
    desk.add_news(115, "of_a_later_release", None)
    desk.add_news(115, "got", "Dealer Alfa", choice={})
    desk.tell()
    assert [mail.event for mail in desk.sent()] == ["offered"]


def test_one_dealers_digest_that_cannot_be_told_keeps_no_other_waiting(desk: NewsDesk):
    for name in ("Dealer Alfa", "Dealer Beta"):
        desk.wants_digest(name)
    desk.add_news(115, "warning", "Dealer Alfa", of="a later release")
    desk.add_news(80, "warning", "Dealer Beta", stage="completion", share=50, assignment=0, extended=0)
    with pytest.raises(Untold, match="dealer"):
        desk.digest()
    assert desk.untold() == 1
