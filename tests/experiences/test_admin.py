"""What an editor does: write, save a draft with gaps, be told what is missing, publish, find it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from experiences.models import StoryPage
from tests import factories as make

pytestmark = pytest.mark.django_db


def form(**values: Any) -> dict[str, Any]:
    """What the editor's form posts for a story."""
    return nested_form_data(
        {
            "title": "She counts the stairs now",
            "slug": "she-counts",
            "tone": "honey",
            "patient_name": "Ines",
            "person": make.consenting().pk,
            "relation": "parent",
            "origin": "written",
            "outcome": "good",
            "before": streamfield(
                [("text", rich_text("<p>Fourteen stairs, and a wobblewort on the sill.</p>"))]
            ),
            "during": streamfield([]),
            "after": streamfield(
                [("quote", {"text": "Eleven is the wobbly one.", "speaker": "Ines"})],
            ),
            "follow_ups": inline_formset(
                [
                    {
                        "months": "12",
                        "observation": "Climbs.",
                        "outcome": "",
                        "reported_by": "",
                        "outcome_text": "",
                    }
                ]
            ),
            "comments": inline_formset([]),
            **values,
        }
    )


def add_url() -> str:
    return reverse("wagtailadmin_pages:add", args=("experiences", "storypage", make.story_index().pk))


def test_an_editor_publishes_a_story_and_it_is_found_everywhere_and_after_unpublishing_nowhere(
    editor_client: Any, terms: Any
) -> None:
    treatment = make.TreatmentPageFactory(condition=terms.palsy, treatment=terms.cells)
    posted = {**form(), "conditions": [terms.diplegia.pk], "action-publish": "1"}
    response = editor_client.post(add_url(), posted)
    assert response.status_code == 302, response.context["form"].errors
    story = StoryPage.objects.get()
    assert story.live
    assert (story.followed_months, story.visits) == (12, [12])

    def shown(url: str) -> bool:
        return "She counts the stairs now" in editor_client.get(url).content.decode()

    found = [make.story_index().url, treatment.url, "/search/?q=wobblewort", "/search/?q=CP"]
    assert [url for url in found if not shown(url)] == []
    story.unpublish()
    assert [url for url in found if shown(url)] == []
    assert editor_client.get(story.url).status_code == 404


def test_a_draft_may_have_gaps_and_publishing_names_what_is_missing(editor_client: Any, terms: Any) -> None:
    draft = editor_client.post(add_url(), form(patient_name=""))
    assert draft.status_code == 302, draft.context["form"].errors
    response = editor_client.post(add_url(), {**form(patient_name="", slug="other"), "action-publish": "1"})
    assert response.status_code == 200
    assert {"patient_name", "conditions"} <= set(response.context["form"].errors)
    assert "wobblewort" in response.content.decode()


def test_the_list_of_stories_shows_conditions_countries_and_outcomes(editor_client: Any, terms: Any) -> None:
    make.StoryPageFactory(conditions=[terms.diplegia], country="PT", outcome="worse")
    make.VideoPageFactory(conditions=[terms.injury], country="KE")
    page = editor_client.get(reverse("stories:index")).content.decode()
    assert all(word in page for word in ("Spastic diplegia", "Portugal", "Worse"))
    assert "Kenya" in editor_client.get(reverse("videos:index")).content.decode()


def test_people_are_seen_only_with_the_permission(client: Any) -> None:
    make.PersonFactory(private_name="Realname Secretson")
    user = User.objects.create_user("writer", password="only-for-tests")
    user.groups.add(Group.objects.get(name="Tagger"))
    client.force_login(user)
    url = reverse("wagtailsnippets_consent_person:list")
    assert client.get(url).status_code == 302
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="consent"))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("part", ["before"])
def test_every_block_of_a_story_has_a_preview_with_our_styles(editor_client: Any, part: str) -> None:
    blocks = StoryPage._meta.get_field(part).stream_block.child_blocks
    assert set(blocks) == {
        "text", "excerpt_quote", "quote", "figure", "gallery", "video", "audio", "document", "timeline", "callout", "table"
    }  # fmt: skip
    for name, block in blocks.items():
        assert block.meta.icon != "placeholder", name
        assert str(block.meta.description), name
        response = editor_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
        assert response.status_code == 200, name
        assert "firsthand/public.css" in response.content.decode(), name
