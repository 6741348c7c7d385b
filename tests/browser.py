"""A real browser for the journeys, and a watch on what it does behind the page."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# The same names, in the same order, as tests/machine.sh looks for.
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PATIENCE = 20_000  # milliseconds that a tab is waited for
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str:
    """The path of the machine's Chromium. Without one the test is skipped, under CI it fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    reason = "no Chromium on this machine; `make test` installs one, or set CHROMIUM to its path"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Watch:
    """What a browser context asked for and complained about.

    A page that is expected to complain (a 404 is reported in the console) says so: `watch.allow("status of
    404")`.
    """

    origin: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self.request)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def allow(self, pattern: str) -> None:
        self.allowed.append(pattern)

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if (
            address.scheme not in {"data", "blob", "about"}
            and f"{address.scheme}://{address.netloc}" != self.origin
        ):
            self.foreign.append(request.url)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def verdict(self) -> list[str]:
        """Everything that should not have happened, one line each."""
        unexpected = [
            line for line in self.complaints if not any(re.search(pattern, line) for pattern in self.allowed)
        ]
        return [f"asked another host: {url}" for url in self.foreign] + [
            f"console: {line}" for line in unexpected
        ]


def log_in(tab: Page, origin: str, username: str, password: str) -> None:
    tab.goto(f"{origin}/admin/login/")
    tab.locator("[name=username]").fill(username)
    tab.locator("[name=password]").fill(password)
    tab.locator("form [type=submit]").click()
    tab.wait_for_url(f"{origin}/admin/")
