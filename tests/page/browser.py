"""Debian's Chromium without a screen, as far as this machine has one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
"""No network, no questions; its microphone is a tone."""


def chromium() -> str:
    """Find the browser's program, or skip: in CI its absence is a failure."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    if not found:
        said = "no Chromium here: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return found


@contextmanager
def running_browser(program: str = "") -> Iterator[Browser]:
    """Start a browser for a block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program or chromium(), args=list(SWITCHES)
        )
        try:
            yield browser
        finally:
            browser.close()
