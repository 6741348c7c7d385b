"""What an editor or a program is told when publication is refused, and the addresses where it is fixed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from audit.models import AuditEntry
from consent.uses import Use
from experiences.models import StoryPage
from publication import admin_urls, refusals
from publication.gate import NotPublic
from publication.reasons import ConsentRequirement, Reason, Why
from tests import factories as make

REASONS = [
    Reason(Why.NO_CONSENT, "No consent of <Ines>.", "/admin/person/1/", ConsentRequirement(1, Use.TEXT)),
    Reason(Why.NOT_APPROVED, "Ask the family."),
]


@pytest.fixture
def draft(home: Any) -> Any:
    return make.StoryPageFactory(title="Stairs & more", live=False)


def asked(**headers: str) -> HttpRequest:
    request = RequestFactory().post("/admin/", headers=headers)
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def answered(request: HttpRequest, exception: Exception) -> Any:
    return refusals.RefusedMiddleware(lambda _request: None).process_exception(request, exception)  # type: ignore[arg-type,return-value]


# In the admin -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_editor_is_sent_to_the_checklist_with_all_reasons(draft: Any) -> None:
    request = asked(Accept="text/html")
    answer = answered(request, NotPublic(draft, REASONS))
    assert (answer.status_code, answer.url) == (302, admin_urls.checklist_url(draft))
    [message] = get_messages(request)
    assert message.level_tag == "error"
    shown = str(message)
    assert "Not published: ‘Stairs &amp; more’." in shown
    assert "No consent of &lt;Ines&gt;." in shown
    assert '<a href="/admin/person/1/">Fix</a>' in shown
    assert "<li>Ask the family.</li>" in shown


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}])
def test_a_program_gets_the_reasons_as_json(draft: Any, headers: dict[str, str]) -> None:
    request = asked(**headers)
    answer = answered(request, NotPublic(draft, REASONS))
    assert answer.status_code == 409
    told = json.loads(answer.content)
    assert (told["success"], told["error_code"]) == (False, "not_public")
    assert told["error_message"] == "No consent of <Ines>. Ask the family."
    first = {"why": "no_consent", "text": "No consent of <Ines>.", "url": "/admin/person/1/"}
    assert told["reasons"] == [
        {**first, "use": "text", "part": ""},
        {"why": "not_approved", "text": "Ask the family.", "url": "", "use": "", "part": ""},
    ]
    assert list(get_messages(request)) == []


def test_other_errors_are_left_to_django() -> None:
    assert answered(asked(), ValueError("something else")) is None
    assert not refusals.wants_json(asked(Accept="text/html,*/*"))


@pytest.mark.django_db
def test_a_page_that_was_never_created_leads_to_its_original_or_its_parent(draft: Any) -> None:
    alias = StoryPage(title="Alias", alias_of_id=draft.pk)
    assert answered(asked(), NotPublic(alias, REASONS)).url == admin_urls.checklist_url(draft)
    parent = draft.get_parent()
    new = StoryPage(title="New", path=f"{parent.path}0009", depth=parent.depth + 1)
    explorer = reverse("wagtailadmin_explore", args=[parent.pk])
    assert answered(asked(), NotPublic(new, REASONS)).url == explorer
    assert answered(asked(), NotPublic(StoryPage(title="New"), REASONS)).url == reverse("wagtailadmin_home")


@pytest.mark.django_db
def test_a_page_refused_while_it_was_added_is_not_counted(draft: Any) -> None:
    parent = draft.get_parent()
    Page.objects.filter(pk=parent.pk).update(numchild=7)
    refusals.fix_child_count(draft)
    assert Page.objects.get(pk=parent.pk).numchild == 1
    with pytest.raises(NotPublic):
        make.StoryPageFactory(person=make.PersonFactory())
    assert Page.objects.get(pk=parent.pk).numchild == 1
    make.StoryPageFactory()
    assert Page.objects.get(pk=parent.pk).numchild == 2


# By mail ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["editor@example.org", ""])
def test_the_editor_who_scheduled_a_refused_publication_is_told(
    draft: Any, editor: Any, mailoutbox: list[Any], address: str
) -> None:
    editor.email = address
    editor.save()
    revision = draft.save_revision(user=editor, approved_go_live_at=draft.first_published_at)
    refusals.notify_of(revision, NotPublic(draft, REASONS))
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None
    entry = PageLogEntry.objects.get(action=refusals.REFUSED)
    assert (entry.page_id, entry.revision) == (draft.pk, revision)
    assert [reason["why"] for reason in entry.data["reasons"]] == ["no_consent", "not_approved"]
    recorded = AuditEntry.objects.get(action="publication.refused")
    assert recorded.details == {"why": ["no_consent", "not_approved"]}
    assert "Ines" not in repr(recorded.details)
    assert [mail.to for mail in mailoutbox] == ([[address]] if address else [])
    for mail in mailoutbox:
        assert mail.subject == "Not published: Stairs & more"
        assert "- No consent of <Ines>." in mail.body
        assert mail.body.endswith(admin_urls.checklist_url(draft))


# Addresses --------------------------------------------------------------------------------------------------


def test_an_address_is_empty_where_the_admin_has_none() -> None:
    assert admin_urls.person_url(12).endswith("/12/")
    assert admin_urls.admin_url("wagtailadmin_pages:edit", None) == ""
    assert admin_urls.admin_url("no_such_view", 12) == ""
    assert admin_urls.edit_url(StoryPage()) == ""
    assert admin_urls.checklist_url(StoryPage()) == ""


def test_without_a_checklist_the_editor_of_the_page_is_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    page = StoryPage(pk=12)
    assert admin_urls.checklist_url(page) == reverse("publication_checklist", args=[12])
    usual = admin_urls.admin_url
    monkeypatch.setattr(
        admin_urls,
        "admin_url",
        lambda name, number: "" if name == "publication_checklist" else usual(name, number),
    )
    assert admin_urls.checklist_url(page) == reverse("wagtailadmin_pages:edit", args=[12])
