"""What the tests of the final invoice share."""

from tests.operations.conftest import desk

__all__ = ["desk"]
