"""The screen, the JSON and the command show the same checklist, and only the gate stops publication."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from approval.models import Approval, ApprovalLink, ApprovalNote
from consent.uses import Use
from deidentification.models import KeptIdentifier
from publication import checklist as lists
from publication.checklist import Line, State, checklist
from publication.drafts import draft_of
from tests.approval.approving import AFTER, BEFORE, Family, sent, story
from tests.factories import PersonFactory, StandardPageFactory, consent

pytestmark = pytest.mark.django_db
PLACE = [{"type": "text", "id": AFTER, "value": "<p>We live in Setúbal.</p>"}]


@pytest.fixture
def page(home: Any) -> Any:
    from conditions.models import Condition

    condition = Condition.objects.first() or Condition.add_root(instance=Condition(name="Cerebral palsy"))
    made = story()
    made.conditions.set([condition])
    made.save_revision()
    return type(made).objects.get(pk=made.pk)


def address(page: Any, what: str = "") -> str:
    return reverse(f"publication_checklist{what}", args=[page.pk])


def states(page: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in checklist(draft_of(page)).lines:
        found.setdefault(f"{line.group.value}:{line.state.value}", []).append(line.title)
    return found


def test_a_finished_page_has_nothing_that_stops(page: Any) -> None:
    found = states(page)
    assert not [key for key in found if key.endswith(":stops")], found
    assert found["consent:done"]
    assert found["identifiers:done"]
    assert found["media:done"]


def test_each_kind_of_problem_has_its_line(home: Any) -> None:
    person = PersonFactory(display_name="Marta")
    consent(person, uses=[Use.PHOTO])
    page = story(person=person, after=PLACE)
    draft = draft_of(page)
    draft.age_at_treatment = 120
    draft.save_revision(clean=False)  # as the editor saves a draft
    page.refresh_from_db()
    sent(page)
    found = states(page)
    assert len(found["consent:stops"]) == 1
    assert len(found["approval:stops"]) == 1
    assert [title[:9] for title in found["identifiers:stops"]] == ["“Setúbal”"]
    assert [title.partition(":")[0] for title in found["fields:stops"]] == ["Age at treatment", "Conditions"]
    assert found["approval:look"], "the family was asked and has not answered"


def test_screen_json_and_command_show_the_same_lines(home: Any, editor_client: Client) -> None:
    page = story(after=PLACE)
    lines = [line.as_json() for line in checklist(draft_of(page)).lines]
    told = editor_client.get(address(page, "_json")).json()
    assert told == {"page": page.pk, "may_be_published": False, "lines": lines}
    output = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_page", page.pk, "--json", stdout=output)
    assert end.value.code == 1
    assert json.loads(output.getvalue()) == told
    html = editor_client.get(address(page)).content.decode()
    assert html.count('class="stops"') >= len([one for one in lines if one["state"] == "stops"])
    with pytest.raises(CommandError):
        call_command("check_page", StandardPageFactory().pk)


def test_an_app_adds_its_lines(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_registered", {True: [], False: []})
    line = Line(lists.Group.DISCLOSURES, State.LOOK, "Who paid", code="D3")
    lists.register(lambda _page: [line])
    assert line in checklist(draft_of(page)).lines


def test_the_publish_button_says_why_it_is_disabled(home: Any, editor_client: Client) -> None:
    page = story(after=PLACE)
    html = editor_client.get(address(page)).content.decode()
    assert re.search(r'id="publish" aria-disabled="true" aria-describedby="told why-not"', html)
    answer = editor_client.post(address(page, "_act"), {"do": "publish"}, follow=True)
    assert "cannot be published yet" in answer.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_an_editor_completes_the_checklist_and_publishes(page: Any, editor_client: Client) -> None:
    act = address(page, "_act")
    first = editor_client.post(act, {"do": "send", "person": page.person_id, "days": "14", "language": "en"})
    found = re.search(r'id="made" value="http://testserver(/approve/[^"]+)"', first.content.decode())
    assert found
    assert "no-store" in first["Cache-Control"]
    assert found.group(1) not in editor_client.get(address(page)).content.decode(), "shown once"
    family = Family()
    family.post(found.group(1), {f"note:block:{BEFORE}": "We moved.", "do": "note"})
    html = editor_client.get(address(page)).content.decode()
    assert "We moved." in html
    assert f"#block-{BEFORE}-section" in html
    note = ApprovalNote.objects.get()
    editor_client.post(act, {"do": "settle", "note": note.pk})
    note.refresh_from_db()
    assert note.settled_by is not None
    editor_client.post(act, {"do": "publish"})
    page.refresh_from_db()
    assert not page.live
    family.post(found.group(1), {"do": "yes", "read": "1"})
    editor_client.post(act, {"do": "publish"})
    page.refresh_from_db()
    assert page.live


def test_an_editor_decides_about_identifiers_on_the_checklist(home: Any, editor_client: Client) -> None:
    page = story(after=PLACE)
    act = address(page, "_act")
    editor_client.post(act, {"do": "keep", "kind": "place", "text": "Setúbal", "reason": ""})
    assert not KeptIdentifier.objects.exists()
    editor_client.post(
        act, {"do": "keep", "kind": "place", "text": "Setúbal", "reason": "They asked for it."}
    )
    assert KeptIdentifier.objects.get().reason == "They asked for it."
    editor_client.post(act, {"do": "reopen", "kind": "place", "text": "Setúbal"})
    assert not KeptIdentifier.objects.exists()


def test_editors_close_links_and_record_answers(page: Any, editor_client: Client) -> None:
    link, path = sent(page)
    act = address(page, "_act")
    editor_client.post(act, {"do": "revoke", "link": link.pk})
    link.refresh_from_db()
    assert link.revoked_at
    editor_client.post(act, {"do": "record", "person": page.person_id, "answer": "withdrawn", "message": "x"})
    assert not Approval.objects.exists(), "an editor cannot record a withdrawal as an answer"
    editor_client.post(
        act, {"do": "record", "person": page.person_id, "answer": "approved", "message": "By post"}
    )
    assert Approval.objects.get().message == "By post"
    assert Client().get(path).status_code == 404


def test_a_user_who_cannot_edit_the_page_sees_and_does_nothing(home: Any, client: Client) -> None:
    page = story()
    other = story(title="Another family’s")
    link, _path = sent(other)
    assert client.get(address(page)).status_code == 302
    plain = User.objects.create_user("plain", "plain@example.org", "x")
    plain.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(plain)
    for what in ("", "_json"):
        assert client.get(address(page, what)).status_code in (302, 403)
    assert client.post(address(page, "_act"), {"do": "publish"}).status_code in (302, 403)
    # A user who can edit, but not publish and not override.
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group, page=home, permission=Permission.objects.get(codename="change_page")
    )
    plain.groups.add(group)
    client.force_login(User.objects.get(pk=plain.pk))
    html = client.get(address(page)).content.decode()
    assert 'id="publish"' not in html
    assert 'value="override"' not in html
    client.post(address(page, "_act"), {"do": "publish"})
    client.post(address(page, "_act"), {"do": "override", "reason": "Because I think so."})
    for do in ("send", "record", "revoke"):
        refused = client.post(address(page, "_act"), {"do": do, "person": page.person_id, "link": link.pk})
        assert refused.status_code in (302, 403), "a user without permission cannot deal with families"
    assert not ApprovalLink.objects.filter(page=page.pk).exists()
    plain.user_permissions.add(Permission.objects.get(codename="add_approvallink"))
    client.force_login(User.objects.get(pk=plain.pk))
    assert client.post(address(page, "_act"), {"do": "revoke", "link": link.pk}).status_code == 404
    assert ApprovalLink.objects.get(pk=link.pk).revoked_at is None
    page.refresh_from_db()
    assert not page.live


def test_pages_of_no_type_of_the_site_have_no_checklist(home: Any, editor_client: Client) -> None:
    assert editor_client.get(address(Page.get_first_root_node())).status_code == 404
    assert editor_client.post(address(story(), "_act"), {"do": "whatever"}).status_code == 404
