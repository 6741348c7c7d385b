"""Made-up objects for every room's tests. Nothing here is read from a file outside the tests."""

from __future__ import annotations

import datetime as dt
import functools
import io
from collections.abc import Iterable
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, Site

from attribution.models import ShowsNoOne
from conditions.models import Condition
from consent.models import Consent, ConsentForm, Person
from consent.uses import UNDERSTOOD, Use, field_of
from experiences import related_stories
from experiences.models import FollowUp, StoryIndexPage, StoryPage, VideoIndexPage, VideoPage
from imaging.presets import AHEAD
from media import publishing, renditions
from media.models import CaptionTrack, Document, Picture, Recording
from pages.models import HomePage, StandardPage
from publication.mixins import AboutPerson
from treatments.models import Treatment, TreatmentIndexPage, TreatmentPage

# Calling a factory gives a model, which its type does not say: to the type checker they give anything.
DjangoModelFactory: Any = factory.django.DjangoModelFactory


def png(width: int = 64, height: int = 48, colour: str = "teal") -> ContentFile:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), name="picture.png")


@functools.cache
def _film() -> bytes:
    """A third of a second of black, 64 x 36, that browsers play."""
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _number in range(4):
            frame = av.VideoFrame.from_image(Image.new("RGB", (64, 36), "teal"))
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return buffer.getvalue()


def film() -> ContentFile:
    return ContentFile(_film(), name="film.webm")


# One empty page.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)


class PictureFactory(DjangoModelFactory):
    class Meta:
        model = Picture

    title = factory.Sequence(lambda n: f"Picture {n}")
    alt_text = factory.Sequence(lambda n: f"A girl on stair number {n}, one hand on the rail.")
    file = factory.LazyFunction(png)

    @factory.post_generation
    def sizes(self, create: bool, _given: object, **_options: object) -> None:
        """As the task worker makes them: most tests do not commit, so that no task would run."""
        if create:
            renditions.make([self], (*AHEAD, "poster"))

    @factory.post_generation
    def shows_no_one(self, create: bool, stated: bool | None, **_options: object) -> None:
        """Most tests are not about who is in the picture: an editor said that no one is."""
        if create and stated is not False:
            ShowsNoOne.objects.create(picture=self)


class RecordingFactory(DjangoModelFactory):
    """A third of a second of video."""

    class Meta:
        model = Recording

    title = factory.Sequence(lambda n: f"Recording {n}")
    type = "video"
    file = factory.LazyFunction(film)

    @factory.post_generation
    def shows_no_one(self, create: bool, stated: bool | None, **_options: object) -> None:
        if create and stated is not False:
            ShowsNoOne.objects.create(recording=self)


class CaptionTrackFactory(DjangoModelFactory):
    class Meta:
        model = CaptionTrack

    recording = factory.SubFactory(RecordingFactory)
    language = "en"
    label = "English"
    file = factory.LazyFunction(
        lambda: ContentFile(
            b"WEBVTT\n\n00:00.000 --> 00:04.000\n<v Marta>She counts the stairs.\n", name="film.en.vtt"
        )
    )


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    title = factory.Sequence(lambda n: f"Document {n}")
    file = factory.LazyFunction(lambda: ContentFile(PDF, name="report.pdf"))


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    private_name = factory.Sequence(lambda n: f"Realname Secretson{n}")
    display_name = "Ines"


def consent(person: Person, uses: Iterable[str] | None = None, **fields: Any) -> Consent:
    """A signed consent of an adult, for all uses or for the given ones, in force since a year ago."""
    allowed = set(Use.values if uses is None else map(str, uses))
    form, _made = ConsentForm.objects.get_or_create(
        name="Patient story", language="en", version="2026-01", defaults={"text": "I agree to what I ticked."}
    )
    given: dict[str, Any] = {
        "form": form,
        "starts_at": timezone.now() - dt.timedelta(days=365),
        "signed_on": timezone.localdate() - dt.timedelta(days=365),
        **{field_of(use): use in allowed for use in Use.values},
        **dict.fromkeys(UNDERSTOOD, True),
        **fields,
    }
    return Consent.objects.create(person=person, **given)


def consenting(**fields: Any) -> Person:
    """A person whose consent to every use is in force."""
    person: Person = PersonFactory(**fields)
    consent(person)
    return person


class TermFactory(DjangoModelFactory):
    """A term under `parent`, or at the top; `names`: lay names."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        parent, names = kwargs.pop("parent", None), kwargs.pop("names", ())
        term = model_class(**kwargs)
        if parent is None:
            model_class.add_root(instance=term)
        else:
            type(parent).objects.get(pk=parent.pk).add_child(instance=term)
        for name in names:
            term.names.model.objects.create(term=term, name=name)
        return model_class.objects.get(pk=term.pk)


class ConditionFactory(TermFactory):
    class Meta:
        model = Condition

    name = factory.Sequence(lambda n: f"Condition {n}")


class TreatmentFactory(TermFactory):
    class Meta:
        model = Treatment

    name = factory.Sequence(lambda n: f"Treatment {n}")


class PageFactory(DjangoModelFactory):
    """A live page under `parent`, by default the one parent of its kind, made when it is missing."""

    class Meta:
        abstract = True

    title = factory.Sequence(lambda n: f"Page {n}")
    live = True
    first_published_at = factory.LazyFunction(timezone.now)
    last_published_at = factory.SelfAttribute("first_published_at")

    @classmethod
    def default_parent(cls) -> Page:
        return home()

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        parent = kwargs.pop("parent", None) or cls.default_parent()
        related = {
            name: kwargs.pop(name)
            for name in ("conditions", "treatments", "tags", "follow_ups")
            if name in kwargs
        }
        # A page about a person is not public without consent, so tests about other subjects get a person who
        # has consented.
        if issubclass(model_class, AboutPerson) and "person" not in kwargs:
            kwargs["person"] = consenting()
        page = model_class(**kwargs)
        follow_ups = related.pop("follow_ups", ())
        if follow_ups:
            page.follow_ups = [
                FollowUp(sort_order=number, **entry) for number, entry in enumerate(follow_ups)
            ]
        # A parent that has had children since it was read would give out a place twice.
        Page.objects.get(pk=parent.pk).add_child(instance=page)
        for name, values in related.items():
            getattr(page, name).set(values)
        if related:
            page.save()
        # A public copy is written after the commit, which a test never comes to.
        publishing.write_missing([Recording])
        if page.live and issubclass(model_class, StoryPage | VideoPage):
            related_stories.page_changed(page.pk)  # as when it is published
        return model_class.objects.get(pk=page.pk)


def home() -> HomePage:
    """The site's home page, made with its Site when there is none."""
    found = HomePage.objects.first()
    if found:
        return found
    root = Page.objects.get(depth=1)
    page = HomePage(title="Returning Hope", slug="returning-hope", lede="First-hand experience.")
    root.add_child(instance=page)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname, site.site_name, site.root_page = "localhost", "Returning Hope", page
    site.save()
    return HomePage.objects.get(pk=page.pk)


def _only(model: Any, **fields: Any) -> Any:
    found = model.objects.first()
    if found:
        return found
    Page.objects.get(pk=home().pk).add_child(instance=model(**fields))
    return model.objects.get()


def story_index() -> StoryIndexPage:
    return _only(StoryIndexPage, title="Patient experiences", slug="experiences")


def video_index() -> VideoIndexPage:
    return _only(VideoIndexPage, title="Videos", slug="videos")


def treatment_index() -> TreatmentIndexPage:
    return _only(TreatmentIndexPage, title="Treatments", slug="treatments")


class StandardPageFactory(PageFactory):
    class Meta:
        model = StandardPage


class StoryPageFactory(PageFactory):
    """`conditions`, `treatments`: terms; `tags`: words; `follow_ups`: dicts with months, observation, ..."""

    class Meta:
        model = StoryPage

    title = factory.Sequence(lambda n: f"Story {n}")
    patient_name = "Ines"
    lede = "A year later she climbs the stairs at home. Her speech has not changed."

    @classmethod
    def default_parent(cls) -> Page:
        return story_index()


class VideoPageFactory(PageFactory):
    class Meta:
        model = VideoPage

    title = factory.Sequence(lambda n: f"Video {n}")
    patient_name = "Najib"
    summary = "His parents say that he can now sit by himself."
    recording = factory.SubFactory(RecordingFactory)

    @classmethod
    def default_parent(cls) -> Page:
        return video_index()


class TreatmentPageFactory(PageFactory):
    class Meta:
        model = TreatmentPage

    title = factory.Sequence(lambda n: f"Treatment page {n}")
    lede = "What is given, and what is known of it."
    condition = factory.SubFactory(ConditionFactory)
    treatment = factory.SubFactory(TreatmentFactory)

    @classmethod
    def default_parent(cls) -> Page:
        return treatment_index()

    class Params:
        known = factory.Trait(
            patients_treated=1240,
            patients_treated_at_least=True,
            patients_treated_source="The partner's hospitals",
            patients_treated_on=dt.date(2026, 1, 1),
            followed_up=380,
            improved=210,
            unchanged=150,
            worse=20,
            follow_up_source="Descriptive report",
        )
