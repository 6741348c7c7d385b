"""People, pictures and films that public pages show."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from wagtail.models import Collection, GroupCollectionPermission

from media.models import Picture
from tests import factories as make
from tests.shared_changes.requests import ALT, NAME


@pytest.fixture
def person(home: Any) -> Any:
    return make.consenting(private_name=NAME, display_name="Ines")


@pytest.fixture
def picture() -> Picture:
    return make.PictureFactory(alt_text=ALT, title="Stairs")


@pytest.fixture
def story(person: Any, picture: Picture) -> Any:
    return make.StoryPageFactory(person=person, picture=picture)


@pytest.fixture
def without_publishing(db: None) -> Client:
    """Someone who edits pictures and pages and may publish nothing."""
    group = Group.objects.create(name="Editors who may not publish")
    root = Collection.get_first_root_node()
    for name in ("add_image", "change_image", "choose_image"):
        found = Permission.objects.get(content_type__app_label="wagtailimages", codename=name)
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=found)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = User.objects.create_user("trainee", "trainee@example.org", "x")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def video(person: Any) -> Any:
    recording = make.RecordingFactory()
    make.CaptionTrackFactory(recording=recording)
    return make.VideoPageFactory(person=person, recording=recording)
