"""A real Chromium: the machine's own, started so that it talks to nobody but the page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path_of_chromium() -> str:
    """Find the browser; without one the test is skipped in words, and in CI it fails."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("No Chromium on this machine, and in CI the browser tests must run: install the package chromium.")
    pytest.skip("No Chromium on this machine: install the package chromium to run the browser tests.")


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Open a browser for the length of a block."""
    path = path_of_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()
