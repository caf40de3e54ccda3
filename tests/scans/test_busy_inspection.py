"""Files that take long to look into don't hold everybody up."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from mikroserwis.scans import Busy, Limits, inspect, inspection
from tests.scans.samples import empty_paper, encoded, with_text


def test_a_file_that_gets_no_turn_in_time_is_told_as_busy_and_may_come_again(tmp_path: Path) -> None:
    file = tmp_path / "upload"
    file.write_bytes(encoded(with_text(empty_paper(), 100), "PNG"))
    with ExitStack() as others:
        for _ in range(os.cpu_count() or 1):
            others.enter_context(inspection._running)
        with pytest.raises(Busy):
            inspect(file, "skan.png", limits=Limits(queue=0.01))
    assert inspect(file, "skan.png").pages == 1
