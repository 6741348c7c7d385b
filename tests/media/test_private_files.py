"""Originals, and sizes of pictures that are not published: only for staff who may see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, GroupCollectionPermission

from media.models import CaptionTrack, Document, Picture, Recording
from media.private_files import KINDS
from media.signals import private_file_read

from .conftest import VTT, pdf_bytes, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(
    make_picture: Callable[..., Picture], make_recording: Callable[..., Recording]
) -> dict[str, str]:
    """Return the address of one private file of each kind."""
    picture, recording = make_picture(shown=False), make_recording(shown=False)
    track = CaptionTrack.objects.create(recording=recording, file=ContentFile(VTT, name="a.vtt"))
    document = Document.objects.create(title="Report", file=ContentFile(pdf_bytes(), name="report.pdf"))
    holders = {
        "picture": picture,
        "rendition": picture.get_rendition("width-100|format-webp"),
        "document": document,
        "recording": recording,
        "poster": recording,
        "captions": track,
    }
    assert holders.keys() == KINDS.keys()
    return {kind: f"/admin/private/{kind}/{holder.pk}/" for kind, holder in holders.items()}


def staff(name: str, *permissions: str, collection: Collection | None = None) -> User:
    """A user who may log in to the admin, with these permissions ('choose_image') for the collection."""
    user = User.objects.create_user(name, f"{name}@example.org", "only-for-tests")
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in permissions:
        app = {"image": "wagtailimages", "document": "wagtaildocs", "media": "wagtailmedia"}[
            codename.split("_")[1]
        ]
        GroupCollectionPermission.objects.create(
            group=group,
            collection=collection or Collection.get_first_root_node(),
            permission=Permission.objects.get(codename=codename, content_type__app_label=app),
        )
    user.groups.add(group)
    return user


ALL = ("choose_image", "choose_document", "change_media")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_staff_who_may_choose_the_files_can_read_them(client: Client, addresses: dict[str, str]) -> None:
    client.force_login(staff("chooser", *ALL))
    for kind, url in addresses.items():
        response = client.get(url)
        assert response.status_code == 200, kind
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"].startswith("inline; filename=")
        whole = body(response)
        part = client.get(url, headers={"Range": "bytes=2-5"})
        assert (part.status_code, body(part)) == (206, whole[2:6])
        assert part.headers["Cache-Control"] == "private, no-store"
        assert client.head(url).status_code == 200
        assert client.post(url).status_code == 405


@pytest.mark.parametrize("who", ["visitor", "no permission", "another collection", "no admin", "left"])
def test_anyone_else_gets_404(client: Client, addresses: dict[str, str], who: str) -> None:
    if who == "no permission":
        client.force_login(staff("tagger"))
    elif who == "another collection":
        other = Collection.get_first_root_node().add_child(name="Other")
        client.force_login(staff("elsewhere", *ALL, collection=other))
    elif who == "no admin":
        user = staff("outsider", *ALL)
        user.groups.get().permissions.clear()
        client.force_login(user)
    elif who == "left":
        user = staff("left", *ALL)
        client.force_login(user)
        User.objects.update(is_active=False)
    for url in addresses.values():
        response = client.get(url)
        assert response.status_code == 404
        assert client.get(url, headers={"Range": "bytes=0-9"}).status_code == 404
    for url in ("/admin/private/picture/999/", "/admin/private/secret/1/"):
        assert client.get(url).status_code == 404
    document = Document.objects.get()
    assert client.get(document.url).status_code == 404
    assert client.get(document.save_url).status_code == 404


def test_guessed_addresses_of_private_files(client: Client, addresses: dict[str, str], admin: Client) -> None:
    files = [(kind.model, kind.field) for kind in KINDS.values()]
    names = [name for model, field in files for name in model.objects.values_list(field, flat=True)]
    assert len(names) == 6
    for name in names:
        for guess in (f"/files/{name}", f"/files/private/{name}", f"/files/../private/{name}",
                      f"/files/shown/{name}", f"/private/{name}", f"/media/{name}"):  # fmt: skip
            assert client.get(guess).status_code == 404
            assert admin.get(guess).status_code == 404


def test_each_request_sends_the_signal(client: Client, addresses: dict[str, str]) -> None:
    told: list[tuple[str, str, str]] = []

    def listen(sender: Any, user: Any, item: Any, kind: str, **_kwargs: Any) -> None:
        assert sender is type(item)
        told.append((user.username, type(item).__name__, kind))

    private_file_read.connect(listen)
    try:
        client.get(addresses["recording"])
        client.force_login(staff("chooser", *ALL))
        for url in addresses.values():
            body(client.get(url))
        body(client.get(Document.objects.get().url))
    finally:
        private_file_read.disconnect(listen)
    owners = {"rendition": "Picture", "poster": "Recording", "captions": "Recording"}
    assert told == [("chooser", owners.get(kind, kind.capitalize()), kind) for kind in addresses] + [
        ("chooser", "Document", "document")
    ]


def test_the_admin_shows_pictures_that_are_not_public(
    admin: Client, make_picture: Callable[..., Picture], make_recording: Callable[..., Recording]
) -> None:
    picture, recording = make_picture(shown=False), make_recording(shown=False)
    pages = [
        "/admin/images/results/", f"/admin/images/{picture.pk}/", "/admin/images/chooser/",
        f"/admin/images/chooser/chosen/{picture.pk}/", f"/admin/media/edit/{recording.pk}/", "/admin/media/",
    ]  # fmt: skip
    for url in pages:
        html = admin.get(url).content.decode()
        assert "/admin/private/" in html, url
        assert "/files/" not in html, url


def test_published_files_have_the_same_address_in_the_admin(
    admin: Client, client: Client, make_recording: Callable[..., Recording]
) -> None:
    recording = make_recording()
    assert recording.url.startswith("/files/shown/")
    assert recording.poster_url.startswith("/files/shown/")
    assert recording.file.url == f"/admin/private/recording/{recording.pk}/"
    document = Document.objects.create(title="Report", file=ContentFile(pdf_bytes(), name="report.pdf"))
    assert document.url == f"/documents/{document.pk}/{document.filename}"
    published(document)
    assert document.url.startswith("/files/shown/")
