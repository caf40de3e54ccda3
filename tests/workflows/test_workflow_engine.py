"""The engine over small tables of its own."""

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import pytest

from workflows import Move, Refused, Workflow


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


@dataclass(frozen=True)
class Facts:
    state: Light
    mended: bool = False
    tested: bool = False
    was: Light | None = None


def is_mended(facts: Facts) -> bool:
    return facts.mended


def is_tested(facts: Facts) -> bool:
    return facts.tested


def was_green(facts: Facts) -> bool:
    return facts.was is Light.GREEN


def was_red(facts: Facts) -> bool:
    return facts.was is Light.RED


LIGHT: Workflow[Facts] = Workflow(
    "light",
    Light,
    (
        Move("go", (Light.RED,), Light.GREEN, ("anyone",)),
        Move("blink", (Light.RED, Light.GREEN), None, ("anyone",), (is_tested,)),
        Move("mend", (Light.BROKEN,), Light.GREEN, ("mechanic",), (is_mended, is_tested), when=was_green),
        Move("mend", (Light.BROKEN,), Light.RED, ("mechanic",), (is_mended, is_tested), when=was_red),
    ),
)


def test_a_move_leads_from_its_source_to_its_destination() -> None:
    assert LIGHT.blockers("go", Facts(Light.RED)) == ()
    assert LIGHT.fire("go", Facts(Light.RED)) is Light.GREEN


def test_a_move_without_destination_stays() -> None:
    assert LIGHT.fire("blink", Facts(Light.GREEN, tested=True)) is Light.GREEN


def test_a_state_without_the_move_refuses_with_wrong_state() -> None:
    with pytest.raises(Refused) as refused:
        LIGHT.fire("go", Facts(Light.GREEN))
    assert (refused.value.trigger, refused.value.codes) == ("go", ("wrong_state",))
    assert str(refused.value) == "go: wrong_state"


def test_every_blocker_is_named_in_the_tables_order_not_only_the_first() -> None:
    with pytest.raises(Refused) as refused:
        LIGHT.fire("mend", Facts(Light.BROKEN, was=Light.RED))
    assert refused.value.codes == ("is_mended", "is_tested")


@pytest.mark.parametrize("was", [Light.RED, Light.GREEN])
def test_rows_of_one_trigger_are_picked_by_what_was(was: Light) -> None:
    assert LIGHT.fire("mend", Facts(Light.BROKEN, mended=True, tested=True, was=was)) is was


def test_no_row_fits_what_was_so_the_state_is_wrong() -> None:
    facts = Facts(Light.BROKEN, mended=True, tested=True)
    assert LIGHT.move("mend", facts) is None
    with pytest.raises(Refused, match="wrong_state"):
        LIGHT.fire("mend", facts)


def test_an_unknown_trigger_is_a_key_error_in_every_question() -> None:
    for ask in (LIGHT.move, LIGHT.blockers, LIGHT.fire):
        with pytest.raises(KeyError, match="fly"):
            ask("fly", Facts(Light.RED))


def test_names_of_the_machine_underneath_are_no_triggers() -> None:
    for name in ("to_green", "is_red", "trigger", "__class__", ""):
        with pytest.raises(KeyError):
            LIGHT.fire(name, Facts(Light.RED))


def test_triggers_are_listed_once_in_the_tables_order() -> None:
    assert LIGHT.triggers == ("go", "blink", "mend")


def test_nothing_that_was_fired_is_kept_alive() -> None:
    for _ in range(50):
        LIGHT.fire("go", Facts(Light.RED))
        with pytest.raises(Refused):
            LIGHT.fire("blink", Facts(Light.RED))
    gc.collect()
    alive = [type(one).__qualname__ for one in gc.get_objects()]
    assert "_Subject" not in alive
    assert not [one for one in gc.get_objects() if isinstance(one, Facts)]


def test_firing_leaves_the_facts_as_they_were() -> None:
    facts = Facts(Light.RED)
    LIGHT.fire("go", facts)
    assert facts == Facts(Light.RED)


def test_one_workflow_serves_many_threads_at_once() -> None:
    facts = [Facts(Light.BROKEN, mended=True, tested=True, was=(Light.RED, Light.GREEN)[n % 2]) for n in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda one: LIGHT.fire("mend", one), facts)) == [one.was for one in facts]
