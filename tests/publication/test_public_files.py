"""Visitors can fetch the files that public pages show, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    ReferenceIndex,
)

from media import public_names, publishing
from media.models import Document, Picture, Recording
from media.publishable import Publishable
from publication import public_files
from tests import factories as make
from treatments.models import ProtocolDocument

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"""/files/[^\s"'<>,)]+""")


@pytest.fixture(autouse=True)
def files_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAR = tmp_path
    private = {"BACKEND": "media.storage.PrivateFiles", "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return tmp_path / "files"


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """`with committed(): ...` runs, at its end, everything that waits for the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def addresses(client: Client, url: str) -> set[str]:
    """Return the public files that a page names, after checking that each exists."""
    found = {address.split("#")[0] for address in ADDRESS.findall(client.get(url).content.decode())}
    assert all(client.get(address).status_code == 200 for address in found)
    return found


def gone(client: Client, found: set[str], folder: Path) -> bool:
    left = [address for address in found if (folder / address.removeprefix("/files/")).exists()]
    return not left and all(client.get(address).status_code == 404 for address in found)


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}


@pytest.fixture
def everything(db: None) -> Page:
    """A story with a picture at its top, one in its text, a video with captions and a document."""
    recording: Any = make.CaptionTrackFactory().recording
    document: Any = make.DocumentFactory()
    picture: Any = make.PictureFactory()
    values = [
        block("figure", {"picture": picture.pk}),
        block("video", {"recording": recording.pk, "show_transcript": True}),
        block("document", {"document": document.pk}),
    ]
    page: Page = make.StandardPageFactory(
        title="Everything", picture=make.PictureFactory(), body=json.dumps(values)
    )
    publishing.write_missing()
    return page


def kinds(found: set[str]) -> set[str]:
    return {address.split("/")[3] for address in found}


def test_no_file_can_be_fetched_after_its_last_page_is_unpublished(
    client: Client, everything: Page, committed: Any, files_folder: Path
) -> None:
    found = addresses(client, everything.url)
    document = Document.objects.get()
    by_number = {f"/documents/{document.pk}/{document.filename}", document.save_url}
    assert all(client.get(url, follow=True).status_code == 200 for url in by_number)
    assert kinds(found) == {"pictures", "recordings", "documents"}
    assert (
        len([name for name in found if "/recordings/" in name]) == 3
    )  # the recording, its poster, its captions
    assert len([name for name in found if "/pictures/" in name]) >= 5
    originals = [
        f"/files/{name}"
        for model in (Picture, Document, Recording)
        for name in model.objects.values_list("file", flat=True)
    ]
    assert all(client.get(url).status_code == 404 for url in originals)
    with committed():
        everything.unpublish()
    assert gone(client, found, files_folder)
    assert all(client.get(url).status_code == 404 for url in by_number)
    assert not [path for path in files_folder.rglob("*") if path.is_file()]
    assert not any(
        publishing.public_files_of(thing)
        for model in publishing.PUBLISHABLE_MODELS
        for thing in model._base_manager.all()
    )


def test_a_file_stays_public_while_a_page_shows_it(
    client: Client, committed: Any, files_folder: Path
) -> None:
    picture = make.PictureFactory()
    pages = [make.StandardPageFactory(picture=picture) for _ in range(2)]
    found = addresses(client, pages[0].url)
    assert found
    with committed():
        pages[0].unpublish()
    assert addresses(client, pages[1].url) == found
    with committed():
        pages[1].delete()
    assert gone(client, found, files_folder)


def test_a_file_published_again_has_new_addresses(client: Client, committed: Any, everything: Page) -> None:
    found = addresses(client, everything.url)
    with committed():
        everything.unpublish()
    with committed():
        everything.save_revision().publish()
    again = addresses(client, everything.url)
    assert len(again) == len(found)
    assert not again & found
    assert all(client.get(address).status_code == 404 for address in found)


def test_publishing_again_decodes_no_picture(
    client: Client, committed: Any, everything: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses(client, everything.url)
    with committed():
        everything.unpublish()

    def decode(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a picture was decoded")

    monkeypatch.setattr(Picture, "generate_rendition_file", decode)
    with committed():
        everything.save_revision().publish()
    assert "pictures" in kinds(addresses(client, everything.url))


def test_a_draft_publishes_no_file(client: Client, editor: Any, committed: Any) -> None:
    picture, document = make.PictureFactory(), make.DocumentFactory()
    with committed():
        page = make.StandardPageFactory(
            live=False, picture=picture, body=json.dumps([block("document", {"document": document.pk})])
        )
        page.save_revision()
    for thing in (picture, document):
        thing.refresh_from_db()
        assert not thing.is_published
    # The draft of a live page does not publish it either.
    with committed():
        live = make.StandardPageFactory()
        live.picture = picture
        live.save_revision()
    picture.refresh_from_db()
    assert not picture.is_published
    client.force_login(editor)
    preview = client.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()
    assert not ADDRESS.findall(preview)
    private = re.findall(r"/admin/private/rendition/\d+/", preview)
    assert private
    assert all(client.get(url).status_code == 200 for url in private)
    client.logout()
    assert all(client.get(url).status_code == 404 for url in [*private, document.url, document.save_url])


def test_a_picture_removed_from_a_page_is_unpublished(
    client: Client, committed: Any, files_folder: Path
) -> None:
    page = make.StandardPageFactory(picture=make.PictureFactory())
    found = addresses(client, page.url)
    page.picture = None
    with committed():
        page.save_revision()
    assert addresses(client, page.url) == found  # only a draft so far
    with committed():
        page.save_revision().publish()
    assert gone(client, found, files_folder)


def test_restrictions_and_moves(client: Client, committed: Any, home: Any) -> None:
    above = make.StandardPageFactory(title="Above")
    page = make.StandardPageFactory(parent=above, picture=make.PictureFactory())
    picture = page.picture

    def shown() -> bool:
        picture.refresh_from_db()
        return picture.is_published

    assert shown()
    restriction = PageViewRestriction.objects.create(page=above, restriction_type=PageViewRestriction.LOGIN)
    assert not shown()
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=home.pk), "last-child")
    assert shown()
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=above.pk), "last-child")
    assert not shown()
    restriction.delete()
    assert shown()
    Page.objects.get(pk=above.pk).delete()
    assert not shown()


def test_a_closed_collection_is_for_staff(client: Client, committed: Any) -> None:
    closed = Collection.get_first_root_node().add_child(name="Closed")
    document = make.DocumentFactory(collection=closed)
    make.StandardPageFactory(body=json.dumps([block("document", {"document": document.pk})]))
    document.refresh_from_db()
    assert document.is_published
    restriction = CollectionViewRestriction.objects.create(
        collection=closed, restriction_type=CollectionViewRestriction.LOGIN
    )
    document.refresh_from_db()
    assert not document.is_published
    assert client.get(document.url).status_code == 404
    restriction.delete()
    document.refresh_from_db()
    assert document.is_published


def test_documents_in_links_and_in_rows_of_a_page_are_published() -> None:
    linked, entered = make.DocumentFactory(), make.DocumentFactory()
    make.StandardPageFactory(
        body=json.dumps([block("text", f'<p><a linktype="document" id="{linked.pk}">report</a></p>')])
    )
    entry = ProtocolDocument(page=make.TreatmentPageFactory(), document=entered, title="Protocol")
    entry.save()
    for document in (linked, entered):
        document.refresh_from_db()
        assert document.is_published
    entry.delete()
    entered.refresh_from_db()
    assert not entered.is_published


def test_a_file_that_a_rule_forbids_everywhere_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make.PictureFactory()
    first = make.StandardPageFactory(picture=picture)
    monkeypatch.setattr(
        public_files, "everyone_shown_consents", lambda _file, surface: surface.pk != first.pk
    )
    public_files.refresh([picture])
    picture.refresh_from_db()
    assert not picture.is_published
    assert public_files.is_refused(picture, first)
    second = make.StandardPageFactory(picture=picture)
    picture.refresh_from_db()
    assert picture.is_published
    assert not public_files.is_refused(picture, second)


def test_consent_to_a_part_of_a_page(client: Client) -> None:
    page = make.StoryPageFactory(picture=make.PictureFactory())
    picture = page.picture
    picture.refresh_from_db()
    assert picture.is_published
    clearance = page.clearance
    clearance.parts = {"field:picture": []}
    clearance.save()
    picture.refresh_from_db()
    assert not picture.is_published
    clearance.parts = {"field:picture": [[None, None]]}
    clearance.save()
    picture.refresh_from_db()
    assert picture.is_published
    clearance.delete()
    picture.refresh_from_db()
    assert not picture.is_published


def test_a_page_whose_files_are_not_there_yet_still_stands(client: Client) -> None:
    """Between the decision and the files: no player, no broken picture, no error."""
    recording = make.CaptionTrackFactory().recording
    page = make.VideoPageFactory(recording=recording, picture=make.PictureFactory())
    Recording.objects.update(public_name="", public_poster="")
    html = client.get(page.url).content.decode()
    assert "<video" not in html
    assert "She counts the stairs." in html
    assert "/admin/private/" not in html
    Picture.objects.update(public_folder="", public_since=None)
    response = client.get(page.url)
    assert response.status_code == 200
    assert "/admin/private/" not in response.content.decode()
    assert "/files/shown/pictures/" not in response.content.decode()


# From any state ---------------------------------------------------------------------------------------------


def refreshed() -> dict[str, int]:
    from io import StringIO

    out = StringIO()
    call_command("refresh_public_files", "--json", stdout=out)
    said: dict[str, int] = json.loads(out.getvalue())
    return said


def test_repair_changes_nothing_if_nothing_is_wrong(client: Client, everything: Page) -> None:
    found = addresses(client, everything.url)
    refreshed()
    said = refreshed()
    assert said == {
        "published": 0,
        "unpublished": 0,
        "removed_files": 0,
        "written": 0,
        "removed": 0,
        "left": 0,
    }
    assert found <= addresses(client, everything.url)


def test_repair_from_a_killed_process_and_a_stale_index(
    client: Client, everything: Page, files_folder: Path
) -> None:
    found = addresses(client, everything.url)
    hidden = make.PictureFactory()
    # As after restoring an old database, a killed withdrawal, and the loss of a file and of the reference
    # index.
    for model in publishing.PUBLISHABLE_MODELS:
        model._base_manager.update(public_folder="", public_since=None)
    publishing.publish(hidden)
    ReferenceIndex.objects.all().delete()
    stray = files_folder / "shown" / "pictures" / ("x" * 22) / "a.jpg"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"left behind")
    (files_folder / "pictures").mkdir()
    (files_folder / "pictures" / "old.jpg").write_bytes(b"an original of long ago")
    assert client.get("/files/pictures/old.jpg").status_code == 404
    said = refreshed()
    assert (said["published"], said["unpublished"], said["left"]) == (4, 1, 0)
    assert not stray.exists()
    assert not (files_folder / "pictures").exists()
    assert public_names.stray_files() == []
    assert not any((files_folder / address.removeprefix("/files/")).exists() for address in found)
    again = addresses(client, everything.url)
    assert kinds(again) == {"pictures", "recordings", "documents"}
    lost = next(address for address in again if "/documents/" in address)
    (files_folder / lost.removeprefix("/files/")).unlink()
    assert refreshed()["written"] == 1
    assert "documents" in kinds(addresses(client, everything.url))


def test_all_files_or_some(everything: Page) -> None:
    things: list[Publishable] = [
        thing for model in publishing.PUBLISHABLE_MODELS for thing in model._base_manager.all()
    ]
    assert public_files.refresh().published == []
    assert public_files.refresh([*things, *things]).unpublished == []
    Page.objects.filter(pk=everything.pk).update(live=False)
    done = public_files.refresh(things)
    assert len(done.unpublished) == 4
    assert len(done.removed_files) >= 4
    assert public_files.refresh().unpublished == []


def test_a_replaced_file_takes_its_copy_with_it(client: Client, committed: Any, files_folder: Path) -> None:
    document: Any = make.DocumentFactory()
    make.StandardPageFactory(body=json.dumps([block("document", {"document": document.pk})]))
    publishing.write_missing()
    document.refresh_from_db()
    old = document.url
    assert client.get(old).status_code == 200
    with committed():
        document.file = ContentFile(make.PDF + b"%2\n", name="new.pdf")
        document.save()
    assert gone(client, {old}, files_folder)
    document.refresh_from_db()
    assert document.url != old
    assert client.get(document.url).status_code == 200
