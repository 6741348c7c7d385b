"""Cohorts in the admin: impossible figures refused with the form kept, rows imported in two steps, the
balance.
"""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cohorts.models import Cohort, CohortCase
from cohorts.story_balance import Verdict, balance
from media.storage import private_storage
from tests import factories as make
from tests.cohorts.cohorts import case, cohort, csv_of, publish, rows_cohort
from treatments.models import StoryBalance, TreatmentPage

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_cohorts_cohort"


def form(**fields: Any) -> dict[str, Any]:
    line = {
        "measure": "Judgement",
        "months": 12,
        "followed_up": 380,
        "improved": 210,
        "unchanged": 150,
        "worse": 20,
    }
    line |= {name.removeprefix("line_"): value for name, value in fields.items() if name.startswith("line_")}
    head = {name: value for name, value in fields.items() if not name.startswith("line_")}
    return nested_form_data(
        {
            "title": "Report", "basis": "typed", "treated": 1240, "source_kind": "partner", "source": "Their count",
            "main_months": 12, "main_measure": "", "reference": "", "doi": "", "method": "", "limits": "",
            "conflicts": "", "beside_stories": "on",
            "measures": inline_formset([{"name": "Judgement", "definition": "As written down.", "better": "", "least_change": ""}]),
            "figures": inline_formset([{**line, "lost": line.get("lost", "")}]),
            **head,
        }
    )  # fmt: skip


@pytest.fixture
def terms() -> dict[str, Any]:
    return {"condition": make.ConditionFactory().pk, "treatment": make.TreatmentFactory().pk}


@pytest.mark.parametrize("action", ["", "action-publish"])
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"line_followed_up": 1300, "line_improved": 1130},
            "More people were followed up (1,300) than were treated (1,240)",
        ),
        ({"line_worse": 21}, "add up to 381, but 380 were followed up"),
        ({"line_lost": 800}, "1,240 minus 380 is 860"),
        ({"line_measure": "Walking"}, "no measure “Walking”. It has: Judgement"),
        ({"treated": ""}, "Enter how many people were treated"),
    ],
)
def test_impossible_figures_are_refused_in_words_and_what_was_typed_is_kept(
    editor_client: Any, terms: dict[str, Any], fields: dict[str, Any], said: str, action: str
) -> None:
    data = form(**terms, **fields) | ({action: "1"} if action else {})
    response = editor_client.post(reverse(f"{LIST}:add"), data)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert said in page.get_text(" ")
    assert page.select("[name='figures-0-improved']")[0]["value"] == str(fields.get("line_improved", 210))
    assert not Cohort.objects.exists()


def test_a_cohort_is_published_and_gives_its_treatment_page_the_figures(editor_client: Any) -> None:
    page = make.TreatmentPageFactory()
    terms = {"condition": page.condition_id, "treatment": page.treatment_id}
    response = editor_client.post(reverse(f"{LIST}:add"), form(**terms) | {"action-publish": "1"})
    assert response.status_code == 302
    page.refresh_from_db()
    assert (page.patients_treated, page.followed_up, page.improved, page.worse) == (1240, 380, 210, 20)
    assert Cohort.objects.get().reports.count() == 1
    edit = editor_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    text = BeautifulSoup(edit.content, "html.parser").get_text(" ")
    assert "come from the cohort" in text
    assert b'name="followed_up"' not in edit.content


def test_no_old_revision_and_no_form_brings_other_figures_back(editor_client: Any) -> None:
    page = make.TreatmentPageFactory(known=True, improved=300, unchanged=60)
    draft = TreatmentPage.objects.get(pk=page.pk).save_revision()
    made = cohort(condition=page.condition, treatment=page.treatment)
    draft.publish()
    page.refresh_from_db()
    assert (page.improved, page.figures_cohort) == (210, made.pk)
    made.unpublish()
    page.refresh_from_db()
    assert (page.patients_treated, page.improved, page.shown_outcomes) == (None, None, None)


def test_a_draft_is_shown_nowhere_and_only_one_cohort_stands_beside_stories(editor_client: Any) -> None:
    page: Any = make.TreatmentPageFactory()
    first = cohort(condition=page.condition, treatment=page.treatment, live=False)
    page.refresh_from_db()
    assert page.patients_treated is None
    publish(first)
    second = Cohort(
        title="Another",
        condition=page.condition,
        treatment=page.treatment,
        source_kind="registry",
        source="We",
    )
    with pytest.raises(ValidationError, match="is already shown with these stories"):
        second.full_clean()
    second.beside_stories = False
    second.full_clean()


def test_what_is_impossible_cannot_be_published_past_the_form() -> None:
    made = cohort(live=False, lines=((12, 380, 210, 150, 21),))
    with pytest.raises(ValidationError, match="add up to 381"):
        publish(made)
    assert not Cohort.objects.get().live


# Case rows ------------------------------------------------------------------------------------------------


def upload(client: Any, made: Cohort, data: bytes) -> Any:
    url = reverse("cohorts_rows", args=[made.pk])
    return client.post(
        url, {"upload": "1", "rows": SimpleUploadedFile("rows.csv", data, "text/csv")}, follow=True
    )


def stored_files() -> list[str]:
    days = private_storage().listdir("imports")[0] if private_storage().exists("imports") else []
    return [
        f"imports/{day}/{name}" for day in days for name in private_storage().listdir(f"imports/{day}")[1]
    ]


def test_rows_are_looked_at_first_and_then_imported(editor_client: Any) -> None:
    made = rows_cohort()
    data = csv_of(*case(1, age=7, name="Jo Secretson"), *case(2), *case(3, after=None), *case(4, before=999))
    before = set(stored_files())
    shown = upload(editor_client, made, data)
    text = " ".join(BeautifulSoup(shown.content, "html.parser").get_text(" ").split())
    assert "New cases 3" in text
    assert "Refused cases 1" in text
    assert "GMFM-66" in text
    assert not CohortCase.objects.exists()
    # What waits for the import is unidentifiable already.
    (kept,) = set(stored_files()) - before
    waiting = private_storage().open(kept).read()
    assert b"Secretson" not in waiting
    assert b"H-1" not in waiting
    token = BeautifulSoup(shown.content, "html.parser").select("[name=token]")[0]["value"]
    url = reverse("cohorts_rows", args=[made.pk])
    done = editor_client.post(url, {"import": "1", "token": token}, follow=True)
    assert "3 cases are new" in done.content.decode()
    assert CohortCase.objects.count() == 3
    assert kept not in stored_files()


def test_a_file_that_is_no_table_is_refused_in_words(editor_client: Any) -> None:
    made = rows_cohort()
    assert "case_id" in upload(editor_client, made, b"number\n1\n").content.decode()
    assert "The file is empty" in upload(editor_client, made, b" ").content.decode()
    assert not CohortCase.objects.exists()


def test_the_template_is_offered(editor_client: Any) -> None:
    response = editor_client.get(reverse("cohorts_template"))
    assert response["Content-Disposition"].startswith("attachment")
    assert response.content.decode("utf-8-sig").startswith("case_id,age")


def test_only_who_may_change_cohorts_sees_rows_and_only_who_may_publish_changes_public_ones(
    client: Any,
) -> None:
    made = rows_cohort()
    user = User.objects.create_user("tagger", password="x")
    group = Group.objects.create(name="cohort keepers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    client.force_login(user)
    url = reverse("cohorts_rows", args=[made.pk])
    assert client.get(url).status_code == 302
    group.permissions.add(Permission.objects.get(codename="change_cohort"))
    assert client.get(url).status_code == 200
    publish(made)
    assert client.get(url).status_code == 302
    group.permissions.add(Permission.objects.get(codename="publish_cohort"))
    assert client.get(url).status_code == 200


# The balance ----------------------------------------------------------------------------------------------

SEEN = {"followed_up": 380, "improved": 210, "worse": 20}


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ({"good": 19, "mixed": 1}, Verdict.ROSIER),
        ({"good": 3}, Verdict.CANNOT_TELL),
        ({"good": 11, "same": 9}, Verdict.ALIKE),
        ({"same": 20}, Verdict.DARKER),
        ({"none": 7}, Verdict.NO_STORIES),
    ],
)
def test_stories_are_rosier_when_their_whole_interval_lies_above_the_figures(
    counts: dict[str, int], verdict: Verdict
) -> None:
    assert balance(counts, **SEEN).verdict == verdict
    nothing = balance(counts, followed_up=None, improved=None, worse=None).verdict
    assert nothing == (Verdict.NO_STORIES if verdict == Verdict.NO_STORIES else Verdict.NOTHING_KNOWN)


def test_the_list_says_where_no_story_ended_worse() -> None:
    assert balance({"good": 1, "same": 1}, **SEEN).none_worse
    assert not balance({"good": 1, "worse": 1}, **SEEN).none_worse
    assert not balance({"good": 1}, followed_up=380, improved=360, worse=0).none_worse


def test_editors_see_where_stories_are_rosier(editor_client: Any) -> None:
    rosy, fair = (
        make.TreatmentPageFactory(known=True, title="Rosy"),
        make.TreatmentPageFactory(known=True, title="Fair"),
    )
    StoryBalance.objects.create(page=rosy, counts={"good": 20})
    StoryBalance.objects.create(page=fair, counts={"good": 11, "same": 8, "worse": 1})
    response = editor_client.get(reverse("cohorts_balance"))
    rows = BeautifulSoup(response.content, "html.parser").select("tbody tr")
    assert [row.th.text for row in rows] == ["Rosy", "Fair"]
    assert "Rosier than the figures" in rows[0].text
    assert "No story here ended worse" in rows[0].text
    assert "In line with the figures" in rows[1].text
    home = editor_client.get(reverse("wagtailadmin_home"))
    assert "Balance of stories" in home.content.decode()
