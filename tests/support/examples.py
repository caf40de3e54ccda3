"""How hypothesis looks for counter-examples."""

import os

from hypothesis import settings

# No deadline: the tests share two cores with a browser and a database. CI tries the same examples in every run.
settings.register_profile("mikroserwis", deadline=None, print_blob=True, derandomize=os.environ.get("CI") == "true")
settings.load_profile("mikroserwis")
