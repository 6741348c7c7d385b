"""Every path to publication is refused without consent, with the right reason, and visitors see nothing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import pytest
import wagtail.actions
from django.test import Client
from django.urls import get_resolver
from wagtail.actions.base import BaseAction
from wagtail.admin.api.views import PagesAdminAPIViewSet

from experiences.models import StoryPage
from publication import visibility
from publication.models import Clearance
from publication.reasons import Why
from tests import factories as make
from tests.publication.paths import NEW_PAGE, PATHS, STATES, TITLE, WORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("why", STATES)
@pytest.mark.parametrize("path", PATHS)
def test_every_path_to_publication_is_refused(path: str, why: Why, client: Client) -> None:
    make.story_index()
    expected = Why.NOT_APPROVED if why == Why.CHANGED and path in NEW_PAGE else why
    assert expected in PATHS[path](why, client)
    check_nothing_is_public()


def check_nothing_is_public() -> None:
    visitor = Client()
    assert not Clearance.objects.exists()
    assert not visibility.visible_pages(StoryPage.objects.all()).exists()
    for page in StoryPage.objects.all():
        assert visitor.get(page.url).status_code in {404, 410}
    index = visitor.get(make.story_index().url).content.decode()
    found = visitor.get("/search/", {"q": WORD}).content.decode()
    assert TITLE not in index + found


# Actions of Wagtail -> the path in `paths.py` that uses it, '' if the action publishes nothing.
ACTIONS: dict[str, str] = {
    "ConvertAliasPageAction": "convert_an_alias",
    "CopyForTranslationAction": "",  # of snippets
    "CopyPageAction": "copy_and_keep_live",
    "CopyPageForTranslationAction": "translate",
    "CreateAction": "create_by_action",
    "CreatePageAction": "create_by_page_action",
    "CreatePageAliasAction": "alias",
    "DeleteAction": "",
    "DeletePageAction": "",
    "EditAction": "edit_by_action",
    "EditPageAction": "edit_by_page_action",
    "MovePageAction": "move",
    "PublishPageRevisionAction": "publish_by_page_action",
    "PublishRevisionAction": "publish_by_action",
    "RevertToPageRevisionAction": "revert_and_publish",
    "RevertToRevisionAction": "revert_by_action",
    "UnpublishAction": "",
    "UnpublishPageAction": "",
}
# Addresses of the admin that can change what is public.
ADDRESSES: dict[str, str] = {
    "add": "create_in_the_editor",
    "convert_alias": "convert_an_alias",
    "copy": "copy_in_the_admin",
    "edit": "publish_in_the_editor",
    "move": "move",
    "move_confirm": "move",
    "revisions_revert": "revert_in_the_editor",
    "revisions_unschedule": "",
    "set_page_position": "",
    "unpublish": "",
    "workflow_action": "approve_in_a_workflow",
}
LOOKED_AT = (
    "publish",
    "add",
    "edit",
    "copy",
    "alias",
    "move",
    "revert",
    "workflow_action",
    "schedule",
    "position",
)
# Addresses that only show something.
ONLY_SHOWN = {
    "add_subpage",
    "collect_workflow_action_data",
    "preview_on_add",
    "preview_on_add_error",
    "preview_on_edit",
    "edit_lock",
    "edit_unlock",
}
API: dict[str, str] = {
    "convert_alias": "convert_an_alias",
    "copy": "copy_and_keep_live",
    "copy_for_translation": "translate",
    "create_alias": "alias",
    "delete": "",
    "move": "move",
    "publish": "publish_by_page_action",
    "revert_to_page_revision": "revert_and_publish",
    "unpublish": "",
}


def actions_of_wagtail() -> set[str]:
    names: set[str] = set()
    for module in pkgutil.iter_modules(wagtail.actions.__path__):
        found = importlib.import_module(f"wagtail.actions.{module.name}")
        names |= {
            name
            for name, kind in inspect.getmembers(found, inspect.isclass)
            if issubclass(kind, BaseAction) and kind is not BaseAction
        }
    return names


def addresses_of_pages() -> set[str]:
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "admin/":
            pages = next(
                one for one in pattern.url_patterns if getattr(one, "namespace", "") == "wagtailadmin_pages"
            )
            names = {str(one.name) for one in pages.url_patterns}
            return {name for name in names if any(word in name for word in LOOKED_AT)}
    raise AssertionError("no admin")


@pytest.mark.parametrize(
    ("found", "considered"),
    [
        (actions_of_wagtail, ACTIONS),
        (lambda: addresses_of_pages() - ONLY_SHOWN, ADDRESSES),
        (lambda: set(PagesAdminAPIViewSet.actions), API),
    ],
    ids=["actions", "addresses", "api"],
)
def test_every_path_of_wagtail_is_known(found: Any, considered: dict[str, str]) -> None:
    """A new action, address or API call: add it here, and to tests/publication/paths.py if it can publish."""
    assert found() == set(considered)
    assert {path for path in considered.values() if path} <= set(PATHS)
