"""What bin/test concludes, and what it does without."""

import pytest

from tests.support.chromium import ChromiumMissing, find_chromium
from tests.support.everything import verdict


def test_all_is_well_only_when_nothing_failed(capsys: pytest.CaptureFixture[str]):
    assert verdict([], [], is_quick=False, is_ci=True) == 0
    assert capsys.readouterr().out == "bin/test: everything passed\n"
    assert verdict(["mypy", "pytest"], [], is_quick=False, is_ci=False) == 1
    assert capsys.readouterr().out == "bin/test: FAILED: mypy, pytest\n"


@pytest.mark.parametrize("is_quick", [True, False])
def test_ci_fails_where_tests_are_left_out(is_quick: bool):
    assert verdict([], ["browser"], is_quick=is_quick, is_ci=True) == 1


def test_elsewhere_tests_that_are_left_out_are_named_loudly(capsys: pytest.CaptureFixture[str]):
    assert verdict([], ["browser", "postgres"], is_quick=False, is_ci=False) == 0
    printed = capsys.readouterr().out
    assert "LEFT OUT (not to be had on this machine): every test that needs browser or postgres." in printed
    assert printed.endswith("everything passed that was run\n")


def test_a_machine_without_a_browser_is_told_how_to_get_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(ChromiumMissing, match="apt-get install chromium"):
        find_chromium()


def test_a_named_browser_goes_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHROMIUM", "/opt/my/chromium")
    assert find_chromium() == "/opt/my/chromium"
