"""kill -9 at any point: every export is made in the end, and no bytes lie about that no row knows of."""

import signal

from sqlalchemy import update

from mikroserwis.edge import Parts
from mikroserwis.models import Customer
from tests.sweeps import export_worker
from tests.sweeps.shelf import Shelf

# It looks at its clock whenever it is about to write something: before it claims, before and after each step.
LOOKS = 8
PEOPLE = ("operator", "admin", "master", "alfa")


def work(shelf: Shelf, hours: int, looks: int) -> int | None:
    """How a worker ended that is killed at its n-th look at the clock."""
    process = export_worker.context.Process(target=export_worker.run, args=(shelf.parts.settings, hours, looks))
    process.start()
    process.join(60)
    ended = process.exitcode
    process.close()
    return ended


def move_every_company(parts: Parts, city: str) -> None:
    """What is made after this is another file than what was made before."""
    with parts.database.transaction() as session:
        session.execute(update(Customer).values(city=city))


def test_a_worker_killed_at_every_step_makes_every_export_and_leaves_nothing_else(parts: Parts):
    shelf = Shelf(parts)
    wanted = [shelf.order(name) for name in PEOPLE for _ in range(3)]
    for looks in range(1, LOOKS + 1):
        move_every_company(parts, f"Miasto {looks}")
        assert work(shelf, 2 * looks, looks) == -signal.SIGKILL
    assert work(shelf, 2 * LOOKS + 2, 0) == 0
    exports = [shelf.export(one) for one in wanted]
    assert {one.state for one in exports} == {"done"}
    assert max(one.attempts for one in exports) > 1
    kept = {path.name for path in shelf.files() if path.parent.name != "temporary"}
    assert kept == {one.sha256 for one in exports}
