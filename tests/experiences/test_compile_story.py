"""From an interview to a draft story, and again: what is written, what is left alone, what is rated."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command

from deidentification.identifiers import find
from experiences.compiling.plan import ticked
from experiences.compiling.service import StoryChanged, compile_story, draft_of, review
from experiences.compiling.warnings import open_warnings
from experiences.models import StoryPage
from experiences.own_words import OwnWords, own_words
from interviews.importing import import_transcript
from interviews.models import IdentifierDecision, Interview
from interviews.services import (
    Refused,
    change_excerpt,
    decide_condition,
    decide_identifier,
    move_excerpt,
    remove_excerpt,
)
from tests import factories as make
from tests.experiences.interviewed import cue, interview, mark
from transcripts import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db: None) -> User:
    return User.objects.create_superuser("olga", "olga@example.org", "x", first_name="Olga", last_name="Lind")


@pytest.fixture
def told(by: User) -> SimpleNamespace:
    """An interview with two excerpts before and one after, and the page that stories stand under."""
    make.story_index()
    made = interview(by)
    return SimpleNamespace(
        interview=made,
        stairs=mark(made, 1, "before", by),
        carried=mark(made, 2, "before", by),
        now=mark(made, 5, "after", by),
    )


def values(page: StoryPage, part: str) -> list[dict[str, Any]]:
    """The stored quotes of one part."""
    return [item["value"] for item in getattr(page, part).get_prep_value() if item["type"] == "excerpt_quote"]


def latest(told: SimpleNamespace) -> StoryPage:
    return draft_of(StoryPage.objects.get(interviews=told.interview))


def rewrite(page: StoryPage, part: str, index: int, **changes: Any) -> None:
    """As an editor does in the page editor: a new draft."""
    items = getattr(page, part).get_prep_value()
    items[index] = {**items[index], "value": {**items[index]["value"], **changes}}
    getattr(page, part).raw_data[index] = items[index]
    page.save_revision(clean=False)


def test_the_first_compile_makes_a_draft_with_quotes_in_their_sections_and_the_facts(
    told: SimpleNamespace, by: User
) -> None:
    palsy = make.ConditionFactory(name="Cerebral palsy")
    decide_condition(interview=told.interview, condition=palsy, accepted=True, by=by)
    result = compile_story(interview=told.interview, by=by)
    assert result.created
    page = latest(told)
    assert not page.live
    assert page.owner == by
    assert page.latest_revision.user == by
    assert page.title == f"Draft story from interview #{told.interview.pk}"
    first, second = values(page, "before")
    assert first["excerpt"] == told.stairs.pk
    assert first["text"] == "She could not, um, climb the stairs at home."
    assert first["speaker"] == "Marta, Ines’s mother"
    assert first["asked"] == "What was it like before?"
    assert (first["start"], first["end"]) == (4.5, 10.0)
    assert first["rating"] == "verbatim"
    assert second["excerpt"] == told.carried.pk
    assert second["asked"] == ""
    assert [one["excerpt"] for one in values(page, "after")] == [told.now.pk]
    assert values(page, "during") == []
    assert page.origin == "compiled"
    assert page.interviewed_by == "Anna Berg, Returning Hope"
    assert page.edited_by == "Olga Lind"
    assert (page.patient_name, page.country, page.relation, page.teller_name) == (
        "Ines",
        "PT",
        "parent",
        "Marta",
    )
    assert page.person.display_name == "Ines"
    assert list(page.conditions.all()) == [palsy]
    told.interview.refresh_from_db()
    assert (told.interview.story_id, told.interview.state) == (page.pk, "compiled")


def test_private_words_of_the_interview_reach_no_field_of_the_draft(told: SimpleNamespace, by: User) -> None:
    page = compile_story(interview=told.interview, by=by).page
    stored = json.dumps(page.latest_revision.content, default=str, ensure_ascii=False)
    assert all(
        private not in stored for private in ("Private title", "Oliveira", "Hannah", "olga@example.org")
    )


def test_a_voice_called_by_a_private_name_is_named_by_the_role(told: SimpleNamespace, by: User) -> None:
    told.interview.contributors.filter(role="parent").update(
        speaker="Hannah", public_label="", private_names="Hannah"
    )
    told.interview.excerpts.update(speaker="Hannah")
    page = compile_story(interview=told.interview, by=by).page
    assert {one["speaker"] for one in values(page, "before")} == {"Parent"}


def test_a_replaced_name_is_replaced_in_the_words_and_in_the_question(by: User) -> None:
    make.story_index()
    made = interview(by)
    asks = cue(made, 3)
    asks.text = "And did Hannah stay during the treatment?"
    asks.save()
    for number in (3, 4):
        where = cue(made, number)
        finding = next(one for one in find(where.text, made.known_names()) if one.text == "Hannah")
        decide_identifier(interview=made, cue=where, finding=finding, state="replaced", by=by)
    mark(made, 4, "treatment", by)
    (quote,) = values(compile_story(interview=made, by=by).page, "during")
    assert quote["text"] == "[my sister] slept beside her every night in the ward."
    assert quote["asked"] == "And did [my sister] stay during the treatment?"
    assert quote["rating"] == "lightly edited"


def test_ratings_are_computed_and_never_believed(told: SimpleNamespace, by: User) -> None:
    page = compile_story(interview=told.interview, by=by).page
    rewrite(page, "before", 0, text="She could not climb the stairs at home.", rating="verbatim")
    rewrite(page, "before", 1, text="I am strong.", rating="verbatim")
    rewrite(page, "after", 0, excerpt=999_999, rating="verbatim")
    page = latest(told)
    assert [one["rating"] for one in values(page, "before")] == ["lightly edited", "reworded"]
    assert [one["rating"] for one in values(page, "after")] == [""]
    html = page.before.render_as_block() + page.after.render_as_block()
    assert html.count("<blockquote>") == 1
    assert html.count("In other words") == 2


def test_publication_rates_anew_and_stores_how_much_is_in_their_own_words(
    told: SimpleNamespace, by: User
) -> None:
    page = compile_story(interview=told.interview, by=by).page
    page.title, page.conditions = "Fourteen stairs", [make.ConditionFactory()]
    rewrite(page, "before", 0, text="She could not […] climb the stairs at home.")
    rewrite(page, "after", 0, text="She climbs now.")
    page = latest(told)
    # As if the words of the transcript were corrected between the draft and its publication.
    told.interview.excerpts.filter(pk=told.carried.pk).update(
        verbatim="There are fifteen of them, and I carried her."
    )
    page.latest_revision.publish()
    story = StoryPage.objects.get(pk=page.pk)
    assert story.live
    assert [one["rating"] for one in values(story, "before")] == ["lightly edited", "reworded"]
    # Eight words said and kept; nine said and reworded; eleven said and reworded.
    assert own_words(story) == OwnWords(share=8 * 100 // (8 + 9 + 11), omissions=0, quotes=3)


def test_compiling_again_adds_and_updates_and_leaves_what_was_rewritten(
    told: SimpleNamespace, by: User
) -> None:
    compile_story(interview=told.interview, by=by)
    rewrite(latest(told), "before", 1, text="I carried her up fourteen stairs.")
    for excerpt, text in ((told.stairs, "She could not climb the stairs."), (told.carried, "I carried her.")):
        change_excerpt(excerpt=excerpt, rev=1, by=by, text=text)
    ward = mark(told.interview, 4, "treatment", by)
    result = compile_story(interview=told.interview, by=by)
    assert not result.created
    assert [(one.kind, one.excerpt) for one in result.applied] == [
        ("update", told.stairs.pk),
        ("add", ward.pk),
    ]
    assert [(one.kind, one.excerpt) for one in result.kept] == [("update", told.carried.pk)]
    page = latest(told)
    assert [one["text"] for one in values(page, "before")] == [
        "She could not climb the stairs.",
        "I carried her up fourteen stairs.",
    ]
    assert [one["excerpt"] for one in values(page, "during")] == [ward.pk]
    # No editor was asked, so changes that were not made are listed again.
    again = compile_story(interview=told.interview, by=by)
    assert (again.applied, [one.excerpt for one in again.kept]) == ([], [told.carried.pk])
    assert latest(told).latest_revision_id == page.latest_revision_id


def test_a_conflict_that_was_refused_is_not_listed_again(told: SimpleNamespace, by: User) -> None:
    compile_story(interview=told.interview, by=by)
    rewrite(latest(told), "before", 1, text="Mine.")
    change_excerpt(excerpt=told.carried, rev=1, by=by, text="I carried her.")
    shown = review(interview=Interview.objects.get(pk=told.interview.pk), by=by)
    assert shown is not None
    assert [one.against_editor for one in shown.changes] == [True]
    compile_story(interview=told.interview, by=by, accepted=[], seen=shown.seen)
    after = review(interview=Interview.objects.get(pk=told.interview.pk), by=by)
    assert after is not None
    assert after.changes == []
    assert values(latest(told), "before")[1]["text"] == "Mine."


def test_moves_and_removals_follow_the_interview_and_prose_stays(told: SimpleNamespace, by: User) -> None:
    page = compile_story(interview=told.interview, by=by).page
    page.before.insert(1, ("text", "<p>Our own words.</p>"))
    page.save_revision(clean=False)
    move_excerpt(excerpt=told.stairs, section="after", before=None)
    remove_excerpt(excerpt=told.carried, by=by)
    result = compile_story(interview=told.interview, by=by)
    assert {one.kind for one in result.applied} == {"move", "remove"}
    page = latest(told)
    assert [item["type"] for item in page.before.get_prep_value()] == ["text"]
    assert [one["excerpt"] for one in values(page, "after")] == [told.now.pk, told.stairs.pk]


def test_it_works_on_the_latest_draft_of_a_live_story_and_leaves_the_live_page_as_it_is(
    told: SimpleNamespace, by: User
) -> None:
    page = compile_story(interview=told.interview, by=by).page
    page.title, page.conditions = "Stairs", [make.ConditionFactory()]
    page.save_revision().publish()
    live = StoryPage.objects.get(pk=page.pk)
    draft = draft_of(live)
    draft.title = "Fourteen stairs"
    draft.save_revision(clean=False)
    mark(told.interview, 4, "treatment", by)
    compile_story(interview=told.interview, by=by)
    live.refresh_from_db()
    assert live.title == "Stairs"
    assert values(live, "during") == []
    assert latest(told).title == "Fourteen stairs"
    assert len(values(latest(told), "during")) == 1
    assert Interview.objects.get(pk=told.interview.pk).state == "published"


def test_two_interviews_of_one_story_do_not_take_out_each_others_quotes(
    told: SimpleNamespace, by: User
) -> None:
    page = compile_story(interview=told.interview, by=by).page
    other = interview(by, story=page)
    father = mark(other, 2, "before", by)
    compile_story(interview=other, by=by)
    keys = [one["excerpt"] for one in values(latest(told), "before")]
    assert keys == [told.stairs.pk, told.carried.pk, father.pk]
    assert compile_story(interview=told.interview, by=by).applied == []


def test_a_list_that_is_out_of_date_is_refused_with_the_new_one(told: SimpleNamespace, by: User) -> None:
    compile_story(interview=told.interview, by=by)
    mark(told.interview, 4, "treatment", by)
    shown = review(interview=Interview.objects.get(pk=told.interview.pk), by=by)
    assert shown is not None
    rewrite(latest(told), "before", 0, text="Meanwhile.")
    with pytest.raises(StoryChanged) as raised:
        compile_story(interview=told.interview, by=by, accepted=ticked(shown.changes), seen=shown.seen)
    assert raised.value.review.seen != shown.seen
    assert values(latest(told), "during") == []


def test_what_cannot_be_is_refused_with_a_sentence(told: SimpleNamespace, by: User) -> None:
    writer = User.objects.create_user("writer")
    with pytest.raises(Refused, match="permission to add"):
        compile_story(interview=told.interview, by=writer)
    page = compile_story(interview=told.interview, by=by).page
    with pytest.raises(Refused, match="permission to change"):
        compile_story(interview=told.interview, by=writer)
    StoryPage.objects.filter(pk=page.pk).update(locked=True, locked_by=by)
    other = User.objects.create_superuser("other")
    with pytest.raises(Refused, match="locked"):
        compile_story(interview=told.interview, by=other)
    bare = interview(by)
    with pytest.raises(Refused, match="No words are marked"):
        compile_story(interview=bare, by=by)
    assert Group.objects.exists()  # permissions were the site's own


def test_open_warnings_are_what_nobody_decided_on(by: User) -> None:
    make.story_index()
    made = interview(by)
    mark(made, 4, "treatment", by)
    mark(made, 5, "after", by)
    page = compile_story(interview=made, by=by).page
    (warning,) = open_warnings(page)
    assert (warning.finding.text, warning.part, warning.field) == ("Hannah", "during", "text")
    where = cue(made, 4)
    decide_identifier(
        interview=made,
        cue=where,
        finding=find(where.text, made.known_names())[0],
        state=IdentifierDecision.State.DISMISSED,
        reason="a doll",
        by=by,
    )
    assert open_warnings(page) == []
    rewrite(page, "after", 0, text="Write to marta@example.org.")
    assert [one.finding.kind for one in open_warnings(draft_of(page))] == ["email"]


def run(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("compile_story", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_creates_updates_keeps_and_tries(told: SimpleNamespace, by: User) -> None:
    tried = json.loads(run(told.interview.pk, "--dry-run", "--json"))
    assert (tried["page"], tried["created"], len(tried["updated"])) == (None, True, 3)
    assert StoryPage.objects.count() == 0
    made = json.loads(run(told.interview.pk, "--json", "--by", "olga"))
    assert StoryPage.objects.get().pk == made["page"]
    mark(told.interview, 4, "treatment", by)
    assert "updated: 1 × add" in run(told.interview.pk)
    assert "nothing to change" in run(told.interview.pk, "--dry-run")
    with pytest.raises(CommandError, match="no interview 999"):
        run(999)
    with pytest.raises(CommandError, match="no user"):
        run(told.interview.pk, "--by", "unknown")


@pytest.mark.parametrize("quarter", range(4))
def test_real_transcripts_compile_from_scripted_excerpts(shared_data: Any, by: User, quarter: int) -> None:
    """All 57, nine or more excerpts each; in quarters, so that several processes share them."""
    files = sorted((shared_data / "interviews").glob("*.vtt"))
    assert len(files) == 57
    compile_each(files[quarter::4], by)


def test_small_transcripts_compile_from_scripted_excerpts(by: User) -> None:
    """The counterpart in the repository: two invented consultations in the same layout."""
    files = sorted((Path(__file__).parents[1] / "transcripts" / "data").glob("*.vtt"))
    assert len(files) == 2
    compile_each(files, by)


def compile_each(files: list[Path], by: User) -> None:
    make.story_index()
    for path in files:
        made = Interview.objects.create(title=path.stem)
        import_transcript(interview=made, read=read(path.read_bytes(), path.name), by=by)
        cues = list(made.cues.order_by("position"))
        long = [number for number, one in enumerate(cues) if len(one.text.split()) > 5]
        for index, number in enumerate(long[:: max(1, len(long) // 9)]):
            mark(made, number, ("before", "treatment", "after")[index % 3], by)
        page = compile_story(interview=made, by=by).page
        quotes = [one for part in ("before", "during", "after") for one in values(page, part)]
        assert len(quotes) == made.excerpts.count() >= 9
        assert {one["rating"] for one in quotes} <= {"verbatim", "lightly edited"}
        assert page.own_share == 100
        assert compile_story(interview=made, by=by).applied == []
