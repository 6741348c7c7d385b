"""A page costs the same whatever it holds: counted on real requests of a visitor, with nothing cached."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from tests import factories as make

pytestmark = pytest.mark.django_db


def queries(client: Any, url: str) -> list[str]:
    """The queries of a second visit (the first makes renditions), with all caches empty but the sites' root
    paths.
    """
    assert client.get(url).status_code == 200
    cache.clear()
    Site.get_site_root_paths()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def story(terms: Any, body: Any, *, pictures: int, quotes: int = 12, tags: int = 3) -> Any:
    shown = [make.PictureFactory() for _ in range(pictures)]
    return make.StoryPageFactory(
        title=f"She counts {pictures} stairs",
        picture=make.PictureFactory(),
        conditions=[terms.diplegia],
        treatments=[terms.blood],
        tags=[f"tag {number}" for number in range(tags)],
        before=json.dumps(body(texts=6, quotes=quotes // 2, pictures=shown[: pictures // 2])),
        during=json.dumps(body(texts=6, quotes=quotes - quotes // 2)),
        after=json.dumps(body(texts=0, pictures=shown[pictures // 2 :])),
        follow_ups=[{"months": months, "observation": "Nothing new."} for months in (-3, 0, 1, 6, 12)],
    )


def test_a_story_of_thirty_blocks_costs_the_same_with_any_number_of_pictures_quotes_and_tags(
    client: Any, terms: Any, body: Any
) -> None:
    make.TreatmentPageFactory(condition=terms.palsy, treatment=terms.cells, known=True)
    for outcome in ("good", "same", "worse"):
        make.StoryPageFactory(
            conditions=[terms.palsy], treatments=[terms.blood], outcome=outcome, picture=make.PictureFactory()
        )
    counts = {}
    for pictures, quotes, tags in ((3, 15, 1), (6, 12, 3), (12, 6, 9)):
        page = story(terms, body, pictures=pictures, quotes=quotes, tags=tags)
        made = queries(client, page.url)
        counts[pictures] = len(made)
        assert len(made) <= 12, "\n".join(made)
    assert len(set(counts.values())) == 1, counts


def test_the_story_index_with_twelve_cards(client: Any, terms: Any) -> None:
    for number in range(14):
        make.StoryPageFactory(
            conditions=[terms.diplegia, terms.injury],
            treatments=[terms.blood],
            country="PT",
            picture=make.PictureFactory(),
            follow_ups=[{"months": number + 1, "observation": "Nothing new."}],
        )
    make.VideoPageFactory(conditions=[terms.palsy], picture=make.PictureFactory())
    made = queries(client, make.story_index().url)
    assert len(made) <= 15, "\n".join(made)


def test_a_video_page(client: Any, terms: Any) -> None:
    make.TreatmentPageFactory(condition=terms.palsy, treatment=terms.cells, known=True)
    make.StoryPageFactory(conditions=[terms.palsy], picture=make.PictureFactory())
    recording = make.RecordingFactory()
    make.CaptionTrackFactory(recording=recording)
    page = make.VideoPageFactory(conditions=[terms.palsy], recording=recording, picture=make.PictureFactory())
    made = queries(client, page.url)
    assert len(made) <= 14, "\n".join(made)


def test_a_treatment_page(client: Any, terms: Any) -> None:
    page = make.TreatmentPageFactory(condition=terms.palsy, treatment=terms.cells, known=True)
    for _ in range(5):
        make.StoryPageFactory(conditions=[terms.diplegia], picture=make.PictureFactory())
    make.VideoPageFactory(conditions=[terms.palsy], picture=make.PictureFactory())
    made = queries(client, page.url)
    assert len(made) <= 22, "\n".join(made)


def test_recordings_and_documents_cost_three_more_however_many_there_are(
    client: Any, terms: Any, body: Any
) -> None:
    recordings = [make.RecordingFactory() for _ in range(2)]
    for recording in recordings:
        make.CaptionTrackFactory(recording=recording)
    documents = [make.DocumentFactory() for _ in range(3)]
    media = [{"type": "video", "value": {"recording": one.pk, "show_transcript": True}} for one in recordings]
    media += [{"type": "document", "value": {"document": one.pk}} for one in documents]
    page = make.StoryPageFactory(
        conditions=[terms.diplegia],
        picture=make.PictureFactory(),
        before=json.dumps([*body(texts=3, pictures=[make.PictureFactory()]), *media]),
    )
    made = queries(client, page.url)
    assert len(made) <= 14, "\n".join(made)
