"""Every path to publication, each tried with a story that may not be public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create import CreateAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.create_page import CreatePageAction
from wagtail.actions.edit import EditAction
from wagtail.actions.edit_page import EditPageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction
from wagtail.actions.revert_to_revision import RevertToRevisionAction
from wagtail.models import GroupApprovalTask, Locale, Page, PageLogEntry, Workflow, WorkflowTask

from approval.models import Approval
from consent.models import Person
from experiences.models import StoryIndexPage, StoryPage
from publication.gate import NotPublic
from publication.reasons import Why
from publication.refusals import REFUSED
from tests import factories as make
from tests.experiences.test_admin import form

TITLE, WORD = "She counts the stairs now", "wobblewort"
Whys = set[Why]

# Reasons against publication ---------------------------------------------------------------------


def not_signed(_person: Person) -> None:
    """No consent at all."""


def withdrawn(person: Person) -> None:
    make.consent(person, withdrawn_at=timezone.now() - timedelta(hours=1))


def expired(person: Person) -> None:
    make.consent(person, until=timezone.now() - timedelta(seconds=1))


def not_granted(person: Person) -> None:
    make.consent(person, uses=["quotes", "photo"])


def changed(person: Person) -> None:
    """The family approved other content (`story` records that answer)."""
    make.consent(person)


STATES: dict[Why, Callable[[Person], None]] = {
    Why.NO_CONSENT: not_signed,
    Why.WITHDRAWN: withdrawn,
    Why.EXPIRED: expired,
    Why.NOT_GRANTED: not_granted,
    Why.CHANGED: changed,
}


def story(why: Why, *, live: bool = False) -> Any:
    """Return a draft that may not be public for that reason. `live`: the database says that it is live."""
    person = make.PersonFactory()
    STATES[why](person)
    page = make.StoryPageFactory(
        title=TITLE,
        live=False,
        person=person,
        conditions=[make.ConditionFactory()],
        lede=f"There is a {WORD} on the sill.",
    )
    if why == Why.CHANGED:
        Approval.objects.create(
            page=page, person=person, answer=Approval.Answer.APPROVED, content_hash="0" * 64
        )
    page.save_revision()
    if live:
        Page.objects.filter(pk=page.pk).update(live=True)
    return StoryPage.objects.get(pk=page.pk)


# Paths ------------------------------------------------------------------------------------------------------


def refused(act: Callable[[], Any]) -> Whys:
    """Return the reasons of the refusal, none if there was no refusal."""
    try:
        act()
    except NotPublic as refusal:
        return {reason.why for reason in refusal.reasons}
    return set()


def reasons_in(response: Any) -> Whys:
    """Return the reasons that a page of the admin shows."""
    text = response.content.decode()
    return {why for why in Why if str(why.label) in text or escape(str(why.label)) in text}


def editor(client: Client) -> Client:
    user = User.objects.filter(username="paths").first()
    client.force_login(user or User.objects.create_superuser("paths", "paths@example.org", "x"))
    return client


def posted(page: Any, **more: Any) -> dict[str, Any]:
    values = form(title=page.title, slug=page.slug, person=page.person_id)
    return {**values, "conditions": [one.pk for one in page.conditions.all()], **more}


def create_in_the_editor(why: Why, client: Client) -> Whys:
    known = story(why)
    url = reverse("wagtailadmin_pages:add", args=("experiences", "storypage", make.story_index().pk))
    data = posted(known, slug="another", **{"action-publish": "1"})
    answer = editor(client).post(url, data, follow=True)
    # The input is saved as a draft.
    assert StoryPage.objects.get(slug="another").latest_revision is not None
    return reasons_in(answer)


def publish_in_the_editor(why: Why, client: Client) -> Whys:
    page = story(why)
    data = posted(page, lede="Typed just now.", **{"action-publish": "1"})
    answer = editor(client).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)
    assert StoryPage.objects.get(pk=page.pk).get_latest_revision_as_object().lede == "Typed just now."
    return reasons_in(answer)


def publish_many(why: Why, client: Client) -> Whys:
    page, other = story(why), make.StandardPageFactory(live=False)
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    back = reverse("wagtailadmin_explore", args=[page.get_parent().pk])
    asked = f"{url}?id={page.pk}&id={other.pk}&next={back}"
    answer = editor(client).post(asked, {"include_descendants": ""}, follow=True)
    # The page that may be public is published.
    assert Page.objects.get(pk=other.pk).live
    return reasons_in(answer)


def approve_in_a_workflow(why: Why, client: Client) -> Whys:
    page = story(why)
    editor(client)
    user = User.objects.get(username="paths")
    workflow, task = Workflow.objects.create(name="One step"), GroupApprovalTask.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    state = workflow.start(page, user)
    url = reverse(
        "wagtailadmin_pages:workflow_action",
        args=(page.pk, "approve", state.current_task_state.pk),
    )
    answer = client.post(url, {"comment": ""}, follow=True)
    state.refresh_from_db()
    assert state.status == state.STATUS_IN_PROGRESS
    return reasons_in(answer)


def publish_as_scheduled(why: Why, _client: Client) -> Whys:
    page, other = story(why), make.StandardPageFactory(live=False)
    hour = timezone.now() - timedelta(minutes=1)
    for one in (page, other):
        one.go_live_at = hour
        revision = one.save_revision()
        revision.approved_go_live_at = hour
        revision.save()
    call_command("publish_scheduled")
    assert Page.objects.get(pk=other.pk).live
    assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()
    entry = PageLogEntry.objects.get(page=page.pk, action=REFUSED)
    return {Why(reason["why"]) for reason in entry.data["reasons"]}


def publish_a_revision(why: Why, _client: Client) -> Whys:
    return refused(story(why).latest_revision.publish)


def publish_by_page_action(why: Why, _client: Client) -> Whys:
    return refused(PublishPageRevisionAction(story(why).latest_revision).execute)


def publish_by_action(why: Why, _client: Client) -> Whys:
    return refused(PublishRevisionAction(story(why).latest_revision).execute)


def revert_and_publish(why: Why, _client: Client) -> Whys:
    page = story(why)
    RevertToPageRevisionAction(page, page.latest_revision).execute()
    return refused(StoryPage.objects.get(pk=page.pk).latest_revision.publish)


def revert_by_action(why: Why, _client: Client) -> Whys:
    page = story(why)
    RevertToRevisionAction(page, page.latest_revision).execute()
    return refused(StoryPage.objects.get(pk=page.pk).latest_revision.publish)


def revert_in_the_editor(why: Why, client: Client) -> Whys:
    page = story(why)
    data = posted(page, revision=page.latest_revision.pk, **{"action-publish": "1"})
    return reasons_in(
        editor(client).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)
    )


def _unsaved(why: Why) -> Any:
    known = story(why)
    return StoryPage(title="Another", slug="another", patient_name="Ines", person=known.person)


def create_by_page_action(why: Why, _client: Client) -> Whys:
    page, index = _unsaved(why), make.story_index()
    user = User.objects.create_superuser("paths", "paths@example.org", "x")
    kind = StoryPage.get_edit_handler().get_form_class()
    values = {**form(slug="another"), "person": page.person_id, "conditions": [make.ConditionFactory().pk]}
    filled = kind(values, instance=page, parent_page=index, for_user=user)
    assert filled.is_valid(), filled.errors
    return refused(CreatePageAction(page, index, form=filled, publish=True).execute)


def create_by_action(why: Why, _client: Client) -> Whys:
    page = story(why)
    return refused(CreateAction(page, publish=True, clean=False).execute)


def edit_by_page_action(why: Why, _client: Client) -> Whys:
    return refused(EditPageAction(story(why), publish=True, clean=False).execute)


def edit_by_action(why: Why, _client: Client) -> Whys:
    return refused(EditAction(story(why), publish=True, clean=False).execute)


def copy_and_keep_live(why: Why, _client: Client) -> Whys:
    page = story(why, live=True)
    return refused(CopyPageAction(page, to=make.story_index(), update_attrs={"slug": "copy"}).execute)


def copy_in_the_admin(why: Why, client: Client) -> Whys:
    page = story(why, live=True)
    data = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": make.story_index().pk,
        "publish_copies": "on",
    }
    return reasons_in(
        editor(client).post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data, follow=True)
    )


def alias(why: Why, _client: Client) -> Whys:
    return refused(CreatePageAliasAction(story(why, live=True), update_slug="alias").execute)


def alias_in_the_admin(why: Why, client: Client) -> Whys:
    page = story(why, live=True)
    data = {
        "new_title": "Alias",
        "new_slug": "alias",
        "new_parent_page": make.story_index().pk,
        "alias": "on",
        "publish_copies": "on",
    }
    return reasons_in(
        editor(client).post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data, follow=True)
    )


def _alias_of(page: Any) -> Any:
    """Return an alias of a draft that the database says is live."""
    Page.objects.filter(pk=page.pk).update(live=False)
    made = CreatePageAliasAction(StoryPage.objects.get(pk=page.pk), update_slug="alias").execute()
    Page.objects.filter(pk__in=[made.pk, page.pk]).update(live=True)
    return StoryPage.objects.get(pk=made.pk)


def convert_an_alias(why: Why, _client: Client) -> Whys:
    return refused(ConvertAliasPageAction(_alias_of(story(why))).execute)


def aliases_follow(why: Why, _client: Client) -> Whys:
    """The alias is unpublished without a message, since the page itself was refused earlier."""
    page = story(why)
    made = _alias_of(page)
    StoryPage.objects.get(pk=page.pk).update_aliases()
    assert not Page.objects.get(pk=made.pk).live
    return {why}


def translate(why: Why, _client: Client) -> Whys:
    """An alias in another language is live if its source is."""
    french, _made = Locale.objects.get_or_create(language_code="fr")
    page = story(why, live=True)
    for above in reversed([page.get_parent(), page.get_parent().get_parent()]):
        if not Page.objects.filter(translation_key=above.translation_key, locale=french).exists():
            above.specific.copy_for_translation(french)
    return refused(CopyPageForTranslationAction(page, french, alias=True).execute)


def move(why: Why, _client: Client) -> Whys:
    page = story(why, live=True)
    make.home().add_child(instance=StoryIndexPage(title="Elsewhere", slug="elsewhere"))
    target = StoryIndexPage.objects.get(slug="elsewhere")
    return refused(MovePageAction(page, target, pos="last-child").execute)


def save_as_live(why: Why, _client: Client) -> Whys:
    page = story(why)
    page.live = True
    return refused(page.save)


def save_as_a_plain_page(why: Why, _client: Client) -> Whys:
    page = Page.objects.get(pk=story(why).pk)
    page.live = True
    return refused(page.save)


def save_one_field(why: Why, _client: Client) -> Whys:
    page = story(why)
    page.live = True
    return refused(lambda: page.save(update_fields=["live"], clean=False))


def write_to_the_database(why: Why, _client: Client) -> Whys:
    """The gate is not asked, and visitors see nothing."""
    page = story(why)
    Page.objects.filter(pk=page.pk).update(live=True)
    StoryPage.objects.bulk_update([page], ["lede"])
    return {why}


PATHS: dict[str, Callable[[Why, Client], Whys]] = {
    path.__name__: path
    for path in (
        create_in_the_editor,
        publish_in_the_editor,
        publish_many,
        approve_in_a_workflow,
        publish_as_scheduled,
        publish_a_revision,
        publish_by_page_action,
        publish_by_action,
        revert_and_publish,
        revert_by_action,
        revert_in_the_editor,
        create_by_page_action,
        create_by_action,
        edit_by_page_action,
        edit_by_action,
        copy_and_keep_live,
        copy_in_the_admin,
        alias,
        alias_in_the_admin,
        convert_an_alias,
        aliases_follow,
        translate,
        move,
        save_as_live,
        save_as_a_plain_page,
        save_one_field,
        write_to_the_database,
    )
}
# These create a new page, which the family never saw, so that 'changed since approval' becomes 'not
# approved'.
NEW_PAGE = {
    "create_in_the_editor",
    "create_by_page_action",
    "copy_and_keep_live",
    "copy_in_the_admin",
    "convert_an_alias",
}
