"""An editor who may not publish changes a picture that a live story shows: warned, held, reviewed, released."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.contrib.auth.models import Group, Permission, User
from playwright.sync_api import Page, expect
from wagtail.models import Collection, GroupCollectionPermission

from audit.actors import Actor
from shared_changes.models import HeldChange
from tests import browser as browsers
from tests import factories as make
from tests.conftest import EDITOR_PASSWORD

pytestmark = pytest.mark.journey

ALT = "A girl climbs the stairs with one hand on the rail."
NEW = "A girl on the fourth stair, looking back at us."
NEWER = "A girl on the fifth stair, one hand in the air."


@pytest.fixture
def story(origin: str) -> Any:
    make.home()
    picture = make.PictureFactory(alt_text=ALT, title="Stairs", file=make.png(800, 600))
    return make.StoryPageFactory(title="Fourteen stairs", slug="fourteen-stairs", picture=picture)


@pytest.fixture
def trainee_tab(open_tab: Callable[..., Page], origin: str, story: Any) -> Page:
    """A tab of someone who changes pictures and may publish nothing."""
    group = Group.objects.create(name="Trainees")
    for name in ("add_image", "change_image", "choose_image"):
        found = Permission.objects.get(content_type__app_label="wagtailimages", codename=name)
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(), permission=found
        )
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    User.objects.create_user("trainee", "trainee@example.org", EDITOR_PASSWORD).groups.add(group)
    tab = open_tab()
    browsers.log_in(tab, origin, "trainee", EDITOR_PASSWORD)
    return tab


def seen(origin: str, story: Any) -> str:
    response = requests.get(f"{origin}{story.url}", timeout=30)
    return response.text if response.status_code == 200 else str(response.status_code)


def propose(tab: Page, origin: str, story: Any, words: str) -> None:
    tab.goto(f"{origin}/admin/images/{story.picture_id}/")
    expect(tab.get_by_text("Used on 1 live page.")).to_be_visible()
    expect(tab.get_by_text("waits until a publisher has reviewed it")).to_be_visible()
    expect(tab.locator(".shared-usage").get_by_role("link", name="Fourteen stairs")).to_be_visible()
    tab.locator("[name=alt_text]").fill(words)
    tab.get_by_role("button", name="Save", exact=True).first.click()
    expect(tab.get_by_text("Not public yet: the change waits.")).to_be_visible()


def test_held_reviewed_released(
    trainee_tab: Page, open_tab: Callable[..., Page], origin: str, story: Any, editor: User
) -> None:
    before = seen(origin, story)
    assert ALT in before
    propose(trainee_tab, origin, story, NEW)
    expect(trainee_tab.get_by_role("button", name="Release")).to_have_count(0)
    after = seen(origin, story)
    assert NEW not in after
    assert ALT in after

    tab = open_tab()
    browsers.log_in(tab, origin, editor.username, EDITOR_PASSWORD)
    tab.get_by_role("link", name="Waiting changes").click()
    tab.wait_for_url("**/waiting-changes/")
    tab.get_by_role("link", name="Review").click()
    expect(tab.get_by_role("cell", name=NEW)).to_be_visible()
    expect(tab.get_by_role("cell", name=ALT)).to_be_visible()
    tab.get_by_role("button", name="Release").click()
    expect(tab.get_by_text("is public.")).to_be_visible()
    assert NEW in seen(origin, story)


def test_a_withdrawal_during_the_wait_holds(
    trainee_tab: Page, open_tab: Callable[..., Page], origin: str, story: Any, editor: User
) -> None:
    from withdrawal.services import withdraw

    propose(trainee_tab, origin, story, NEWER)
    withdraw(consent=story.person.consents.get(), by=Actor.system("test"), channel="editor")
    assert seen(origin, story) in ("404", "410")
    tab = open_tab()
    browsers.log_in(tab, origin, editor.username, EDITOR_PASSWORD)
    tab.goto(f"{origin}/admin/waiting-changes/{HeldChange.objects.get().pk}/")
    tab.get_by_role("button", name="Release").click()
    expect(tab.get_by_text("is public.")).to_be_visible()
    assert seen(origin, story) in ("404", "410")
    story.picture.refresh_from_db()
    assert not story.picture.is_published


def test_the_next_action_is_seen_without_scrolling(
    open_tab: Callable[..., Page], origin: str, editor: User
) -> None:
    """A story with one missing consent, at 1280 x 800: one line for it, and one button."""
    make.home()
    films = [
        {"type": "video", "value": {"recording": make.RecordingFactory().pk, "title": f"Film {number}"}}
        for number in range(6)
    ]
    page = make.StoryPageFactory(
        title="Fourteen stairs", live=False, person=make.PersonFactory(display_name="Marta"), before=films
    )
    page.conditions.set([make.ConditionFactory()])
    page.save_revision()
    tab = open_tab()
    browsers.log_in(tab, origin, editor.username, EDITOR_PASSWORD)
    tab.goto(f"{origin}/admin/people/checklist/{page.pk}/")
    expect(tab.locator("#next")).to_be_in_viewport(ratio=1)
    expect(tab.locator(".checklist .lines > li:visible")).to_have_count(1)
    expect(tab.locator(".checklist .lines > li").first).to_be_in_viewport()
