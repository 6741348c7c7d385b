"""Which program made a stored page: after an update, what an earlier one made is not sent any more."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

# Settings that change what a page says or links to, besides the texts and files of the program.
SETTINGS = (
    "DISCLOSURE_BASE",
    "DISCLOSURE_SMALLEST",
    "LANGUAGES",
    "LANGUAGE_CODE",
    "STATIC_URL",
    "TIME_ZONE",
    "WAGTAIL_I18N_ENABLED",
)
KINDS = {".py", ".html", ".mo", ".toml"}


@cache
def digest() -> str:
    """Return 16 hexadecimal digits: others when a page may come out differently though nothing on it changed.

    Read from the content of the files, so that machines with the same program agree. About 50 ms, once in a
    process.
    """
    state = hashlib.sha256()
    for package in ("django", "wagtail"):
        state.update(f"{package} {version(package)}\0".encode())
    for name in SETTINGS:
        state.update(f"{name} {getattr(settings, name, None)!r}\0".encode())
    # Names of static files carry a digest of their content.
    state.update(str(getattr(staticfiles_storage, "manifest_hash", "")).encode())
    for name, folder in sorted(_folders().items()):
        for file in sorted(file for file in folder.rglob("*") if file.suffix in KINDS):
            state.update(f"\0{name}/{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return state.hexdigest()[:16]


def _folders() -> dict[str, Path]:
    """Return the folders of the site's own apps, templates and translations."""
    own = {app.label: Path(app.path) for app in apps.get_app_configs() if "site-packages" not in app.path}
    templates = [folder for engine in settings.TEMPLATES for folder in engine["DIRS"]]
    others = {f"{number}": Path(folder) for number, folder in enumerate([*templates, *settings.LOCALE_PATHS])}
    return {**own, **others}


__all__ = ["digest"]
