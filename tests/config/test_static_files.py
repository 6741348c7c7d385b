"""Whether the static files must be collected again, without collecting them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from config import static_files


@pytest.fixture
def source(tmp_path: Path, settings: Any) -> Path:
    """A file in the only folder of static files; nothing has been collected."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "style.css").write_text("p { color: teal }")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    forget_finders()
    return folder / "style.css"


@pytest.fixture(autouse=True)
def own_finders() -> Iterator[None]:
    yield
    forget_finders()


def forget_finders() -> None:
    finders.get_finder.cache_clear()  # type: ignore[attr-defined] # its stub does not know lru_cache


def collect(settings: Any) -> None:
    """Do what remains of a collection: its list of files and its stamp."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(exist_ok=True)
    (root / "staticfiles.json").write_text("{}")
    static_files.mark_collected()


def test_it_is_collected_until_a_file_changes(source: Path, settings: Any) -> None:
    assert not static_files.is_collected()
    collect(settings)
    assert static_files.is_collected()
    assert static_files.stamp().parent == Path(settings.STATIC_ROOT).parent, "the stamp is not served"

    status = source.stat()
    source.write_text("p { color: navy }")  # as long as before
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert not static_files.is_collected()
    collect(settings)
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert static_files.is_collected()
    source.with_name("new.css").write_text("")
    assert not static_files.is_collected()


def test_a_renamed_file_and_another_setting_change_the_fingerprint(source: Path, settings: Any) -> None:
    prints = [static_files.fingerprint()]
    settings.STATIC_BROTLI = not settings.STATIC_BROTLI
    prints.append(static_files.fingerprint())
    source.rename(source.with_name("other.css"))
    prints.append(static_files.fingerprint())
    assert len(set(prints)) == 3
    assert static_files.fingerprint() == prints[-1]


def test_a_lost_list_of_files_or_a_lost_stamp_means_collecting_again(source: Path, settings: Any) -> None:
    collect(settings)
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    manifest.unlink()
    assert not static_files.is_collected()
    collect(settings)
    static_files.stamp().unlink()
    assert not static_files.is_collected()


def test_brotli_follows_the_setting(settings: Any, tmp_path: Path) -> None:
    storage = static_files.StaticFiles(location=str(tmp_path), base_url="/static/")
    for wanted in (True, False):
        settings.STATIC_BROTLI = wanted
        assert storage.create_compressor(quiet=True).use_brotli is wanted


def test_the_list_is_read_again_where_the_storage_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Storage:
        hashed_files: dict[str, str] = {}
        manifest_hash = ""

        def load_manifest(self) -> tuple[dict[str, str], str]:
            return {"style.css": "style.1234.css"}, "5678"

    storage = Storage()
    monkeypatch.setattr(static_files, "staticfiles_storage", storage)
    static_files.reread()
    assert (storage.hashed_files, storage.manifest_hash) == ({"style.css": "style.1234.css"}, "5678")
    monkeypatch.setattr(static_files, "staticfiles_storage", object())
    static_files.reread()
