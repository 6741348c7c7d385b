"""Every address of the admin with every role: who comes in is written down here, and nowhere else it may
differ.

An address that no rule knows fails: add it here with the roles that may use it. docs/roles.md has the same in
words.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Site, Task, Workflow

from audit.actors import Actor
from cohorts.models import Cohort
from conditions.models import Condition
from config import roles
from interviews.models import Interview, Topic
from measures.models import Measure
from shared_changes.models import HeldChange
from tests import factories as make
from tests.casestudies.factories import CaseStudyPageFactory
from tests.cohorts.cohorts import cohort
from tests.config.admin_addresses import Address, addresses, filled
from tests.information.factories import FormPageFactory
from tests.interviews.workbench_samples import make_interview
from treatments.models import Treatment
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db

E, R, T, C, A = (role.name for role in roles.ROLES)
ALL = {E, R, T, C, A}
NO_ONE: set[str] = set()
PRIVATE_WORDS = ("Secretson", "secret@example.org", "+351 900 000")

# (pattern of the route, who comes in). The first that matches counts.
RULES: list[tuple[str, set[str]]] = [
    # Without a login
    (r"(login|logout|password_reset|sprite|jsi18n)", ALL),
    (r"\^\.\*/\$$", NO_ONE),
    # One's own
    (r"$|account/|dismissibles/|editing-sessions/", ALL),
    # Choosers of links and of public vocabulary
    (r"choose-(page|external|email|phone|anchor)|tag-autocomplete|embeds/chooser|block-preview|terms/", ALL),
    (r"snippets/choose/(conditions/condition|treatments/treatment)/create", {E, T, A}),
    (r"snippets/choose/(conditions/condition|treatments/treatment)/", ALL),
    (r"snippets/choose/measures/measure/create", {R, A}),
    (r"snippets/choose/measures/measure/", ALL),
    # People and consent. The checklist is for users who may change the page; an empty answer to it is sent
    # back.
    (r"people/checklist/<int:page_id>/act/", NO_ONE),
    (r"people/checklist/", {E, T, A}),
    (r"people/shown/", {E, A}),
    (r"people/delete|snippets/choose/consent/person/delete", {A}),
    (r"people/<int:pk>/everything/", {C, A}),
    (r"consents/delete/", NO_ONE),  # the one in the test is signed: it is withdrawn, never deleted
    (r"(people|snippets/choose/consent/person)/", {E, C, A}),
    (r"(consents|snippets/choose/consent/consent)/", {C, A}),
    (r"consent-forms/delete", {A}),
    (r"(consent-forms|snippets/choose/consent/consentform)/", {C, A}),
    (r"reports/audit-trail/", {C, A}),
    (r"withdrawals/(consent|person)|withdrawals/<uuid:number>/(try|send|told)", {C, A}),
    (r"withdrawals/", {C, A}),
    # Changes that wait: those who may publish what they change
    (r"waiting-changes/<", {E, A}),
    (r"waiting-changes/$", ALL),
    # Private originals
    (r"private/", {E, A}),
    # Interviews
    (r"interviews/(<int:pk>/|add|edit|delete|usage|history)", {E, A}),
    (r"snippets/choose/interviews/(interview|topic)/create", {E, A}),
    (r"interviews/|snippets/choose/interviews/", {E, C, A}),
    (r"snippets/interviews/topic/", {E, A}),
    (r"excerpt_chooser/create", NO_ONE),
    (r"excerpt", {E, A}),
    # Vocabulary and measures
    (r"snippets/(conditions/condition|treatments/treatment)/", {E, T, A}),
    (r"snippets/measures/measure/(results/)?$", {E, R, A}),
    (r"snippets/measures/measure/", {R, A}),
    (r"cohorts/template|balance/", ALL),
    (r"cohorts/(results/)?$", {E, R, A}),
    (r"cohorts/history/.*unschedule|cohorts/unpublish", {E, A}),
    (r"(cohorts|snippets/choose/cohorts/cohort/create)", {E, A}),
    (r"snippets/choose/cohorts/cohort", ALL),
    (r"snippets/$", NO_ONE),
    # Files. An upload that is not saved yet belongs to the user who uploaded it.
    (r"(images|documents)/multiple/(delete_upload|create_from)", {E, A}),
    (r"(images|documents|media)/(chooser/create|.*chooser/upload)", {E, A}),
    (r"(images|documents)/chooser/(chosen/|<int)|media/chooser/<int", {E, A}),
    (r"(images|documents|media)/chooser", ALL),
    (r"(images|documents|media)/", {E, A}),
    # Pages
    (r"pages/<int:page_id>/name/", {E, A}),  # those who may publish the page decide whom a name means
    (r"pages/workflow/preview", NO_ONE),  # redirects all users home where no workflow runs
    (r"pages/workflow/action|pages/workflow/collect", ALL),
    (r"pages/(<int:page_id>/)?(delete|unpublish|privacy|lock|unlock|convert_alias)", {E, A}),
    (r"pages/<int:\w+>/revisions/<int:revision_id>/unschedule", {E, A}),
    (r"pages/<int:page_to_move_id>/(move/$|set_position)", {E, A}),
    (r"pages/(add/|<int:parent_page_id>/add_subpage)", {E, A}),
    (r"pages/(create|workflow|<int:page_to_move_id>/move)|\w+/choose_parent/", ALL),
    (r"pages/<int:page_id>/revisions/$", ALL),
    (r"bulk/", ALL),
    (r"pages/|(stories|videos|case_studies|hospitals|doctors)/", {E, T, A}),
    (r"api/main/.*action", {E, A}),
    (r"api/main/.pages/<", {E, T, A}),
    (r"api/main/", ALL),
    # What visitors wrote
    (r"forms/submissions/<int:page_id>/delete", {E, A}),
    (r"forms/submissions/", {E, A}),
    (r"forms/", {E, T, A}),  # the list of forms; what was sent is listed for those who may read it
    (r"information/resend", NO_ONE),  # redirects all users home, having mailed what they may read
    # Reports
    (r"reports/locked", {E, A}),
    (r"reports/site-history", ALL),
    (r"reports/", {E, T, A}),
    # The site itself
    (r"workflows/task_chooser", ALL),
    (r"(users|groups|sites|collections|workflows|redirects|settings)/", {A}),
    # Wagtail's own pages to try its error pages with
    (r"(test404|failwhale)/", ALL),
]
# There is no such object in the test, so all users get 404. Each says why.
NOT_THERE = {
    r"api/main/\^\w+/find/": "finds by address, and none is asked for",
    r"pages/(<int:page_id>/)?convert_alias|pages/<int:page_id>/convert_alias": "no alias",
    r"pages/workflow/": "no workflow runs",
    r"pages/.*workflow_history/detail": "no workflow ran",
    r"(images|documents)/multiple/(delete_upload|create_from)": "nothing was uploaded half-way",
    r"excerpt_chooser/create": "excerpts are made in the workbench",
    r"images/<int:image_id>/preview|images/<int:image_id>/generate_url": "the address generator is off",
    r"bulk/": "needs a list of things",
    r"editing-sessions/": "no session",
    r"block-preview/": "no block is named",
    r"cohorts/history/.*revisions": "no draft of the cohort",
    r"\^\.\*/\$$": "whatever else: nothing is there",
}


@pytest.fixture
def things(home: Any) -> dict[str, Any]:
    """One of everything, and a person whose private words must not reach those who may not read them."""
    person = make.PersonFactory(
        private_name="Realname Secretson", email="secret@example.org", contact="+351 900 000"
    )
    consent = make.consent(person, signature=ContentFile(b"signed", "form.pdf"))
    interview = make_interview([("Doctor", "How was it?"), ("Mother", "It was hard for all of us.")])
    interview.contributors.filter(role="parent").update(person=person)
    Interview.objects.filter(pk=interview.pk).update(title="Interview with Secretson")
    story = make.StoryPageFactory(person=person)
    Interview.objects.filter(pk=interview.pk).update(story=story)
    return {"person": person, "consent": consent, "interview": interview, "story": story}


def users() -> dict[str, User]:
    made = {}
    for role in roles.ROLES:
        user = User.objects.create_user(role.name.lower().replace(" ", "-"), f"{role.name[:3]}@example.org")
        user.groups.add(Group.objects.get(name=role.name))
        made[role.name] = user
    return made


def waiting_change(picture: Any) -> HeldChange:
    """A new file of a picture that nothing public shows."""
    name = picture.file.storage.save("pictures/waiting.png", make.png())
    step = {"do": "change", "model": "media.Picture", "number": picture.pk, "values": {"file": name}}
    return HeldChange.objects.create(
        thing=picture, name="Stairs", operations=[step], proposed_by_name="an editor"
    )


def keys_of(things: dict[str, Any]) -> Any:
    """For a route: what fills its places."""
    story, interview = things["story"], things["interview"]
    first: dict[str, Any] = {
        "people/": things["person"],
        "snippets/choose/consent/person/": things["person"],
        "consents/": things["consent"],
        "snippets/choose/consent/consent/": things["consent"],
        "consent-forms/": things["consent"].form,
        "snippets/choose/consent/consentform/": things["consent"].form,
        "interviews/": interview,
        "snippets/choose/interviews/interview/": interview,
        "snippets/interviews/topic/": Topic.objects.first(),
        "snippets/choose/interviews/topic/": Topic.objects.first(),
        "snippets/conditions/": make.ConditionFactory(),
        "snippets/choose/conditions/": Condition.objects.first(),
        "snippets/treatments/": make.TreatmentFactory(),
        "snippets/choose/treatments/": Treatment.objects.first(),
        "snippets/measures/measure": Measure.objects.first(),
        "snippets/choose/measures/measure": Measure.objects.first(),
        "cohorts/": cohort(),
        "snippets/choose/cohorts/cohort": Cohort.objects.first(),
        "users/": User.objects.create_user("another"),
        "groups/": Group.objects.first(),
        "sites/": Site.objects.first(),
        "collections/": Collection.get_first_root_node().add_child(name="Films"),
        "workflows/tasks/": Task.objects.first(),
        "workflows/": Workflow.objects.first(),
        "excerpts/": interview.cues.first(),
        "images/": make.PictureFactory(),
        "case_studies/care/": CaseStudyPageFactory(),
        "documents/": make.DocumentFactory(file=ContentFile(b"words", name="words.txt")),
        "media/": make.RecordingFactory(),
    }
    form = FormPageFactory()
    withdrawal = withdraw(
        consent=make.consent(make.PersonFactory()), by=Actor.system("a test"), channel="editor"
    )
    first["private/"], first["withdrawals/consent/"] = first["images/"], things["consent"]
    first["withdrawals/person/"] = things["person"]
    interview.recording.save("talk.webm", make.film())
    first["api/main/^documents/"], first["api/main/^images/"] = first["documents/"], first["images/"]
    picture, document, recording = first["images/"], first["documents/"], first["media/"]
    revision = story.save_revision()
    waiting = waiting_change(picture)
    common: dict[str, Any] = {
        "page_id": story.pk, "page_pk": story.pk, "page_to_move_id": story.pk, "destination_id": story.get_parent().pk,
        "parent_page_id": story.get_parent().pk, "image_id": picture.pk, "document_id": document.pk,
        "doc_id": document.pk, "media_id": recording.pk, "revision_id": revision.pk, "revision_id_a": revision.pk,
        "revision_id_b": "latest", "content_type_app_name": "experiences", "content_type_model_name": "storypage",
        "app_label": "experiences", "app_name": "pages", "model_name": "storypage", "media_type": "audio",
        "object_id": story.pk, "action": "publish", "action_name": "approve", "filter_spec": "width-100",
        "excerpt": 1, "redirect_id": Redirect.objects.create(old_path="/old", redirect_link="/new").pk, "session_id": 1, "task_id": Task.objects.first().pk, "task_state_id": 1,
        "token": "x", "uidb64": "x", "uploaded_file_id": 1, "workflow_pk": 1, "workflow_state_id": 1,
        "app": "conditions", "model": "condition", "mark": 1,
        "collection_id": first["collections/"].pk, "kind": "picture", "number": withdrawal.number,
    }  # fmt: skip

    def keys(route: str) -> dict[str, Any]:
        if route.startswith("forms/"):
            return {"page_id": form.pk}
        own = max((prefix for prefix in first if route.startswith(prefix)), key=len, default="")
        number = first[own].pk if own else story.pk
        more = (
            {"model_name": "sitesettings", "pk": Site.objects.get().pk}
            if route.startswith("settings/")
            else {}
        )
        if route.startswith("tag-autocomplete"):
            more = {"app_name": "taggit", "model_name": "tag"}
        if route.startswith("api/main"):
            more = {"action_name": "publish"}
        if route.startswith("case_studies/care"):
            more = {"page_id": number}
        if route.startswith("people/shown"):
            more = {"number": picture.pk}
        if route.startswith("waiting-changes"):
            more = {"number": waiting.pk, "place": 0}
        if "tasks/add" in route:
            more = {"app_label": "wagtailcore", "model_name": "groupapprovaltask"}
        return {"pk": number, **common, **more}

    return keys


def comes_in(client: Client, path: str) -> bool | None:
    """Whether the address lets the user in; None where it says 404, which may mean either."""
    with transaction.atomic():
        answer = client.get(path)
        if answer.status_code == 405:
            answer = client.post(path)
        transaction.set_rollback(True)
    if answer.status_code == 404:
        return None
    sent_away = answer.status_code == 302 and (
        answer["Location"] == "/admin/" or answer["Location"].startswith("/admin/login/")
    )
    return answer.status_code != 403 and not sent_away


def allowed(address: Address) -> set[str]:
    for pattern, who in RULES:
        if re.match(pattern, address.route):
            return who
    pytest.fail(
        f"No rule says who may use /admin/{address.route} ({address.name}): write one, and in docs/roles.md."
    )


def test_every_address_lets_in_exactly_whom_it_should(things: dict[str, Any]) -> None:
    keys, wrong, unseen = keys_of(things), [], []
    clients = {}
    for name, user in users().items():
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(user)
    for address in addresses():
        who = allowed(address)
        if address.route.startswith(("logout", "failwhale", "login")):
            continue
        path = "/admin/" + filled(address.route, keys(address.route))
        seen = {name: comes_in(client, path) for name, client in clients.items()}
        if all(one is None for one in seen.values()):
            unseen.append(address.route)
            continue
        # 404 is as good a refusal as 403; but at least one of the allowed users must have got in.
        come = {name for name, one in seen.items() if one}
        if come - who or (who - come and not all(seen[name] is None for name in who - come)):
            wrong.append(f"{address.route}: {sorted(come)}, but {sorted(who)} may ({path})")
    assert not wrong, "\n".join(wrong)
    unexplained = [route for route in unseen if not any(re.match(pattern, route) for pattern in NOT_THERE)]
    assert not unexplained, f"404 for every role, so nothing is proven: {unexplained}"


def test_strangers_come_in_nowhere(things: dict[str, Any], client: Client) -> None:
    keys = keys_of(things)
    without_role = Client(raise_request_exception=False)
    without_role.force_login(User.objects.create_user("without-role"))
    visible_pages = re.compile(r"login|logout|password_reset|sprite|jsi18n")
    for address in addresses():
        if visible_pages.match(address.route):
            continue
        path = "/admin/" + filled(address.route, keys(address.route))
        for one in (client, without_role):
            assert one.get(path).status_code in {302, 403, 404}, path


# A tagger's view of what names people -----------------------------------------------------------------------


@pytest.mark.parametrize("role", [R, T])
def test_taggers_and_reviewers_never_read_who_it_is(things: dict[str, Any], role: str) -> None:
    """By page, API, CSV, chooser or history: nothing shows the real name or the contact of a person."""
    client = Client(raise_request_exception=False)
    client.force_login(users()[role])
    story, person, interview, consent = (things[name] for name in ("story", "person", "interview", "consent"))
    paths = [
        "/admin/",
        f"/admin/pages/{story.pk}/edit/",
        f"/admin/pages/{story.pk}/history/",
        f"/admin/pages/{story.pk}/usage/",
        f"/admin/people/checklist/{story.pk}/",
        f"/admin/people/checklist/{story.pk}/json/",
        f"/admin/pages/{story.pk}/view_draft/",
        "/admin/stories/",
        "/admin/stories/?export=csv",
        "/admin/reports/site-history/",
        "/admin/reports/site-history/?export=csv",
        f"/admin/api/main/pages/{story.pk}/?fields=*",
        "/admin/people/",
        "/admin/people/?export=csv",
        f"/admin/people/edit/{person.pk}/",
        f"/admin/people/history/{person.pk}/",
        f"/admin/people/usage/{person.pk}/",
        f"/admin/people/{person.pk}/everything/",
        f"/admin/snippets/choose/consent/person/?q={person.display_name}",
        f"/admin/snippets/choose/consent/person/chosen/{person.pk}/",
        f"/admin/consents/edit/{consent.pk}/",
        f"/admin/consents/{consent.pk}/form/",
        f"/admin/interviews/edit/{interview.pk}/",
        f"/admin/interviews/{interview.pk}/workbench/",
        f"/admin/interviews/{interview.pk}/workbench/data/",
        "/admin/snippets/choose/interviews/interview/",
        "/admin/reports/audit-trail/?export=csv",
        "/admin/forms/",
    ]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code != 500, path
        said = answer.getvalue().decode(errors="replace")
        found = [word for word in PRIVATE_WORDS if word in said]
        assert not found, f"{role} reads {found} at {path}"
