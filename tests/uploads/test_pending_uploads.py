"""Uploads between look and import: one for each editor and object, gone after a day."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from cohorts.models import Cohort
from interviews.models import Interview
from media.storage import private_storage
from uploads import pending_uploads


@pytest.fixture
def request_of_editor() -> Any:
    return SimpleNamespace(session={})


def test_each_object_has_its_own_upload_and_the_next_replaces_it(request_of_editor: Any) -> None:
    cohort, interview = Cohort(pk=1), Interview(pk=1)
    first = pending_uploads.keep(request_of_editor, cohort, [(b"one", "rows.csv")])
    pending_uploads.keep(request_of_editor, interview, [(b"a", "a.vtt"), (b"b", "b.vtt")])
    second = pending_uploads.keep(request_of_editor, cohort, [(b"two", "rows.csv")])
    kept = pending_uploads.load(request_of_editor, cohort)
    assert kept is not None
    assert (kept.token, kept.files) == (second, [(b"two", "rows.csv")])
    assert second != first
    other = pending_uploads.load(request_of_editor, interview)
    assert other is not None
    assert other.names == "a.vtt, b.vtt"
    for owner in (cohort, interview):
        paths = [path for path, _name in request_of_editor.session[pending_uploads._key(owner)]["files"]]
        pending_uploads.forget(request_of_editor, owner)
        assert pending_uploads.load(request_of_editor, owner) is None
        assert not any(private_storage().exists(path) for path in paths)


def test_an_editor_does_not_see_the_upload_of_another(request_of_editor: Any) -> None:
    pending_uploads.keep(request_of_editor, Cohort(pk=1), [(b"one", "rows.csv")])
    assert pending_uploads.load(SimpleNamespace(session={}), Cohort(pk=1)) is None  # type: ignore[arg-type]
    pending_uploads.forget(request_of_editor, Cohort(pk=1))


def test_what_no_one_imported_since_yesterday_is_deleted() -> None:
    old = timezone.localdate() - timedelta(days=2)
    stale = private_storage().save(f"imports/{old:%Y-%m-%d}/x.json", ContentFile(b"{}"))
    fresh = private_storage().save(f"imports/{timezone.localdate():%Y-%m-%d}/x.json", ContentFile(b"{}"))
    pending_uploads.sweep()
    assert not private_storage().exists(stale)
    assert private_storage().exists(fresh)
    private_storage().delete(fresh)
