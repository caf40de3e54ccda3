"""The program `mikroserwis`, and `python -m mikroserwis`."""

import gc
import sys
from importlib import import_module


def main() -> int:
    """Returns the exit code."""
    # Nothing that is imported is garbage: looking for some would take a tenth of the start.
    gc.disable()
    program = import_module("mikroserwis.cli")
    gc.enable()
    code: int = program.main()
    return code


if __name__ == "__main__":
    sys.exit(main())
