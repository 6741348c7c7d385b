"""What all made stories share: pages above them, pictures, a recording, terms and tags. Made once."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import Image, ImageDraw
from taggit.models import Tag
from wagtail.models import Page

from casestudies.models import CaseStudyIndexPage
from conditions.models import Condition
from consent.models import ConsentForm
from demo.content import HERE
from demo.made import words
from demo.parts.people import consent_form
from experiences.models import StoryIndexPage, VideoIndexPage
from media import publishing, renditions
from media.models import CaptionTrack, Picture, Recording
from pages.models import HomePage
from publication.public_content import shown_file
from treatments.models import Treatment, TreatmentIndexPage

PICTURES = 40
WIDTH, HEIGHT = 800, 600
PRESETS = ("card", "cover", "figure", "social")
# With fewer terms than this, the starter vocabularies are loaded.
FEW_TERMS = 100


@dataclass(frozen=True)
class Term:
    """A term as stories use it. `words`: all its names and those of the terms above it, as searched for."""

    pk: int
    path: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Materials:
    stories: Page
    videos: Page
    cases: Page
    treatment_pages: Page
    pictures: list[int]
    pictures_files: dict[int, list[str]]
    recording: Recording
    conditions: list[Term]
    treatments: list[Term]
    tags: list[tuple[int, str]]
    form: ConsentForm


def gather() -> Materials:
    """Return what stories are made of, after making what is missing."""
    home = HomePage.objects.first()
    if home is None:
        raise CommandError(
            "There is no home page yet. Run manage.py load_demo first, or make one in the admin."
        )
    pictures = pool_of_pictures()
    return Materials(
        stories=index_page(home, StoryIndexPage, "Patient experiences", "experiences"),
        videos=index_page(home, VideoIndexPage, "Videos", "videos"),
        cases=index_page(home, CaseStudyIndexPage, "Case studies", "case-studies"),
        treatment_pages=index_page(home, TreatmentIndexPage, "Treatments", "treatments"),
        pictures=[picture.pk for picture in pictures],
        pictures_files={picture.pk: shown_file(picture) for picture in pictures},
        recording=pool_recording(),
        conditions=terms(Condition, "load_conditions"),
        treatments=terms(Treatment, "load_treatments"),
        tags=[(tag.pk, tag.name) for tag in pool_of_tags()],
        form=consent_form(),
    )


def index_page(home: Page, model: Any, title: str, slug: str) -> Page:
    """Return the list page of a kind, made and published if there is none."""
    found = model.objects.order_by("pk").first()
    if found is None:
        found = model(title=title, slug=slug, live=False)
        Page.objects.get(pk=home.pk).add_child(instance=found)
        found.save_revision().publish()
    fresh: Page = Page.objects.get(pk=found.pk)
    return fresh


def terms(model: Any, command: str) -> list[Term]:
    """Return the terms of a vocabulary in the order of the tree; the starter vocabulary if there are few."""
    if model.objects.count() < (FEW_TERMS if model is Condition else FEW_TERMS // 4):
        call_command(command, verbosity=0)
    found = list(model.objects.order_by("path"))
    all_words = model.objects.words_for(found)
    return [Term(term.pk, term.path, term.name, tuple(all_words.get(term.pk, ()))) for term in found]


def pool_of_tags() -> list[Tag]:
    present = {tag.name: tag for tag in Tag.objects.filter(name__in=words.TAGS)}
    return [present.get(name) or Tag.objects.create(name=name) for name in words.TAGS]


# Pictures and the recording ---------------------------------------------------------------------------------


def pool_of_pictures() -> list[Picture]:
    """Return the shared pictures, published, with every size that a public page asks for."""
    titles = [f"Made picture {number + 1:02}" for number in range(PICTURES)]
    present = {picture.title: picture for picture in Picture.objects.filter(title__in=titles)}
    return [present.get(title) or make_picture(title, number) for number, title in enumerate(titles)]


def make_picture(title: str, number: int) -> Picture:
    picture = Picture(
        title=title,
        alt_text=f"Coloured hills and a round sun, drawing number {number + 1}.",
        file=ContentFile(drawing(number), name=f"made-{number + 1:02}.jpg"),
    )
    picture.save()
    publishing.publish(picture)
    renditions.make([Picture.objects.get(pk=picture.pk)], PRESETS)
    publishing.write_files(picture)
    return Picture.objects.get(pk=picture.pk)


def drawing(number: int) -> bytes:
    """Return a JPEG of hills under a sun, with some grain, so that it weighs what a small photograph does."""
    chance = Random(number)  # noqa: S311 - made-up content
    sky, ground = (tuple(chance.randrange(90, 230) for _ in range(3)) for _ in range(2))
    image = Image.new("RGB", (WIDTH, HEIGHT), sky)
    pencil = ImageDraw.Draw(image)
    x, y, radius = chance.randrange(100, 700), chance.randrange(80, 250), chance.randrange(30, 90)
    pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(250, 220, 120))
    for hill in range(4):
        wave, height = chance.uniform(60, 200), 300 + 70 * hill
        line = [
            (left, height + 40 * math.sin(left / wave + hill * number)) for left in range(0, WIDTH + 8, 8)
        ]
        shade = tuple(max(0, part - 25 * hill) for part in ground)
        pencil.polygon([*line, (WIDTH, HEIGHT), (0, HEIGHT)], fill=shade)
    grain = Image.frombytes("L", (WIDTH // 4, HEIGHT // 4), chance.randbytes(WIDTH * HEIGHT // 16))
    grey = grain.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR).convert("RGB")
    buffer = io.BytesIO()
    Image.blend(image, grey, 0.12).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def pool_recording() -> Recording:
    """Return the shared recording: one of the demo's, with captions."""
    title = "Made recording"
    found = Recording.objects.filter(title=title).first()
    if found is not None:
        return found
    folder = HERE / "media" / "recordings"
    recording = Recording(
        title=title,
        type="video",
        file=ContentFile((folder / "najib.mp4").read_bytes(), name="made.mp4"),
    )
    recording.save()
    CaptionTrack.objects.create(
        recording=recording,
        language="en",
        label="English",
        default=True,
        file=ContentFile((folder / "najib.en.vtt").read_bytes(), name="made.en.vtt"),
    )
    publishing.publish(recording)
    publishing.write_files(recording)
    fresh: Recording = Recording.objects.get(pk=recording.pk)
    return fresh
