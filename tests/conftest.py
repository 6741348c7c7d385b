"""What tests of all rooms share. A room's own fixtures live in its folder."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests import browser as browsers
from tests import live_server as live_servers
from tests.migrated_database import use_kept_databases
from tests.retries import watch_retries

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

EDITOR_PASSWORD = "only-for-tests"
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    from django.db import connections

    # Playwright keeps an event loop running in the tests' thread. Django would give code that runs beneath a
    # loop a database connection of its own, and what a test writes would not be what its fixtures see.
    connections._connections = threading.local()  # type: ignore[attr-defined] # not public
    live_servers.install()
    _forget_what_settings_changed()
    _encode_pictures_fast()
    watch_retries(config)
    if not os.environ.get("CI"):  # there Hypothesis does so by itself
        hypothesis.settings.register_profile("patient", deadline=None)
        hypothesis.settings.load_profile("patient")


def _encode_pictures_fast() -> None:
    """Larger files in a fifth of the time: a quarter of the suite's time went into sizes of pictures."""
    from imaging import encoding

    encoding.AVIF_SPEED, encoding.WEBP_METHOD = 10, 0


def _forget_what_settings_changed() -> None:
    """What is put together once in each process is put together again when a test changes a setting."""
    from django.test.signals import setting_changed

    def forget(setting: str, **_rest: object) -> None:
        if setting in {
            "LANGUAGES",
            "LOCALE_PATHS",
            "ROOT_URLCONF",
            "STATIC_URL",
            "STORAGES",
            "TEMPLATES",
            "USE_TZ",
        }:
            from pages.site_root import address_of_root
            from rendering import functions

            functions.forget()
            address_of_root.cache_clear()

    setting_changed.connect(forget, weak=False)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.schedule import ByFile

    return ByFile(config, log)


NEEDS_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server", "own_database"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        # A browser has its moods: what runs in one may fail once. The first failure is printed at the end of
        # the run.
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if os.environ.get("DATABASE_TESTS_ONLY"):
        # The same tests on another database: what no database takes part in cannot come out differently.
        others = [item for item in items if not needs_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if needs_database(item)]


def needs_database(item: pytest.Item) -> bool:
    fixtures = NEEDS_DATABASE.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    use_kept_databases()


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """No test sees what another one left in the cache (Wagtail keeps the sites' root paths there)."""
    yield
    from django.core.cache import cache

    if not hasattr(cache, "_cache") or not hasattr(cache._cache, "get_client"):
        cache.clear()
        return
    # Redis: our own keys only. To clear would empty the whole numbered database, another run's keys too.
    client = cache._cache.get_client(write=True)
    if keys := list(client.scan_iter(f"{cache.key_prefix}:*", count=1000)):
        client.delete(*keys)


@pytest.fixture(autouse=True)
def changes_of_a_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test in a transaction is told its own changes, which are never committed; no test those of another."""
    from changes import log, reader
    from changes.kept import Kept
    from pages.public_index import PublicIndex

    told: list[str] = []
    add, news, start = log._add, reader.Reader.news, reader.Reader.__init__

    def start_in_the_test(self: Any) -> None:
        self.told = len(told)
        start(self)

    def add_and_tell(connection: Any, keys: Any) -> None:
        keys = list(keys)
        if any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            told.extend(keys)
        add(connection, keys)

    def news_of_the_test(self: Any) -> frozenset[str] | None:
        read = self.__dict__.get("told", 0)
        self.told = len(told)
        committed = news(self)
        return None if committed is None else committed | frozenset(told[read:])

    monkeypatch.setattr(log, "_add", add_and_tell)
    monkeypatch.setattr(reader.Reader, "__init__", start_in_the_test)
    monkeypatch.setattr(reader.Reader, "news", news_of_the_test)
    yield
    PublicIndex.forget_all()
    Kept.forget_all()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real-world files outside the repository.

    A test that needs it is skipped where it is absent, and has a counterpart on small files in
    tests/<app>/data that always runs.
    """
    if not SHARED_DATA.is_dir():
        pytest.skip(
            f"the real-world files are expected at {SHARED_DATA}; only the small counterpart was tested"
        )
    return SHARED_DATA


@pytest.fixture
def editor(db: None) -> User:
    """Someone who may do everything in the admin."""
    from django.contrib.auth.models import User

    return User.objects.create_superuser("editor", "editor@example.org", EDITOR_PASSWORD)


@pytest.fixture
def editor_client(editor: User, client: Client) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def home(db: None) -> Any:
    """A published home page, the root of the default site."""
    from tests import factories

    return factories.home()


# A browser ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = browsers.executable()
    from playwright.sync_api import expect, sync_playwright

    # As patient as the tabs themselves: a busy machine is not an error of the page.
    expect.set_options(timeout=browsers.PATIENCE)

    # Playwright's own event loop runs in this thread, which is all that Django objects to.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def origin(transactional_db: None, live_server: LiveServer) -> str:
    """The address of a running site, scheme and host, whose database starts as the migrations leave it.

    When the test has ended, and every tab is closed, what the site is still answering is waited for; then the
    database is put back (tests/migrated_database.py).
    """
    return live_server.url


@pytest.fixture
def watch(origin: str) -> browsers.Watch:
    return browsers.Watch(origin)


@pytest.fixture
def open_tab(browser: Browser, origin: str, watch: browsers.Watch) -> Iterator[Callable[..., Page]]:
    """`open_tab(color_scheme="dark", viewport={...})` -> a tab in a fresh context (Playwright's context
    options).

    When the test ends it fails if any tab asked another host for anything or had an error in its console.
    """
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(
            base_url=origin, **{"viewport": {"width": 1280, "height": 800}, **options}
        )
        context.set_default_timeout(browsers.PATIENCE)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert watch.verdict() == []


@pytest.fixture
def tab(open_tab: Callable[..., Page]) -> Page:
    return open_tab()


@pytest.fixture
def editor_tab(tab: Page, origin: str, editor: User) -> Page:
    """A tab in which the editor has logged in."""
    browsers.log_in(tab, origin, editor.username, EDITOR_PASSWORD)
    return tab
