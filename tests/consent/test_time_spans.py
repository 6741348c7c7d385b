"""Spans of time against a plain set of minutes, and what the consents of several people add up to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consent import time_spans
from consent.grants import ConsentLookup
from consent.models import Consent
from consent.time_spans import ALWAYS, Grant, Span
from consent.uses import Use
from tests import factories as make

# The minutes of the test. Edges lie on the inner ones, so that the first and the last stand for all time
# before and after.
MINUTES = range(-1, 14)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def moment(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


edges = st.none() | st.integers(0, 12).map(moment)
spans = st.lists(st.tuples(edges, edges), max_size=5)


def minutes_of(some: Iterable[Span]) -> set[int]:
    """Return the minutes that lie in at least one of these spans, each asked on its own."""
    return {
        minute
        for minute in MINUTES
        for start, end in some
        if (start is None or moment(minute) >= start) and (end is None or moment(minute) < end)
    }


def check_disjoint_and_in_order(some: list[Span]) -> None:
    for (_start, end), (start, _end) in pairwise(some):
        assert end is not None
        assert start is not None
        assert end < start


@given(spans)
def test_a_union_has_the_same_minutes_in_the_fewest_spans(some: list[Span]) -> None:
    joined = time_spans.union(some)
    assert minutes_of(joined) == minutes_of(some)
    check_disjoint_and_in_order(joined)
    assert all(minutes_of([span]) for span in joined)
    assert time_spans.union(joined) == joined
    assert time_spans.union(reversed(some)) == joined


@given(st.lists(spans, max_size=4))
def test_an_intersection_has_the_minutes_of_all(several: list[list[Span]]) -> None:
    met = time_spans.intersection(*several)
    expected = set(MINUTES)
    for some in several:
        expected &= minutes_of(some)
    assert minutes_of(met) == expected
    check_disjoint_and_in_order(met)


@given(spans, st.sampled_from(MINUTES))
def test_the_span_at_a_moment_contains_it(some: list[Span], minute: int) -> None:
    found = time_spans.at(some, moment(minute))
    assert (found is not None) == (minute in minutes_of(some))
    assert found is None or (found in some and minute in minutes_of([found]))


def test_without_conditions_it_is_always() -> None:
    assert time_spans.intersection() == [ALWAYS]
    assert time_spans.intersection([]) == []
    assert time_spans.union([]) == []


grants = st.builds(
    Grant,
    person=st.integers(1, 2),
    uses=st.frozensets(st.sampled_from([Use.TEXT, Use.PHOTO])),
    start=st.integers(0, 12).map(moment),
    end=edges,
    page=st.none() | st.integers(0, 3),
)


@given(st.lists(grants, max_size=6), st.frozensets(st.integers(1, 3)))
def test_a_use_is_allowed_in_the_minutes_of_its_grants(some: list[Grant], pages: frozenset[int]) -> None:
    expected = set()
    for grant in some:
        is_for_page = grant.page is None or grant.page in pages
        if grant.person == 1 and Use.PHOTO in grant.uses and is_for_page:
            expected |= minutes_of([(grant.start, grant.end)])
    assert minutes_of(time_spans.spans_of(some, 1, Use.PHOTO, pages)) == expected


# The consents of several people -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (START, None)),
        ({"until": START + HOUR}, (START, START + HOUR)),
        ({"withdrawn_at": START + HOUR}, (START, START + HOUR)),
        ({"until": START + 2 * HOUR, "withdrawn_at": START + HOUR}, (START, START + HOUR)),
        ({"until": START + HOUR, "withdrawn_at": START + 2 * HOUR}, (START, START + HOUR)),
        ({"signed_on": None}, None),
    ],
)
def test_a_consent_counts_until_its_end_or_withdrawal(fields: dict[str, Any], expected: Any) -> None:
    consent = make.consent(make.PersonFactory(), uses=["text"], starts_at=START, **fields)
    found = ConsentLookup.by([consent.person_id]).grants()
    assert [(grant.start, grant.end) for grant in found] == ([expected] if expected else [])
    assert all(grant.uses == {Use.TEXT} and grant.page is None for grant in found)


@pytest.mark.django_db
def test_withdrawn_uses_and_the_consents_of_an_erased_person_grant_nothing() -> None:
    consent = make.consent(make.PersonFactory(), uses=["text", "photo"], withdrawn_uses=["photo"])
    [found] = ConsentLookup.by([consent.person_id]).grants()
    assert found.uses == {Use.TEXT}
    person = consent.person
    person.erased_at = timezone.now()
    person.save()
    assert ConsentLookup.by([person.pk]).grants() == []


@pytest.mark.django_db
def test_a_consent_for_a_page_that_was_deleted_allows_no_other_page() -> None:
    person, page = make.PersonFactory(), make.StandardPageFactory()
    make.consent(person, page=page)
    assert [one.page for one in ConsentLookup.by([person.pk]).grants()] == [page.pk]
    page.delete()
    [found] = ConsentLookup.by([person.pk]).grants()
    assert found.page == 0
    assert time_spans.spans_of([found], person.pk, Use.TEXT, frozenset({page.pk})) == []


@pytest.mark.django_db
def test_a_lookup_takes_two_queries_for_any_number_of_people(django_assert_num_queries: Any) -> None:
    people = [make.PersonFactory() for _each in range(3)]
    consents = [make.consent(person) for person in people for _each in range(2)]
    make.consenting()
    wanted = [person.pk for person in people]
    with django_assert_num_queries(2):
        lookup = ConsentLookup.by([*wanted, *wanted])
        assert len(lookup.grants()) == len(consents)
    assert {grant.person for grant in lookup.grants()} == set(wanted)
    with transaction.atomic():
        locked = ConsentLookup.by(wanted, lock=True)
    assert locked.people == lookup.people
    assert Consent.objects.count() == len(consents) + 1
