"""What is collected about one person for export and erasure, and what belongs to others."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from approval.models import ApprovalNote
from consent.models import Depiction, Guardianship, Person
from tests import factories as make
from tests.approval.approving import sent, story
from withdrawal.erasure import personal_data, tombstones

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home: Any) -> Any:
    return story()


def keys(person: Person) -> set[personal_data.Key]:
    return set(personal_data.collect(person))


def has(person: Person, *rows: Any) -> list[bool]:
    found = keys(person)
    return [personal_data.key_of(row) in found for row in rows]


def test_what_a_person_leaves_is_found_whatever_leads_to_it(page: Any) -> None:
    person = page.person
    link, _path = sent(page)
    note = ApprovalNote.objects.create(link=link, part="field:lede", text="Please change.")
    alias = page.create_alias(update_slug="a-second-address")
    rows = (person, person.consents.get(), page, alias, link, note, page.latest_revision, page.picture)
    assert has(person, *rows) == [True] * len(rows)


def test_rows_of_other_people_are_not_collected(page: Any) -> None:
    other = make.consenting(display_name="Other")
    theirs = story(person=other)
    link, _path = sent(theirs)
    rows = (other, other.consents.get(), theirs, link, theirs.latest_revision, theirs.picture)
    assert has(page.person, *rows) == [False] * len(rows)
    assert not keys(page.person) & {key for key in keys(other) if key[0] != "consent.ConsentForm"}


def test_a_guardian_and_a_child_keep_their_own_rows(home: Any) -> None:
    guardian, child = make.PersonFactory(), make.PersonFactory()
    signed = make.consent(child, guardian=guardian)
    tie = Guardianship.objects.create(person=child, guardian=guardian)
    assert has(guardian, guardian, child, signed, tie) == [True, False, False, False]
    assert has(child, guardian, child, signed, tie) == [False, True, True, True]


def test_a_picture_goes_with_the_last_page_that_uses_it(page: Any) -> None:
    shared, dropped = make.PictureFactory(), make.PictureFactory()
    page.picture = dropped
    page.save_revision()
    page.picture = shared
    page.save()
    other = story(person=make.consenting(), picture=shared)
    assert has(page.person, shared, dropped) == [False, True], "a draft used the second and no page does now"
    type(other).objects.get(pk=other.pk).delete()
    assert has(page.person, shared) == [True]


def test_who_is_depicted_is_collected_and_the_page_around_is_not(page: Any) -> None:
    shown = make.PersonFactory()
    Depiction.objects.create(picture=page.picture, person=shown)
    assert has(shown, page.picture, page, page.person) == [True, False, False]


def test_many_keys_are_asked_for_in_parts() -> None:
    assert list(personal_data.batched([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert list(personal_data.batched([], 2)) == []


def test_an_erased_file_is_recognised_by_its_content_alone() -> None:
    file = ContentFile(b"a voice", name="voice.mp3")
    tombstones.refuse_erased(file)
    tombstones.put([("file", tombstones.mark("file", tombstones.digest(file)))] * 2)
    with pytest.raises(ValidationError) as refused:
        tombstones.refuse_erased(ContentFile(b"a voice", name="another-name.mp3"))
    assert refused.value.code == "erased"
    tombstones.refuse_erased(ContentFile(b"another voice", name="voice.mp3"))
    assert file.read() == b"a voice", "the file can still be read from its beginning"
    assert not tombstones.exists("person", tombstones.digest(file)), "the kind is part of the mark"
