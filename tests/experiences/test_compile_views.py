"""What an editor sees and presses: the first draft, the list of changes, the chooser, the panel."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.urls import reverse

from experiences.compiling.service import compile_story, draft_of
from experiences.models import StoryPage
from interviews.models import Excerpt
from interviews.services import change_excerpt
from tests import factories as make
from tests.experiences.interviewed import cue, interview, mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(editor: User) -> SimpleNamespace:
    make.story_index()
    made = interview(editor)
    return SimpleNamespace(
        interview=made,
        stairs=mark(made, 1, "before", editor),
        now=mark(made, 5, "after", editor),
        url=reverse("interviews_compile", args=[made.pk]),
    )


@pytest.fixture
def compiled(told: SimpleNamespace, editor: User) -> SimpleNamespace:
    told.page = compile_story(interview=told.interview, by=editor).page
    return told


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def seen_in(page: BeautifulSoup) -> str:
    field = page.select_one("input[name=seen]")
    assert field is not None
    return str(field["value"])


def texts(page: StoryPage, part: str) -> list[str]:
    return [item["value"]["text"] for item in getattr(page, part).get_prep_value()]


def test_the_address_is_the_one_that_the_workbench_posts_to(told: SimpleNamespace) -> None:
    assert told.url == f"/admin/interviews/{told.interview.pk}/compile/"


def test_the_first_press_makes_the_draft_and_opens_it_and_a_second_one_makes_no_other(
    editor_client: Any, told: SimpleNamespace
) -> None:
    assert "2 quotes" in editor_client.get(told.url).content.decode()
    response = editor_client.post(told.url)
    page = StoryPage.objects.get()
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert editor_client.get(response.url).status_code == 200
    assert editor_client.post(told.url).url == told.url
    assert StoryPage.objects.count() == 1


def test_without_excerpts_the_page_says_what_to_do(editor_client: Any, editor: User) -> None:
    make.story_index()
    url = reverse("interviews_compile", args=[interview(editor).pk])
    assert "Mark some words" in editor_client.get(url).content.decode()
    assert "Mark some words" in editor_client.post(url).content.decode()
    assert StoryPage.objects.count() == 0


def test_the_list_of_changes_has_ticks_and_only_the_ticked_are_made(
    editor_client: Any, compiled: SimpleNamespace, editor: User
) -> None:
    draft = draft_of(compiled.page)
    (item,) = draft.after.get_prep_value()
    draft.after.raw_data[0] = {**item, "value": {**item["value"], "text": "She climbs on her own."}}
    draft.save_revision(clean=False)
    change_excerpt(excerpt=compiled.now, rev=1, by=editor, text="Now she climbs them herself.")
    mark(compiled.interview, 2, "before", editor)
    mark(compiled.interview, 4, "treatment", editor)
    page = soup(editor_client.get(compiled.url))
    boxes = page.select("input[name=change]")
    ticks = [(box["value"].split(":")[0], box.has_attr("checked")) for box in boxes]
    assert ticks == [("add", True), ("add", True), ("update", False)]
    assert "She climbs on her own." in page.text
    assert "Now she climbs them herself." in page.text
    assert "Hannah" not in [one.text for one in page.select(".help-warning q")]  # not in the story yet
    seen = seen_in(page)
    response = editor_client.post(compiled.url, {"seen": seen, "change": [boxes[0]["value"]]})
    assert response.url == reverse("wagtailadmin_pages:edit", args=[compiled.page.pk])
    after = draft_of(StoryPage.objects.get())
    assert len(texts(after, "before")) == 2
    assert texts(after, "during") == []
    assert texts(after, "after") == ["She climbs on her own."]
    # What was refused is decided: the quote may still be added by hand, and is not ticked.
    left = soup(editor_client.get(compiled.url)).select("input[name=change]")
    assert [(box["value"].split(":")[0], box.has_attr("checked")) for box in left] == [("add", False)]


def test_a_list_that_is_out_of_date_is_shown_again_and_nothing_is_changed(
    editor_client: Any, compiled: SimpleNamespace, editor: User
) -> None:
    mark(compiled.interview, 2, "before", editor)
    page = soup(editor_client.get(compiled.url))
    draft = draft_of(compiled.page)
    draft.lede = "Another editor was here."
    draft.save_revision(clean=False)
    posted = {
        "seen": seen_in(page),
        "change": [box["value"] for box in page.select("input[name=change]")],
    }
    response = editor_client.post(compiled.url, posted)
    assert response.status_code == 409
    again = soup(response)
    assert "changed since you opened this list" in again.text
    assert len(texts(draft_of(StoryPage.objects.get()), "before")) == 1
    posted["seen"] = seen_in(again)
    assert editor_client.post(compiled.url, posted).status_code == 302
    after = draft_of(StoryPage.objects.get())
    assert len(texts(after, "before")) == 2
    assert after.lede == "Another editor was here."


def test_only_those_who_may_change_interviews_get_in(client: Any, compiled: SimpleNamespace) -> None:
    user = User.objects.create_user("writer")
    user.groups.add(Group.objects.get(name="Tagger"))
    user.user_permissions.clear()
    client.force_login(user)
    one = cue(compiled.interview, 2)
    for url in (
        compiled.url,
        reverse("excerpt_chooser:choose"),
        reverse("excerpt_chooser:choose_results"),
        reverse("excerpt_chooser:chosen", args=[f"c{one.pk}"]),
    ):
        assert client.get(url).status_code == 302, (
            url
        )  # Wagtail sends those without permission to its front page
    assert client.post(reverse("excerpt_of_cue", args=[one.pk])).status_code == 403
    assert Excerpt.objects.count() == 2


# The story's editor -----------------------------------------------------------------------------------------


def test_the_editor_of_a_compiled_story_opens_saves_and_changes_nothing(
    editor_client: Any, compiled: SimpleNamespace
) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[compiled.page.pk])
    response = editor_client.get(url)
    html = response.content.decode()
    assert "firsthand.widgets.ExcerptChooser" in html
    assert "excerpt-chooser.js" in html
    assert compiled.url in html
    form = response.context["form"]
    before = form["before"].value()
    block = form.fields["before"].block.child_blocks["excerpt_quote"]
    states = {name: child.get_form_state(before[0].value[name]) for name, child in block.child_blocks.items()}
    assert states["excerpt"]["id"] == compiled.stairs.pk
    posted = {f"x-{name}": states[name] for name in states} | {
        "x-excerpt": str(compiled.stairs.pk),
        "x-start": "4.5",
        "x-end": "10.0",
        # As browsers send it, and with a rating in the form that must not be trusted.
        "x-text": "She could not, um,\r\nclimb the stairs at home.",
        "x-rating": "verbatim",
    }
    value = block.clean(block.value_from_datadict(posted, {}, "x"))
    stored = block.get_prep_value(value)
    assert stored["compiled"] == before[0].value["compiled"]
    assert stored["excerpt"] == compiled.stairs.pk
    assert (stored["start"], stored["end"]) == (4.5, 10.0)


def test_versions_of_a_compiled_story_can_be_compared(
    editor_client: Any, compiled: SimpleNamespace, editor: User
) -> None:
    change_excerpt(excerpt=compiled.now, rev=1, by=editor, text="Now she climbs them herself.")
    compile_story(interview=compiled.interview, by=editor)
    url = reverse("wagtailadmin_pages:revisions_compare", args=[compiled.page.pk, "earliest", "latest"])
    response = editor_client.get(url)
    assert response.status_code == 200
    assert "climbs them herself" in response.content.decode()


def test_a_quote_needs_its_excerpt_and_a_moment_that_ends_after_it_begins() -> None:
    block = StoryPage._meta.get_field("before").stream_block.child_blocks["excerpt_quote"]
    value: dict[str, Any] = {"excerpt": None, "text": "Words.", "compiled": {}, "start": 4.0, "end": 4.0}
    with pytest.raises(Exception) as raised:
        block.clean(block.normalize({**block.get_default(), **value}))
    assert set(raised.value.block_errors) == {"excerpt"}  # type: ignore[attr-defined] # of a StructBlock
    with pytest.raises(Exception) as raised:
        block.clean(block.normalize({**block.get_default(), **value, "excerpt": 1}))
    assert set(raised.value.block_errors) == {"end"}  # type: ignore[attr-defined] # of a StructBlock


def test_the_editor_lists_what_may_identify_somebody(
    editor_client: Any, compiled: SimpleNamespace, editor: User
) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[compiled.page.pk])
    assert "Hannah" not in editor_client.get(url).content.decode()
    mark(compiled.interview, 4, "treatment", editor)
    compile_story(interview=compiled.interview, by=editor)
    assert soup(editor_client.get(url)).select_one(".help-warning q").text == "Hannah"
    assert soup(editor_client.get(compiled.url)).select_one(".help-warning q").text == "Hannah"


# The chooser ------------------------------------------------------------------------------------------------


def found(response: Any) -> list[str]:
    html = response.content.decode()
    if response["Content-Type"].startswith("application/json"):
        html = json.loads(html)["html"]
    return [
        link.text.strip() for link in BeautifulSoup(html, "html.parser").select("[data-chooser-modal-choice]")
    ]


def test_the_chooser_lists_excerpts_then_cues_and_searches_words_and_speakers(
    editor_client: Any, compiled: SimpleNamespace, editor: User
) -> None:
    other = interview(editor)
    url, results = reverse("excerpt_chooser:choose"), reverse("excerpt_chooser:choose_results")
    story = {"story": compiled.page.pk}
    everything = found(editor_client.get(url, story))
    assert len(everything) == 2 + 6
    assert everything[0] == "She could not, um, climb the stairs at home."
    assert found(editor_client.get(results, {**story, "q": "ward hannah"})) == [
        "Hannah slept beside her every night in the ward."
    ]
    assert found(editor_client.get(results, {**story, "q": "anna berg"})) == []
    assert "And during the treatment?" in found(editor_client.get(results, {**story, "q": "Anna"}))
    # A page that is new yet: any interview; one can be picked.
    assert len(found(editor_client.get(results, {"q": "ward"}))) == 2
    assert len(found(editor_client.get(results, {"q": "ward", "interview": other.pk}))) == 1
    assert len(found(editor_client.get(results, {"story": "x", "q": "'; --"}))) == 0


def test_pages_of_the_chooser_hold_everything_once(editor_client: Any, editor: User) -> None:
    make.story_index()
    for _number in range(3):
        made = interview(editor)
        mark(made, 1, "before", editor)
    results = reverse("excerpt_chooser:choose_results")
    pages = [found(editor_client.get(results, {"p": page})) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [10, 10, 1]
    assert editor_client.get(results, {"p": 4}).status_code == 404


def test_choosing_an_excerpt_fills_the_block(editor_client: Any, compiled: SimpleNamespace) -> None:
    url = reverse("excerpt_chooser:chosen", args=[f"e{compiled.stairs.pk}"])
    result = json.loads(editor_client.get(url).content)["result"]
    assert result["id"] == compiled.stairs.pk
    assert result["text"] == "She could not, um, climb the stairs at home."
    assert result["speaker"] == "Marta, Ines’s mother"
    assert (result["start"], result["end"], result["rating"]) == (4.5, 10.0, "verbatim")
    assert result["compiled"]["text"] == result["text"]
    for wrong in ("e999999", "x1", "e", "c1.5"):
        assert editor_client.get(reverse("excerpt_chooser:chosen", args=[wrong])).status_code == 404


def test_choosing_a_cue_makes_an_excerpt_of_it_by_a_post_only(
    editor_client: Any, compiled: SimpleNamespace
) -> None:
    one = cue(compiled.interview, 2)
    url = reverse("excerpt_chooser:chosen", args=[f"c{one.pk}"])
    result = json.loads(editor_client.get(url).content)["result"]
    assert Excerpt.objects.count() == 2
    assert editor_client.get(result["make_url"]).status_code == 405
    answer = json.loads(editor_client.post(result["make_url"], {"section": "treatment"}).content)
    made = Excerpt.objects.get(pk=answer["id"])
    assert made.verbatim == one.text == answer["text"]
    assert made.section == "treatment"
    wrong = editor_client.post(result["make_url"], {"section": "nowhere"})
    assert (wrong.status_code, "not a section" in wrong.json()["error"]) == (400, True)
    gone = editor_client.post(reverse("excerpt_of_cue", args=[999_999]))
    assert gone.status_code == 404
