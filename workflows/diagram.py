"""Pictures of a workflow, drawn from the table that the code runs: SVG for the page, Mermaid for the documents."""

from enum import StrEnum
from html import escape
from itertools import pairwise
from typing import Any

from workflows.arrows import Arrow, arrows, main_way
from workflows.engine import Workflow
from workflows.plan import LINE, PAD, Box, Label, Plan, Point, lines, plan

_CORNER = 9
_APART = 9
_TIP = 8


def draw(workflow: Workflow[Any], *, present: StrEnum | None, label: Label, title: str) -> str:
    """Two SVG elements in a `div`, `wf-wide` and `wf-tall`, of which the style sheet shows the one that fits.

    `label` gives the words for a state's value or a trigger. The look is all in classes; there are no ids.
    """
    pictures = "".join(_svg(workflow, present, label, title, tall=tall) for tall in (False, True))
    return f'<div class="wf-room">{pictures}</div>'


def describe(workflow: Workflow[Any], label: Label) -> str:
    """The picture in words: each arrow as 'from → to: triggers', in table order."""
    return "; ".join(_in_words(workflow, arrow, label) for arrow in arrows(workflow))


def as_mermaid(workflow: Workflow[Any], label: Label) -> str:
    """A Mermaid state diagram; its text is what a Markdown viewer draws."""
    name = {state: state.value for state in workflow.states}
    rows = ["stateDiagram-v2", "    direction LR"]
    rows += [f"    state {_quoted(label(state.value))} as {name[state]}" for state in workflow.states]
    rows.append(f"    [*] --> {name[main_way(workflow)[0]]}")
    for move in workflow.moves:
        said = label(move.trigger) + (" (automatic)" if move.automatic else "")
        rows += [f"    {name_of} --> {move.dest or name_of}: {_plain(said)}" for name_of in map(str, move.sources)]
    return "\n".join(rows)


def _quoted(text: str) -> str:
    return f'"{_plain(text)}"'


def _plain(text: str) -> str:
    """Without what Mermaid would take for its own marks."""
    return " ".join(text.translate(str.maketrans('"`', "''", "{}[]<>;#")).split())


def _in_words(workflow: Workflow[Any], arrow: Arrow, label: Label) -> str:
    sources = [arrow.source] if arrow.source else [one for one in workflow.states if one is not main_way(workflow)[-1]]
    said = ", ".join(label(trigger) for trigger in arrow.triggers)
    return f"{', '.join(label(source.value) for source in sources)} → {label(arrow.dest.value)}: {said}"


def _svg(workflow: Workflow[Any], present: StrEnum | None, label: Label, title: str, *, tall: bool) -> str:
    places = plan(workflow, label, tall=tall)
    width, height = (round(side) for side in places.size)
    frame = places.frame
    here = [f"{label(present.value)}. "] if present else []
    parts = [
        f'<svg class="wf {"wf-tall" if tall else "wf-wide"}" role="img" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(''.join(here) + describe(workflow, label))}</desc>",
        _rect(frame, "wf-frame", 16),
        *(_arrow(places, main_way(workflow), arrow, label) for arrow in places.arrows),
        *(_state(state, box, present, label) for state, box in places.boxes.items()),
        "</svg>",
    ]
    return "".join(parts)


def _state(state: StrEnum, box: Box, present: StrEnum | None, label: Label) -> str:
    """The present state has a second outline and a dot, so that it is told by shape too."""
    x, y = box.middle
    now = state is present
    outline = _rect(Box(box.x + 3.5, box.y + 3.5, box.width - 7, box.height - 7), "wf-here", 7) if now else ""
    dot = f'<circle class="wf-dot" cx="{x:g}" cy="{y - 11:g}" r="3"/>' if now else ""
    words = f'<text x="{x:g}" y="{y + (9 if now else 5):g}">{escape(label(state.value))}</text>'
    kind = f"wf-state {escape(state.value)}{' wf-now' if now else ''}"
    return f'<g class="{kind}">{_rect(box, "wf-box", 10)}{outline}{dot}{words}</g>'


def _rect(box: Box, kind: str, radius: float) -> str:
    return (
        f'<rect class="{kind}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
        f' rx="{radius:g}"/>'
    )


def _arrow(places: Plan, main: tuple[StrEnum, ...], arrow: Arrow, label: Label) -> str:
    points, at, anchor = _route(places, main, arrow)
    framed = arrow.source is None and arrow.dest is not main[-1]
    said = lines(arrow, label, tall=places.tall, framed=framed)
    rise = {"top": (len(said) - 1) * LINE, "bottom": 0, "start": (len(said) - 1) * LINE / 2 - 4}
    y = at[1] - rise.get(anchor, rise["start"])
    text = "".join(f'<text x="{at[0]:g}" y="{y + row * LINE:g}">{escape(line)}</text>' for row, line in enumerate(said))
    kind = f"wf-move wf-{anchor}{' wf-auto' if arrow.automatic else ''}"
    way = f'<path class="wf-line" d="{_line(points)}"/><path class="wf-tip" d="{_tip(points)}"/>'
    if arrow.source is None:
        way += f'<circle class="wf-root" cx="{points[0][0]:g}" cy="{points[0][1]:g}" r="3.5"/>'
    return f'<g class="{kind}">{way}{text}</g>'


def _route(places: Plan, main: tuple[StrEnum, ...], arrow: Arrow) -> tuple[list[Point], Point, str]:
    """The arrow's corners, where its words stand, and on which side of that point: top, bottom, start or end."""
    dest = places.boxes[arrow.dest]
    if arrow.source is None:
        return _from_frame(places, dest, back=arrow.dest is not main[-1])
    source = places.boxes[arrow.source]
    if source is dest:
        return _loop(places, source)
    if arrow.source in main and arrow.dest in main:
        step = main.index(arrow.dest) - main.index(arrow.source)
        if abs(step) == 1:
            there_and_back = any((one.source, one.dest) == (arrow.dest, arrow.source) for one in places.arrows)
            first, second = (source, dest) if step == 1 else (dest, source)
            points, at, anchor = _along(places, first, second, step * _APART if there_and_back else 0, step == 1)
            return points[::step], at, anchor
        if dest is places.boxes[main[0]]:
            return _all_the_way_back(places, source, dest)
    elif arrow.dest is main[0]:
        return _round_the_corner(places, source, dest)
    elif (arrow.source in main) != (arrow.dest in main):
        return _aside(places, source, dest, leaving=arrow.source in main)
    raise ValueError(f"no way to draw {', '.join(arrow.triggers)}: {arrow.source} → {arrow.dest}")


def _along(places: Plan, first: Box, second: Box, apart: float, onward: bool) -> tuple[list[Point], Point, str]:
    """Between neighbours; the way out of the frame has its words outside."""
    if places.tall:
        x, start, end = first.middle[0] + apart, first.bottom, second.y
        words = ((places.frame.bottom if end > places.frame.bottom else start) + end) / 2
        return [(x, start), (x, end)], (x + (8 if onward else -8), words), "start" if onward else "end"
    y, start, end = first.middle[1] - apart, first.right, second.x
    words = ((places.frame.right if end > places.frame.right else start) + end) / 2
    return [(start, y), (end, y)], (words, y - 8 if onward else y + 18), "top" if onward else "bottom"


def _aside(places: Plan, source: Box, dest: Box, *, leaving: bool) -> tuple[list[Point], Point, str]:
    main, side = (source, dest) if leaving else (dest, source)
    shift = -_APART if leaving else _APART
    if places.tall:
        y = main.middle[1] + shift
        points = [(main.right, y), (side.x, y)]
        at, anchor = ((main.right + side.x) / 2, y - 8 if leaving else y + 18), "top" if leaving else "bottom"
    else:
        x = main.middle[0] + shift
        points = [(x, main.bottom), (x, side.y)]
        at, anchor = (x + shift, (main.bottom + side.y) / 2), "end" if leaving else "start"
    return points if leaving else points[::-1], at, anchor


def _round_the_corner(places: Plan, side: Box, dest: Box) -> tuple[list[Point], Point, str]:
    if places.tall:
        x, y = side.middle[0], dest.middle[1]
        return [(x, side.y), (x, y), (dest.right, y)], ((dest.right + x) / 2, y - 8), "top"
    x, y = dest.middle[0], side.middle[1]
    return [(side.x, y), (x, y), (x, dest.bottom)], ((x + side.x) / 2, y + 18), "bottom"


def _from_frame(places: Plan, dest: Box, *, back: bool) -> tuple[list[Point], Point, str]:
    frame = places.frame
    if back:
        end, start = dest.middle[0], frame.right - 40
        points = [(start, frame.y), (start, places.rail), (end, places.rail), (end, dest.y)]
        return points, ((start + end) / 2, places.rail - 8), "top"
    if places.tall:
        x, y = frame.right - 40, dest.middle[1]
        return [(x, frame.bottom), (x, y), (dest.right, y)], ((x + dest.right) / 2, y - 8), "top"
    x, y = dest.middle[0], frame.bottom - 41
    return [(frame.right, y), (x, y), (x, dest.bottom)], ((frame.right + x) / 2, y + 18), "bottom"


def _all_the_way_back(places: Plan, source: Box, dest: Box) -> tuple[list[Point], Point, str]:
    """From a later state over the rail to the first one."""
    end, rail = dest.middle[0], places.rail
    if places.tall:
        x, y = places.frame.right - PAD / 2, source.middle[1] + 14
        points = [(source.right, y), (x, y), (x, rail), (end, rail), (end, dest.y)]
        return points, ((source.right + x) / 2, y + 18), "bottom"
    x = source.middle[0]
    return [(x, source.y), (x, rail), (end, rail), (end, dest.y)], (x, rail - 8), "top"


def _loop(places: Plan, box: Box) -> tuple[list[Point], Point, str]:
    x = box.middle[0] - (40 if places.tall else 0)
    points = [(x - 13, box.y), (x - 13, box.y - 16), (x + 13, box.y - 16), (x + 13, box.y)]
    return points, (x, box.y - 24), "top"


def _line(points: list[Point]) -> str:
    """A path with rounded corners that ends where the tip begins."""
    (x, y), *rest = points
    d = f"M{x:g} {y:g}"
    for corner, after in pairwise(rest):
        before = _toward(corner, (x, y), _CORNER)
        beyond = _toward(corner, after, _CORNER)
        d += f"L{before[0]:g} {before[1]:g}Q{corner[0]:g} {corner[1]:g} {beyond[0]:g} {beyond[1]:g}"
        x, y = corner
    end = _toward(points[-1], points[-2], _TIP)
    return f"{d}L{end[0]:g} {end[1]:g}"


def _tip(points: list[Point]) -> str:
    (x, y), back = points[-1], _toward(points[-1], points[-2], _TIP)
    wide, high = (back[1] - y) / 2, (back[0] - x) / 2
    return f"M{x:g} {y:g}L{back[0] + wide:g} {back[1] + high:g}L{back[0] - wide:g} {back[1] - high:g}Z"


def _toward(start: Point, end: Point, length: float) -> Point:
    """The point so far from start on an upright or level way to end."""
    across, down = end[0] - start[0], end[1] - start[1]
    whole = abs(across) + abs(down)
    return start[0] + across / whole * length, start[1] + down / whole * length
