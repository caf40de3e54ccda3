"""One reader whose news can't be told keeps no other waiting."""

from tests.news.desk import NewsDesk
from tests.support.app import sqlite_only

pytestmark = sqlite_only


def test_news_of_a_kind_that_this_release_does_not_know_stop_nobody_elses(desk: NewsDesk):
    desk.add_news(115, "of_a_later_release", None)
    desk.add_news(115, "got", "Dealer Alfa", choice={})
    desk.tell()
    assert [mail.event for mail in desk.sent()] == ["offered"]
