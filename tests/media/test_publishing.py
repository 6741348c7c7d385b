"""Publishing and unpublishing: the database says what is public, and files follow, at every moment in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client

from media import public_copies, public_names, publishing, renditions
from media.file_urls import private_files_at
from media.models import CaptionTrack, Document, Picture, Recording, Rendition
from media.public_copies import copy_to_public
from media.publishing import publish_recording
from media.storage import private_storage, public_storage
from media.tasks import make_renditions

from .conftest import VTT, pdf_bytes, picture_bytes, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def document() -> Document:
    return Document.objects.create(title="Report", file=ContentFile(pdf_bytes(), name="report.pdf"))


def public(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_all_originals_are_private(
    files_folder: Path,
    private_folder: Path,
    document: Document,
    make_picture: Callable[..., Picture],
    make_recording: Callable[..., Recording],
) -> None:
    picture, recording = make_picture(shown=False), make_recording(shown=False)
    CaptionTrack.objects.create(recording=recording, file=ContentFile(VTT, name="a.vtt"))
    picture.get_rendition("max-165x165")
    renditions.make([picture], ["card"])
    assert public(files_folder) == []
    assert {name.split("/")[0] for name in public(private_folder)} == {
        "pictures", "renditions", "recordings", "posters", "captions", "documents",
    }  # fmt: skip
    assert Path(picture.file.path).is_relative_to(private_folder)


def test_publishing_twice_and_unpublishing_twice(
    document: Document, committed: Any, files_folder: Path
) -> None:
    with committed():
        assert publishing.publish(document)
    with committed():
        assert not publishing.publish(document)
        assert not publishing.publish(Document.objects.get())
    assert public(files_folder) == publishing.public_files_of(document)
    (name,) = publishing.public_files_of(document)
    assert len(pypdf.PdfReader(public_storage().open(name)).pages) == 2
    with committed():
        assert publishing.unpublish(document) == [name]
    with committed():
        assert publishing.unpublish(document) == []
    assert public(files_folder) == []
    assert not any((files_folder / "shown" / "documents").iterdir())


def test_only_the_sizes_that_visitors_see_are_public(
    make_picture: Callable[..., Picture], committed: Any, files_folder: Path
) -> None:
    picture = make_picture(shown=False, content=picture_bytes(size=(1600, 1200)))
    picture.get_rendition("max-165x165")
    picture.get_rendition("original")
    make_renditions.func(picture.pk)
    with committed():
        publishing.publish(picture)
    assert len(public(files_folder)) == 16
    shown = {size.filter_spec for size in picture.renditions.exclude(public_name="")}
    assert not shown & {"max-165x165", "original"}
    names = publishing.public_files_of(picture)
    assert names == public(files_folder)
    original = picture.file.name.split("/")
    assert not any(part in name for name in names for part in original[1:])


def test_sizes_made_after_publication_become_public(
    make_picture: Callable[..., Picture], committed: Any, files_folder: Path
) -> None:
    picture = make_picture(shown=False)
    with committed():
        publishing.publish(picture)
    # What was missing is made right after the commit, but for AVIF.
    assert len(public(files_folder)) == 10
    make_renditions.func(picture.pk)
    assert len(public(files_folder)) == 16


def test_a_recording_with_its_poster_and_captions(
    make_recording: Callable[..., Recording], committed: Any, files_folder: Path
) -> None:
    recording = make_recording(shown=False)
    track = CaptionTrack.objects.create(recording=recording, file=ContentFile(VTT, name="a.vtt"))
    with committed():
        publishing.publish(recording)
    assert len(public(files_folder)) == 3
    recording.refresh_from_db()
    assert recording.can_be_played
    with committed():
        CaptionTrack.objects.create(recording=recording, language="es", file=ContentFile(VTT, name="b.vtt"))
    assert len(public(files_folder)) == 4
    track.refresh_from_db()
    with committed():
        track.delete()
    assert len(public(files_folder)) == 3
    with committed():
        recording.delete()
    assert public(files_folder) == []


def test_a_long_recording_is_copied_by_the_worker(
    make_recording: Callable[..., Recording], committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("media.public_copies.LONG", 10)
    monkeypatch.setattr("media.publishing.publish_recording", SimpleNamespace(enqueue=asked.append))
    recording = make_recording(shown=False)
    with committed():
        publishing.publish(recording)
    recording.refresh_from_db()
    assert asked == [recording.pk]
    assert recording.is_published
    assert not recording.can_be_played
    assert recording.poster_url.startswith("/files/shown/")
    publish_recording.func(recording.pk)
    recording.refresh_from_db()
    assert recording.can_be_played


def test_a_form_opened_before_a_withdrawal_publishes_nothing(document: Document, client: Client) -> None:
    published(document)
    url = document.url
    before = Document.objects.get()
    publishing.unpublish(document)
    before.title = "Changed in a form"
    before.save()
    document.refresh_from_db()
    assert (document.title, document.is_published, document.public_name) == ("Changed in a form", False, "")
    assert client.get(url).status_code == 404


def test_an_unpublished_document_is_not_served_before_its_files_are_deleted(
    document: Document, client: Client
) -> None:
    published(document)
    url = document.url
    assert client.get(url).status_code == 200
    publishing.unpublish(document)  # nothing is ever committed here: the file lies there still
    name = url.removeprefix("/files/")
    assert public_storage().exists(name)
    assert client.get(url).status_code == 404
    assert public_names.stray_files() == [name]
    assert public_names.remove_stray_files() == [name]
    assert public_names.stray_files() == []


def test_unpublished_while_its_file_is_being_copied(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copy_to_public

    def slow(part: Any, name: str) -> None:
        copy(part, name)
        publishing.unpublish(Document.objects.get())

    monkeypatch.setattr(public_copies, "copy_to_public", slow)
    publishing.publish(document)
    assert publishing.write_files(document) == 0
    assert public_names.stray_files() == []
    assert publishing.public_files_of(document) == []


def test_killed_between_the_copy_and_its_name(
    document: Document, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    copy = copy_to_public

    def killed(part: Any, name: str) -> None:
        copy(part, name)
        raise Killed

    publishing.publish(document)
    monkeypatch.setattr(public_copies, "copy_to_public", killed)
    with pytest.raises(Killed):
        publishing.write_files(document)
    monkeypatch.undo()
    (left,) = public_names.stray_files()
    assert client.get(f"/files/{left}").status_code == 404
    assert public_names.remove_stray_files() == []  # its process may live still
    monkeypatch.setattr(public_names, "_age", lambda _name: 4000.0)
    assert public_names.remove_stray_files() == [left]
    assert publishing.write_missing() == 1


def test_cached_public_names_of_a_picture_are_not_trusted(
    make_picture: Callable[..., Picture], client: Client
) -> None:
    picture = make_picture(content=picture_bytes(size=(1600, 1200)))
    first = renditions.responsive(picture, "card")
    assert first
    publishing.unpublish(picture)
    # As a process leaves them that read them before the withdrawal.
    for size in picture.renditions.all():
        stale = first.fallback
        Rendition.cache_backend.set(
            Rendition.construct_cache_key(picture, size.focal_point_key, size.filter_spec), stale
        )
    fresh = Picture.objects.get()
    assert renditions.responsive(fresh, "card") is None
    Rendition.cache_backend.clear()
    publishing.publish(fresh)
    again = renditions.responsive(Picture.objects.get(), "card")
    assert again
    assert again.fallback.url != first.fallback.url
    assert client.get(again.fallback.url).status_code == 200
    assert client.get(first.fallback.url).status_code == 404


def test_in_a_preview_nothing_becomes_public(
    make_picture: Callable[..., Picture], files_folder: Path
) -> None:
    hidden, shown = make_picture(shown=False), make_picture(title="Shown")
    with private_files_at():
        for picture in (hidden, shown):
            found = renditions.responsive(picture, "card")
            assert found
            assert found.fallback.url.startswith("/admin/private/rendition/")
            assert all(part.startswith("/admin/private/") for part in found.sources[0].srcset.split(", "))
    with private_files_at(lambda holder, kind: f"/approve/x/{kind}:{holder.pk}"):
        found = renditions.responsive(hidden, "card")
        assert found
        assert found.fallback.url.startswith("/approve/x/rendition:")
    assert public(files_folder) == []
    assert renditions.responsive(hidden, "card") is None


def test_deleting_an_item_deletes_its_public_files(
    document: Document,
    make_picture: Callable[..., Picture],
    committed: Any,
    files_folder: Path,
    private_folder: Path,
) -> None:
    stale = Document.objects.get()
    with committed():
        published(document)
        picture = make_picture()
        assert renditions.responsive(picture, "card")
    assert public(files_folder)
    with committed():
        stale.delete()
        picture.delete()
    assert public(files_folder) == []
    assert public(private_folder) == []


def test_a_lost_original_affects_only_its_own_file(
    document: Document, make_recording: Callable[..., Recording], committed: Any
) -> None:
    private_storage().delete(str(document.file.name))
    recording = make_recording(shown=False)
    private_storage().delete(str(recording.file.name))
    with committed():
        publishing.publish(document)
        publishing.publish(recording)
    assert publishing.public_files_of(document) == []
    assert len(publishing.public_files_of(recording)) == 1  # its poster
    with committed():
        publishing.unpublish(recording)
    assert public_names.stray_files() == []


# Files of an older version ----------------------------------------------------------------------------------


def moved() -> dict[str, Any]:
    out = StringIO()
    call_command("move_originals", "--json", stdout=out)
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


def test_originals_of_an_older_version_are_moved(
    document: Document,
    make_picture: Callable[..., Picture],
    make_recording: Callable[..., Recording],
    files_folder: Path,
    private_folder: Path,
) -> None:
    picture, recording = make_picture(shown=False), make_recording(shown=False)
    picture.get_rendition("max-165x165")
    private_folder.rename(files_folder)  # as an older version stored them
    before = {name: (files_folder / name).read_bytes() for name in public(files_folder)}
    assert len(before) == 5
    # A run that was killed while it copied one file and after it had copied another.
    first, second, *_rest = before
    for name, content in ((first, before[first][:10]), (second, before[second])):
        (private_folder / name).parent.mkdir(parents=True)
        (private_folder / name).write_bytes(content)
    assert moved() == {"moved": 5, "there": 0, "lost": 0, "failed": 0, "lost_files": [], "failures": []}
    assert public(files_folder) == []
    assert {name: (private_folder / name).read_bytes() for name in public(private_folder)} == before
    assert moved()["there"] == 5
    private_storage().delete(str(recording.file.name))
    assert moved()["lost_files"] == [recording.file.name]
