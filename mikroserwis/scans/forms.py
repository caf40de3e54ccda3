"""A form of a paper as it comes: an office file like others, and a form of that paper?"""

import json
from dataclasses import asdict
from pathlib import Path

from exports import forms
from mikroserwis.scans import kinds, office
from mikroserwis.scans.inspection import in_a_process
from mikroserwis.scans.model import DOCX, Limits


def judge(path: Path, *, name: str, paper: str, limits: Limits) -> bytes:
    """The problems of the form as JSON. Raises UnusableFile for what isn't a harmless DOCX."""
    raw = path.read_bytes()
    kinds.content_type(raw, name, (DOCX,))
    office.check(path, DOCX, limits)
    return json.dumps([asdict(one) for one in forms.check(raw, paper)]).encode()


def check(path: Path, name: str, paper: str, *, limits: Limits = Limits()) -> tuple[forms.Problem, ...]:
    """What is wrong with the form of `paper` at `path` that came under `name`; empty for a sound one. Takes about 1 s.

    Raises UnusableFile for what isn't a harmless DOCX, FileNotFoundError.
    """
    task = {"verb": "judge", "path": str(path.resolve(strict=True)), "name": name, "paper": paper}
    answer = in_a_process(task, limits, worker="form_worker")
    return tuple(
        forms.Problem(forms.Code(one["code"]), forms.Place(**one["place"]), one["found"], one["hint"])
        for one in json.loads(answer)
    )
