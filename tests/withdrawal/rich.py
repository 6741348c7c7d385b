"""A person who is shown everywhere: a story with everything a story can have, a video, a case study, and what
shows them.

Every word and every byte of theirs can be told from those of others: `CANARY` stands in all texts, `NAME` is
the name they are called by, and `Rich.bytes` are the digests of their files.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Locale, Page

from consent.models import Consent, Person
from imaging.presets import SOCIAL
from media.models import CaptionTrack
from media.storage import files_below, public_storage
from pages.models import HomePage
from tests import factories as make
from tests.casestudies.factories import CaseStudyPageFactory
from tests.experiences import interviews as talks
from tests.sitemaps import part_paths

CANARY = "Kwyjibo"
NAME = "Zorabel"
# A word of the story to search it by: the page of results repeats what was asked for, so that must betray
# nothing.
ASKED = "marmalade"
# What betrays them. A country and a condition of their own: they show in facets as long as anybody is counted
# there.
NEEDLES = (CANARY.lower(), NAME.lower(), "secretson", "vanuatu")


@dataclass
class Rich:
    """`kinds`: for each kind of surface the addresses at which it shows the person now."""

    person: Person
    consent: Consent
    story: Any
    video: Any
    case: Any
    kinds: dict[str, list[str]] = field(default_factory=dict)
    other: Any = None
    files_before: set[str] = field(default_factory=set)

    def bytes(self) -> dict[str, str]:
        """Digest -> name of each public file that was not there before the person was."""
        found = {}
        for name in public_files() - self.files_before:
            with public_storage().open(name) as file:
                found[hashlib.sha256(file.read()).hexdigest()] = name
        return found


def public_files() -> set[str]:
    return set(files_below(public_storage(), ""))


def publish(page: Any) -> Any:
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def neighbours() -> tuple[Any, Any, Any]:
    """Another family's story with a picture, the condition and the treatment that they share, and its
    page."""
    condition = make.ConditionFactory(name="Stiff legs")
    treatment = make.TreatmentFactory(name="Cord cells")
    make.TreatmentPageFactory(title="Cord cells for stiff legs", condition=condition, treatment=treatment)
    other = make.StoryPageFactory(
        title="Another family",
        patient_name="Ilse",
        conditions=[condition],
        treatments=[treatment],
        picture=make.PictureFactory(title="A rail", file=make.png(120, 90, "olive")),
        outcome="same",
    )
    return other, condition, treatment


def build(client: Any) -> Rich:
    """Everything public, and every surface rendered once, so that all files that can be made are there."""
    other, condition, treatment = neighbours()
    home = HomePage.objects.get()
    client.get(other.url)
    client.get(home.url)
    before = public_files()

    person = make.PersonFactory(private_name="Quentina Secretson", display_name=NAME, email="z@example.org")
    consent = make.consent(person)
    picture = make.PictureFactory(
        title=f"{CANARY} stairs", alt_text=f"{CANARY} on the stairs.", file=make.png(800, 600, "crimson")
    )
    second = make.PictureFactory(
        title=f"{CANARY} rail", alt_text=f"{CANARY} at the rail.", file=make.png(820, 610, "purple")
    )
    social = make.PictureFactory(
        title=f"{CANARY} card", alt_text=f"{CANARY} shared.", file=make.png(1300, 700, "orange")
    )
    recording = make.RecordingFactory(
        title=f"{CANARY} film", file=ContentFile(talks.film(3), name="film.mp4")
    )
    CaptionTrack.objects.create(
        recording=recording,
        language="en",
        file=ContentFile(
            f"WEBVTT\n\n00:00.000 --> 00:02.000\n<v {NAME}>{CANARY} climbs.\n".encode(), name="film.vtt"
        ),
    )
    document = make.DocumentFactory(
        title=f"{CANARY} report", file=ContentFile(make.PDF + f"% {CANARY}\n".encode(), name="report.pdf")
    )
    talk = talks.interview(kind="video", full_transcript_allowed=True)
    talk.cues.filter(position=2).update(text=f"Nobody had promised {CANARY} anything.")
    quote = talks.quote(talks.excerpt(talk, 2), speaker="Her mother")
    shared = {
        "person": person,
        "patient_name": NAME,
        "country": "VU",
        "conditions": [condition],
        "treatments": [treatment],
    }
    story = make.StoryPageFactory(
        live=False,
        title=f"{CANARY} and the stairs",
        slug="kwyjibo-first",
        lede=f"{CANARY} climbs. {ASKED}.",
        listing_text=f"{CANARY} in a list.",
        picture=picture,
        social_picture=social,
        outcome="good",
        name_is_pseudonym=True,
        before=json.dumps(
            [
                quote,
                {"type": "text", "value": f"<p>Then {CANARY} let go.</p>"},
                {"type": "figure", "value": {"picture": second.pk, "caption": f"{CANARY} again"}},
                {
                    "type": "video",
                    "value": {"recording": recording.pk, "caption": f"{CANARY}", "show_transcript": True},
                },
                {"type": "document", "value": {"document": document.pk}},
            ]
        ),
        **shared,
    )
    story = publish(story)
    story.slug = "kwyjibo-stairs"  # leaves a redirect behind
    story = publish(story)
    alias = story.create_alias(parent=story.get_parent(), update_slug="kwyjibo-alias")
    video = make.VideoPageFactory(
        title=f"{CANARY} on film",
        slug="kwyjibo-film",
        summary=f"{CANARY} sits.",
        recording=recording,
        picture=second,
        is_featured=True,
        **shared,
    )
    case = CaseStudyPageFactory(
        title=f"{CANARY} case",
        slug="kwyjibo-case",
        plain_summary=f"{CANARY} could stand.",
        person=person,
        country="VU",
        conditions=[condition],
        treatments=[treatment],
        documents=[{"title": f"{CANARY} letter", "document": document}],
        observations=[{"measure": f"{CANARY} scale", "months": 0, "value": "1"}],
    )
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    translation = story.copy_for_translation(spanish, copy_parents=True)
    translation.title = f"{CANARY} y las escaleras"
    translation.slug = "kwyjibo-escaleras"
    translation = publish(translation)
    # Sites with one tree keep their translations beside what they translate.
    translation.move(Page.objects.get(pk=story.get_parent().pk), pos="last-child")
    translation = type(translation).objects.get(pk=translation.pk)
    home.lead_story = story
    home.quote, home.quote_speaker, home.quote_story = f"{CANARY} let go of the rail.", NAME, story
    home.save()

    rich = Rich(person, consent, story, video, case, other=other, files_before=before)
    links = {link.block_id: link.clip for link in story.clips.select_related("clip")}
    (clip,) = links.values()
    treated = Page.objects.get(title="Cord cells for stiff legs")
    index, videos = story.get_parent(), video.get_parent()
    for url in (home.url, index.url, videos.url, story.url, video.url, case.url, treated.url, other.url):
        client.get(url)
    for thing in (picture, social, recording, document):
        thing.refresh_from_db()
    sizes = picture.renditions.exclude(public_name="").exclude(filter_spec=SOCIAL)
    shared_size = social.renditions.get(filter_spec=SOCIAL)
    rich.kinds = {
        "page": [story.url, video.url, case.url],
        "old slug": [f"{index.url}kwyjibo-first/"],
        "alias": [alias.url],
        "translation": [translation.url],
        "list": [index.url, case.get_parent().url],
        "video list": [videos.url],
        "tag and condition list": [f"{index.url}?condition={condition.slug}", f"{index.url}?outcome=good"],
        "facet count": [f"{index.url}?format=text"],
        "related": [other.url],
        "home": [home.url],
        "treatment page": [treated.url],
        "search": [f"/search/?q={ASKED}", f"/search/?q={ASKED}&kind=stories", "/search/?q=stiff+legs"],
        "sitemap": part_paths(client),  # the index names no page
        "rendition": [size.part.public_url for size in sizes],
        "social image": [shared_size.part.public_url],
        "video": [recording.url],
        "poster": [recording.poster_url],
        "captions": [track.url for track in recording.tracks.all()],
        "transcript": [story.url, video.url],
        "clip": [clip.file.url],
        "clip captions": [clip.captions.url],
        "clip poster": [clip.poster.url],
        "document": [document.address_by_number],
        "document to save": [document.save_url],
        "document file": [document.url],
        "PDF": [f"{case.url}pdf/", f"{case.url}pdf/save/"],
        "CSV": [f"{case.url}csv/"],
        "JSON": [f"{case.url}json/"],
    }
    return rich
