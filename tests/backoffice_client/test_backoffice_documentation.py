from pathlib import Path

import pytest

from backoffice_client import openapi
from backoffice_client.sandbox.control_routes import ROUTES
from backoffice_client.sandbox.faults import Faults

TEXT = (Path(__file__).parents[2] / "docs" / "backoffice-contract.md").read_text("utf-8")


@pytest.mark.parametrize("path", openapi()["paths"])
def test_the_documentation_names_every_path_of_the_contract(path) -> None:
    assert path in TEXT


@pytest.mark.parametrize("path", [route.template.replace("{number}", "{n}") for route in ROUTES])
def test_the_documentation_names_every_control(path) -> None:
    assert path in TEXT


@pytest.mark.parametrize("fault", Faults.model_fields)
def test_the_documentation_names_every_fault(fault) -> None:
    assert f"`{fault}`" in TEXT
