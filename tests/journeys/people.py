"""A person who has consented, for journeys that publish: made in the demo site, chosen in the browser."""

from __future__ import annotations

import os
import subprocess
import sys

from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROOT, DemoSite

MAKE = "from tests.factories import consenting; consenting(display_name={name!r}, private_name={private!r})"


def somebody_agrees(site: DemoSite, database: str, name: str) -> None:
    """A person whose stories may be told in every way, under this first name or pseudonym."""
    environment = {
        **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "FIRSTHAND_VAR": str(site.var),
        "CACHE_KEY_PREFIX": f"journeys-{os.getpid()}",
        **({"DATABASE_URL": database} if database else {}),
    }
    script = MAKE.format(name=name, private="Realname Secretson")
    run = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]


def choose_person(tab: Page, name: str) -> None:
    """Say in the editor whose story it is: found by name, since the list of people has pages."""
    tab.locator('[data-contentpath="person"]').get_by_role("button", name="Choose").first.click()
    tab.locator(".modal").get_by_role("textbox", name="Search term").fill(name)
    tab.locator(".modal").get_by_role("link", name=name).first.click()
    expect(tab.locator(".modal")).to_have_count(0)
