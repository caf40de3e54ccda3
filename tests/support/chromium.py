"""Finds a Chromium, or installs Debian's."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class ChromiumMissing(Exception):
    """This machine has no Chromium."""


def find_chromium() -> str:
    """Path of the browser: named by CHROMIUM in the environment, else the first on PATH; raises ChromiumMissing."""
    if named := os.environ.get("CHROMIUM"):
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise ChromiumMissing(
            "No Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM to the path of one."
        )
    return found


def provide_chromium() -> str:
    """Like find_chromium, but installs one where we may."""
    try:
        return find_chromium()
    except ChromiumMissing:
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise
    for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", "chromium"]):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", *command], check=False, env=environment, stdin=subprocess.DEVNULL)
    return find_chromium()
