"""Each kind of part that can be redacted, and when a page and its parts may be shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.models import Page

from consent.grants import ConsentLookup
from consent.uses import Use
from experiences.models import StoryPage
from publication import redaction
from publication.reasons import ConsentRequirement
from publication.redaction import RedactedPageSaved
from publication.windows import consent_page_ids, windows
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = (f"b0000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
HOUR = timedelta(hours=1)


def paragraph(number: str, words: str) -> dict[str, Any]:
    return {"type": "text", "id": number, "value": f"<p>{words}</p>"}


@pytest.fixture
def page(home: Any) -> Any:
    """A stored story with two blocks in one stream, one in another, and a follow-up."""
    return make.StoryPageFactory(
        live=False,
        picture=make.PictureFactory(),
        teller_name="Marta",
        followed_months=12,
        before=[paragraph(FIRST, "Fourteen stairs."), paragraph(SECOND, "No lift.")],
        after=[paragraph(THIRD, "She climbs.")],
        follow_ups=[{"months": 6, "reported_by": "Her mother", "observation": "She climbs three stairs."}],
    )


def blocks(page: Any) -> list[str]:
    """Return the ids of all blocks as a template would meet them."""
    return [child.id for field in redaction.stream_fields(page) for child in getattr(page, field.name)]


def test_the_fixture_has_everything_that_is_redacted_below(page: Any) -> None:
    assert blocks(page) == [FIRST, SECOND, THIRD]
    assert page.picture is not None
    assert page.teller_name == "Marta"
    assert page.follow_ups.count() == 1


@pytest.mark.parametrize(
    ("part", "name", "left"),
    [
        ("field:picture", "picture", None),
        ("field:teller_name", "teller_name", ""),
        ("field:lede", "lede", ""),
    ],
)
def test_a_field_is_emptied(page: Any, part: str, name: str, left: Any) -> None:
    page.redact([part])
    assert getattr(page, name) == left
    assert blocks(page) == [FIRST, SECOND, THIRD]


def test_a_number_becomes_unknown_and_a_picture_loses_its_id_too(page: Any) -> None:
    page.redact(["field:followed_months", "field:picture"])
    assert page.followed_months is None
    assert page.picture_id is None


def test_a_whole_stream_is_emptied_and_no_other(page: Any) -> None:
    page.redact(["field:before"])
    assert isinstance(page.before, StreamValue)
    assert list(page.before) == []
    assert blocks(page) == [THIRD]


def test_the_rows_of_a_child_table_are_removed_in_memory_alone(page: Any) -> None:
    page.redact(["field:follow_ups"])
    assert list(page.follow_ups.all()) == []
    assert StoryPage.objects.get(pk=page.pk).follow_ups.count() == 1


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        ([f"block:{FIRST}"], [SECOND, THIRD]),
        ([f"block:{SECOND}", f"block:{THIRD}"], [FIRST]),
        ([f"block:{FIRST}", "field:after"], [SECOND]),
        (["block:unknown"], [FIRST, SECOND, THIRD]),
    ],
)
def test_blocks_are_removed_by_their_id_from_every_stream(
    page: Any, parts: list[str], left: list[str]
) -> None:
    page.redact(parts)
    assert blocks(page) == left
    assert blocks(StoryPage.objects.get(pk=page.pk)) == [FIRST, SECOND, THIRD]


def test_blocks_of_a_stream_that_was_read_earlier_are_removed_too(page: Any) -> None:
    assert len(list(page.before)) == 2
    page.redact([f"block:{FIRST}"])
    assert "Fourteen" not in str(page.before)
    assert "No lift" in str(page.before)


def test_a_stream_that_was_not_loaded_shows_nothing_later(page: Any) -> None:
    fresh = StoryPage.objects.defer("before").get(pk=page.pk)
    fresh.redact([f"block:{SECOND}"])
    assert list(fresh.before) == []
    assert blocks(fresh) == [THIRD]


def test_parts_that_the_page_does_not_have_are_ignored(page: Any) -> None:
    page.redact(["field:no_such_field", "clip:5", "transcript:7", "use:social_media"])
    assert blocks(page) == [FIRST, SECOND, THIRD]
    assert page.picture is not None


def test_what_was_redacted_first_stays_redacted_and_nothing_is_saved(page: Any) -> None:
    page.redact(["field:lede"])
    page.redact([f"block:{FIRST}"])
    assert page.redacted == {"field:lede", f"block:{FIRST}"}
    with pytest.raises(RedactedPageSaved):
        page.save()
    assert StoryPage.objects.get(pk=page.pk).lede


def test_new_blocks_have_ids_before_the_page_is_saved() -> None:
    page = StoryPage(before=[("text", "<p>No lift.</p>")])
    redaction.name_blocks(page)
    [number] = blocks(page)
    assert number
    redaction.redact(page, [f"block:{number}"])
    assert blocks(page) == []


# When -------------------------------------------------------------------------------------------------------


def test_a_page_about_no_one_is_never_public() -> None:
    assert windows(StoryPage()) == ([], {})
    assert windows(StoryPage(), requirements=[ConsentRequirement(None, Use.TEXT)]) == ([], {})
    part = ConsentRequirement(make.consenting().pk, Use.QUOTES, "field:lede")
    whole, parts = windows(StoryPage(), requirements=[part])
    assert whole == []
    assert len(parts["field:lede"]) == 1


def test_a_page_needs_everyone_at_once_and_each_part_its_own() -> None:
    now = timezone.now()
    one, other = make.PersonFactory(), make.PersonFactory()
    make.consent(one, uses=["text"], starts_at=now, until=now + 4 * HOUR)
    make.consent(other, uses=["text", "photo"], starts_at=now + HOUR, until=now + 6 * HOUR)
    make.consent(one, uses=["photo"], starts_at=now, until=now + 2 * HOUR)
    make.consent(one, uses=["photo"], starts_at=now + 3 * HOUR, until=None)
    whole, parts = windows(
        StoryPage(),
        requirements=[
            ConsentRequirement(one.pk, Use.TEXT),
            ConsentRequirement(other.pk, Use.TEXT),
            ConsentRequirement(one.pk, Use.PHOTO, "field:picture"),
            ConsentRequirement(other.pk, Use.PHOTO, "field:picture"),
            ConsentRequirement(one.pk, Use.VOICE, "block:a"),
            ConsentRequirement(None, Use.QUOTES, "block:b"),
        ],
    )
    assert whole == [(now + HOUR, now + 4 * HOUR)]
    assert parts == {
        "field:picture": [(now + HOUR, now + 2 * HOUR), (now + 3 * HOUR, now + 6 * HOUR)],
        "block:a": [],
        "block:b": [],
    }


def test_a_consent_for_one_page_covers_its_alias_and_no_other_page(home: Any) -> None:
    person = make.PersonFactory()
    page = make.StoryPageFactory(live=False, person=person)
    make.consent(person, page=page, uses=["text"])
    alias = StoryPage(alias_of_id=page.pk, person=person)
    assert consent_page_ids(page) == {page.pk}
    assert consent_page_ids(alias) == {page.pk}
    assert consent_page_ids(StoryPage()) == frozenset()
    required = [ConsentRequirement(person.pk, Use.TEXT)]
    assert windows(page, requirements=required)[0]
    assert windows(alias, requirements=required)[0]
    other = make.StoryPageFactory(live=False, person=person)
    assert windows(other, requirements=required)[0] == []


def test_windows_reads_nothing_where_the_consents_were_looked_up(django_assert_num_queries: Any) -> None:
    person = make.consenting()
    lookup = ConsentLookup.by([person.pk])
    with django_assert_num_queries(0):
        assert windows(StoryPage(), lookup, [ConsentRequirement(person.pk, Use.TEXT)])[0]


def test_the_search_index_of_a_page_that_is_moved_lacks_its_redacted_parts(home: Any) -> None:
    """Failed before: Wagtail saves the row in the tree alone, and gave the index the whole page."""
    person = make.PersonFactory()
    make.consent(person, uses=[Use.TEXT])
    page: Any = make.StoryPageFactory(
        person=person, conditions=[make.ConditionFactory()], before=[("quote", {"text": "quokkaberry"})]
    )
    make.StandardPageFactory(title="Elsewhere")
    found = reverse("search") + "?q=quokkaberry"
    assert page.title not in Client().get(found).content.decode()
    page.move(Page.objects.get(title="Elsewhere"), pos="last-child")
    Page.objects.get(pk=page.pk).save()
    assert page.title not in Client().get(found).content.decode()
