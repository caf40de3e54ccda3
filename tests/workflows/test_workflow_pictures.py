"""Pictures: well-formed, complete, escaped, without words on top of each other; documents that cannot drift."""

import re
import runpy
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from workflows import QUOTE, SUBTICKET, TICKET, Move, TicketState, Workflow, as_mermaid, describe, draw
from workflows.document import document

ROOT = Path(__file__).parents[2]
WORKFLOWS: list[Workflow[Any]] = [TICKET, SUBTICKET, QUOTE]
POLISH = {
    "new": "Nowe",
    "taken": "W trakcie pracy",
    "contract": "Umowa",
    "suspended": "Zawieszone",
    "closed": "Zamknięte",
    "take": "Podejmij",
    "sign": "Komplet dokumentów",
    "export": "Eksportuj skany",
    "suspend": "Zawieś",
    "resume": "Wznów",
    "resign": "Zrezygnuj",
    "reassign": "Przekaż innemu dealerowi",
    "close": "Zamknij",
    "cancel": "Anuluj zgłoszenie",
    "reopen": "Otwórz ponownie",
    "withdraw": "Wycofaj podzgłoszenie",
    "issued": "Wystawiona",
    "accepted": "Przyjęta",
    "declined": "Odrzucona",
    "superseded": "Zastąpiona",
    "accept": "Przyjęcie",
    "decline": "Odrzucenie",
    "supersede": "Nowa wersja",
}
HOSTILE = '<script>"x"&\'</script>'


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314  our own picture, the subject of the test


def pictures(workflow: Workflow[Any], **more: Any) -> list[ET.Element]:
    options = {"present": None, "label": POLISH.__getitem__, "title": "Zgłoszenie 115", **more}
    return list(parsed(draw(workflow, **options)))


def words(parent: ET.Element, kind: str) -> list[str]:
    groups = [group for group in parent.iter("g") if kind in group.attrib["class"].split()]
    return [" ".join(text.text or "" for text in group.iter("text")) for group in groups]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda one: one.name)
def test_every_state_and_every_trigger_is_in_both_pictures(workflow: Workflow[Any]) -> None:
    wide, tall = pictures(workflow)
    assert [one.attrib["class"] for one in (wide, tall)] == ["wf wf-wide", "wf wf-tall"]
    for picture in (wide, tall):
        assert sorted(words(picture, "wf-state")) == sorted(POLISH[state.value] for state in workflow.states)
        assert all(POLISH[name] in " ".join(words(picture, "wf-move")) for name in workflow.triggers)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda one: one.name)
def test_the_picture_is_told_in_words_for_who_cannot_see_it(workflow: Workflow[Any]) -> None:
    first = next(iter(workflow.states))
    for picture in pictures(workflow, present=first):
        assert picture.attrib["role"] == "img"
        assert picture.findtext("title") == "Zgłoszenie 115"
        assert picture.findtext("desc") == f"{POLISH[first]}. " + describe(workflow, POLISH.__getitem__)


def test_words_for_the_picture_name_sources_destination_and_triggers() -> None:
    said = describe(TICKET, str)
    assert "new → taken: take; taken → contract: sign; contract → contract: export" in said
    assert "new, taken, contract, suspended → new: resign, reassign" in said


@pytest.mark.parametrize("present", TicketState)
def test_the_present_state_alone_is_marked_by_class_and_by_shape(present: TicketState) -> None:
    for picture in pictures(TICKET, present=present):
        assert words(picture, "wf-now") == [POLISH[present.value]]
        assert len(picture.findall(".//circle[@class='wf-dot']")) == 1
        assert len(picture.findall(".//rect[@class='wf-here']")) == 1


def test_without_a_present_state_none_is_marked() -> None:
    assert "wf-now" not in draw(TICKET, present=None, label=str, title="")


def test_moves_that_fire_by_themselves_are_drawn_differently() -> None:
    wide, tall = pictures(TICKET)
    assert words(wide, "wf-auto") == ["Komplet dokumentów", "Zamknij"]
    assert words(tall, "wf-auto") == ["Komplet dokumentów", "Zamknij"]


def test_hostile_words_stay_words() -> None:
    drawn = draw(TICKET, present=TicketState.NEW, label=lambda _: HOSTILE, title=HOSTILE)
    assert "<script" not in drawn
    assert parsed(drawn).findtext("svg/title") == HOSTILE
    assert HOSTILE not in as_mermaid(TICKET, lambda _: HOSTILE)
    assert len(as_mermaid(TICKET, lambda _: "a\n--> b").splitlines()) == len(as_mermaid(TICKET, str).splitlines())


def test_a_picture_carries_no_style_no_script_no_handler_and_no_id() -> None:
    for picture in [*pictures(TICKET, present=TicketState.TAKEN), *pictures(SUBTICKET)]:
        names = {name for element in picture.iter() for name in element.attrib}
        assert names <= {"class", "role", "viewBox", "width", "height", "x", "y", "rx", "cx", "cy", "r", "d"}
        kinds = {element.tag for element in picture.iter()}
        assert kinds <= {"svg", "title", "desc", "g", "rect", "path", "circle", "text"}


def boxes_of_words(picture: ET.Element) -> list[tuple[str, float, float, float, float]]:
    """Each line of words with the room it takes: left, top, right, bottom."""
    found = []
    for group in picture.iter("g"):
        anchor = group.attrib["class"].split()[1]
        for text in group.iter("text"):
            x, y, width = float(text.attrib["x"]), float(text.attrib["y"]), len(text.text or "") * 7.0
            left = {"wf-start": x, "wf-end": x - width}.get(anchor, x - width / 2)
            found.append((text.text or "", left, y - 10, left + width, y + 3))
    return found


@pytest.mark.parametrize("label", [POLISH.__getitem__, str, lambda key: POLISH[key] + " bez zwłoki"])
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda one: one.name)
def test_no_words_lie_on_other_words_or_outside_the_picture(workflow: Workflow[Any], label: Any) -> None:
    for picture in pictures(workflow, label=label):
        _, _, width, height = map(float, picture.attrib["viewBox"].split())
        found = boxes_of_words(picture)
        outside = [one for one in found if one[1] < 0 or one[2] < 0 or one[3] > width or one[4] > height]
        over = [
            (one[0], other[0])
            for index, one in enumerate(found)
            for other in found[index + 1 :]
            if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
        ]
        assert (outside, over) == ([], [])


def test_a_phone_is_wide_enough_for_the_tall_picture() -> None:
    for workflow in WORKFLOWS:
        wide, tall = pictures(workflow)
        assert float(tall.attrib["width"]) < 460 < float(wide.attrib["width"]) < 1200


class Stage(StrEnum):
    A = "a"
    B = "b"
    C = "c"


class Fork(StrEnum):
    A = "a"
    B = "b"
    C = "c"
    D = "d"


def test_a_move_for_which_there_is_no_room_is_refused_not_left_out() -> None:
    leap: Workflow[Any] = Workflow(
        "leap", Stage, (Move("go", (Stage.A,), Stage.B, ()), Move("leap", (Stage.A,), Stage.C, ()))
    )
    with pytest.raises(ValueError, match="no way to draw leap: a → c"):
        draw(leap, present=None, label=str, title="")


def test_a_move_between_two_states_aside_is_refused_too() -> None:
    ways = [("go", Fork.A, Fork.D), ("side", Fork.A, Fork.B), ("rest", Fork.A, Fork.C), ("slip", Fork.B, Fork.C)]
    moves = tuple(Move[Any](name, (source,), dest, ()) for name, source, dest in ways)
    sideways: Workflow[Any] = Workflow("sideways", Fork, moves, aside=(Fork.B, Fork.C))
    with pytest.raises(ValueError, match="no way to draw slip: b → c"):
        draw(sideways, present=None, label=str, title="")


def test_a_plain_line_of_states_needs_no_frame_arrows() -> None:
    line: Workflow[Any] = Workflow(
        "line", Stage, (Move("go", (Stage.A,), Stage.B, ()), Move("on", (Stage.B,), Stage.C, ()))
    )
    wide, tall = pictures(line, label=str)
    assert words(wide, "wf-move") == words(tall, "wf-move") == ["go", "on"]
    assert wide.find(".//circle") is None


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda one: one.name)
def test_mermaid_has_an_arrow_for_every_source_of_every_move(workflow: Workflow[Any]) -> None:
    found = re.findall(r"^    (\w+) --> (\w+): (\w+)", as_mermaid(workflow, str), re.MULTILINE)
    assert found == [
        (source.value, (move.dest or source).value, move.trigger) for move in workflow.moves for source in move.sources
    ]


def test_the_page_about_workflows_is_what_the_tables_say() -> None:
    assert (ROOT / "docs/workflows.md").read_text("utf-8") == document()


def test_the_page_about_workflows_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "workflows/document.py"), run_name="__main__")
    assert capsys.readouterr().out == document()
