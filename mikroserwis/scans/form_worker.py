"""The inspecting process for forms: apart, because the libraries that it needs take long to load."""

import sys

from mikroserwis.scans import forms
from mikroserwis.scans.worker import main

if __name__ == "__main__":
    sys.exit(main({"judge": forms.judge}))
