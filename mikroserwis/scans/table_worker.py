"""The inspecting process for tables."""

import sys

from mikroserwis.scans import tables
from mikroserwis.scans.worker import main

if __name__ == "__main__":
    sys.exit(main({"rows": tables.rows}))
