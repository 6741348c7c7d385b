"""A small site with four people: what each of them gave betrays them wherever it stands, and for which use."""

from __future__ import annotations

import io
import itertools
import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import av
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection, GroupCollectionPermission, Locale, Page

from consent.models import Consent, ConsentForm, Depiction, Person
from consent.uses import UNDERSTOOD, Use, field_of
from experiences.models import StoryIndexPage
from information.models import FAQPage
from interviews.models import Cue, InterviewContributor
from media.models import CaptionTrack
from pages.models import SiteSettings
from tests import factories as make
from tests.casestudies.factories import CaseStudyPageFactory
from tests.documents import pdfs
from tests.events.agreed import OWNER, Agreed, Canary, Given, Needs, later
from tests.events.site import Site
from tests.events.visitor import Visitor
from tests.experiences import interviews as talks

TEXT: Needs = ((OWNER, "text"),)
QUOTE: Needs = ((OWNER, "quotes"),)
FILM: Needs = ((OWNER, "voice"), (OWNER, "video"))
EVERYTHING = {use.value for use in Use}
WORDLIST = [
    "we",
    "counted",
    "every",
    "stair",
    "that",
    "winter",
    "and",
    "wrote",
    "it",
    "down",
    "beside",
    "the",
    "kettle",
    "while",
    "rain",
    "fell",
    "on",
    "the",
    "yard",
    "no one",
    "hurried",
    "her",
    "neighbours",
    "came",
    "by",
    "with",
    "soup",
    "on",
    "sundays",
    "the",
    "frame",
    "stood",
    "in",
    "the",
    "hall",
    "until",
    "april",
    "then",
    "it",
    "went",
    "to",
    "the",
    "shed",
    "under",
    "blankets",
    "she",
    "asked",
    "for",
    "shoes",
    "with",
    "laces",
    "red",
    "ones",
    "from",
    "a",
    "window",
    "in",
    "town",
]

# No letter that the search takes for an ending: it would find "qixbbbbs" in every word that begins as "qixbbbb".
LETTERS = "bcfghjkmpvwx"


@dataclass
class Face:
    """Someone of the site. `number`: of the person in the database."""

    key: str
    number: int
    name: str
    paragraph: str = ""
    said: str = ""
    picture: int = 0


@dataclass
class Content:
    """What the test knows of pages: which canaries each holds, in any version of it."""

    words: dict[int, set[str]] = field(default_factory=dict)


class World:
    """`plain`: pages about no one. `colours` are never used twice, nor are words."""

    def __init__(self, clock: Any, site: Site) -> None:
        self.clock, self.site = clock, site
        self.agreed, self.content = Agreed(), Content()
        levels = (20, 80, 140, 200, 250)
        # Far from each other and from grey, which site furniture has.
        self._free = [
            (red, green, blue)
            for red, green, blue in itertools.product(levels, repeat=3)
            if max(red, green, blue) - min(red, green, blue) > 60
        ]
        self._count = itertools.count(1)
        self.visitor = Visitor(site.get)
        self.faces: dict[str, Face] = {}
        self.form = ConsentForm.objects.create(name="Story", version="1", text="I agree.")
        self.editor, self.trainee = _editor(), _trainee()
        self.seen: dict[str, int] = {}
        self._build()

    # Canaries ---------------------------------------------------------------------------------------------------

    def word(self, kind: str, owner: str, needs: Needs) -> str:
        number, letters = next(self._count), ""
        for _place in range(5):
            number, rest = divmod(number, len(LETTERS))
            letters = LETTERS[rest] + letters
        self.agreed.canaries[f"qix{letters}"] = Canary(kind, {owner}, needs)
        return f"qix{letters}"

    def colour(self, kind: str, owner: str, needs: Needs) -> tuple[int, int, int]:
        colour = self._free.pop((len(self._free) * 7) // 11)
        name = f"{kind} {colour}"
        self.visitor.colours[colour] = name
        self.agreed.canaries[name] = Canary(kind, {owner}, needs)
        return colour

    def seen_in(self, key: str) -> Needs:
        """Return what a recognisable picture of someone needs."""
        return ((key, "photo"), (key, "face"))

    def key_of(self, number: int | None) -> str | None:
        return next((face.key for face in self.faces.values() if face.number == number), None)

    # Building ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        home = make.home()
        SiteSettings.for_site(home.get_site())
        self.conditions = [make.ConditionFactory(name="Stiff legs"), make.ConditionFactory(name="Weak arms")]
        self.treatment = make.TreatmentFactory(name="Cord cells")
        make.TreatmentPageFactory(
            title="Cord cells for stiff legs", condition=self.conditions[0], treatment=self.treatment
        )
        make.story_index()
        Page.objects.get(pk=home.pk).add_child(instance=StoryIndexPage(title="Elsewhere", slug="elsewhere"))
        self.spanish = Locale.objects.get_or_create(language_code="es")[0]
        self.how = make.StandardPageFactory(title="How we work", slug="how")
        self.how.save_revision().publish()
        questions = [{"heading": "All", "questions": [{"question": "Who?", "answer": "<p>You.</p>"}]}]
        self.faq = FAQPage(title="Questions", slug="faq", body=[("group", one) for one in questions])
        Page.objects.get(pk=home.pk).add_child(instance=self.faq)
        self.faq.save_revision().publish()
        for key in ("ada", "bo", "cy", "di"):
            self._person(key)
        self.give("ada", EVERYTHING, 0)
        self.give("bo", EVERYTHING, 0)
        self.give("cy", EVERYTHING - {"social_media"}, 4)
        self.give("di", {"text", "quotes", "video", "voice", "translation"}, 9)
        for key in self.faces:
            self._story(key)
        self._video("di")
        self._case("cy")

    def _person(self, key: str) -> None:
        name = self.word("name", key, TEXT).capitalize()
        private = self.word("private name", key, (("no one", "never"),)).capitalize()
        person = make.PersonFactory(private_name=f"{private} Abernathyson", display_name=name)
        face = self.faces[key] = Face(key, person.pk, name)
        face.picture = self.picture(key, "face", self.seen_in(key)).pk
        face.paragraph = self.paragraph(key, len(self.faces))
        face.said = f"Then {self.word('quote', key, QUOTE)} let go and no one said one word."

    def paragraph(self, key: str, salt: int) -> str:
        """Return fifty words in an order that no one else's have, with one that betrays in the middle."""
        some = [WORDLIST[(place * (2 * salt + 5) + salt) % len(WORDLIST)] for place in range(50)]
        return " ".join([*some[:22], self.word("text", key, TEXT), *some[22:]])

    def picture(self, key: str, kind: str, needs: Needs) -> Any:
        colour = self.colour(f"{kind} picture", key, needs)
        picture = make.PictureFactory(
            title=f"Picture of {key}",
            alt_text=f"A girl named {self.word(f'{kind} description', key, needs)} on the stairs.",
            file=painted(colour),
        )
        Depiction.objects.create(person=self.person(key), picture=picture)
        return picture

    def person(self, key: str) -> Person:
        return Person.objects.get(pk=self.faces[key].number)

    def film(self, key: str) -> ContentFile:
        return ContentFile(film(self.colour("film", key, FILM)), name="film.webm")

    def recording(self, key: str) -> Any:
        made = make.RecordingFactory(title=f"Film of {key}", file=self.film(key))
        CaptionTrack.objects.create(
            recording=made,
            language="en",
            file=ContentFile(
                f"WEBVTT\n\n00:00.000 --> 00:02.000\nShe says {self.word('captions', key, FILM)}.\n".encode(),
                name="film.vtt",
            ),
        )
        return made

    def document(self, key: str) -> ContentFile:
        words = self.word("document", key, TEXT)
        return ContentFile(pdfs.saved(pdfs.blank([f"A letter about {words}."])), name="letter.pdf")

    def _shared(self, key: str) -> dict[str, Any]:
        return {
            "person": self.person(key),
            "patient_name": self.faces[key].name,
            "name_is_pseudonym": True,
            "conditions": [self.conditions[len(key) % 2]],
            "treatments": [self.treatment],
        }

    def _story(self, key: str) -> None:
        face = self.faces[key]
        social = self.picture(key, "social", ((OWNER, "text"), (OWNER, "social_media"), *self.seen_in(key)))
        caption = self.word("caption", key, (*TEXT, *self.seen_in(key)))
        blocks: list[dict[str, Any]] = [
            {"type": "text", "value": f"<p>{face.paragraph}</p>"},
            {"type": "quote", "value": {"text": face.said, "speaker": face.name}},
            {"type": "figure", "value": {"picture": face.picture, "caption": f"Here {caption} waits."}},
        ]
        if key == "ada":
            # Only here: to search a document takes a process of its own, at each publication.
            document = make.DocumentFactory(title=f"Letter of {key}", file=self.document(key))
            blocks.append({"type": "document", "value": {"document": document.pk}})
            blocks.append(self._excerpt(key))
        title = self.word("text", key, TEXT)
        page = make.StoryPageFactory(
            live=False,
            title=f"The stairs of {title}",
            slug=f"story-{title}",
            lede=f"A year later {self.word('text', key, TEXT)} climbs.",
            listing_text=f"Later {self.word('text', key, TEXT)} climbs.",
            tags=[self.word("tag", key, TEXT)],
            picture_id=face.picture,
            social_picture=social,
            before=json.dumps(blocks),
            **self._shared(key),
        )
        self.register(page, key)

    def _excerpt(self, key: str) -> dict[str, Any]:
        talk = talks.interview(kind="", full_transcript_allowed=True)
        InterviewContributor.objects.filter(interview=talk, role="parent").update(person=self.person(key))
        cues = Cue.objects.filter(interview=talk)
        whole = self.word("conversation", key, ((OWNER, "full_transcript"),))
        cues.filter(position=4).update(text=f"Her speech has not changed, {whole} neither.")
        cues.filter(position=2).update(text=f"No one had promised {self.word('quote', key, QUOTE)} anything.")
        return talks.quote(talks.excerpt(talk, 2), speaker=self.faces[key].name)

    def _video(self, key: str) -> None:
        title = self.word("text", key, TEXT)
        page = make.VideoPageFactory(
            live=False,
            title=f"A film of {title}",
            slug=f"film-{title}",
            summary=f"Now {self.word('text', key, TEXT)} sits.",
            recording=self.recording(key),
            picture_id=self.faces[key].picture,
            **self._shared(key),
        )
        self.register(page, key)

    def _case(self, key: str) -> None:
        title = self.word("text", key, TEXT)
        document = make.DocumentFactory(title=f"Report of {key}", file=self.document(key))
        page = CaseStudyPageFactory(
            whole=True,
            live=False,
            title=f"{title}: spastic diplegia in a 7 year old, 12 months after cord blood cells: case report",
            slug=f"case-{title}",
            plain_summary=f"Now {self.word('text', key, TEXT)} could stand.",
            person=self.person(key),
            perspective=f"Now {self.word('quote', key, TEXT)} does her exercises.",
            conditions=[self.conditions[0]],
            documents=[{"title": f"Letter {self.word('text', key, TEXT)}", "document": document}],
            observations=[{"measure": f"{self.word('text', key, TEXT)} scale", "months": 0, "value": "1"}],
        )
        self.register(page, key)

    def register(self, page: Any, key: str) -> None:
        """Note that all that is known of someone so far may be on a page, and publish it."""
        known = self.agreed.canaries.items()
        self.content.words[page.pk] = {what for what, canary in known if key in canary.people}
        page.save_revision().publish()

    # Consents ---------------------------------------------------------------------------------------------------

    def give(self, key: str, uses: set[str], hours: int) -> None:
        """Record a consent as if it had been signed long ago."""
        start = timezone.now() - timedelta(days=30)
        end = later(timezone.now(), hours)
        made = Consent.objects.create(
            person=self.person(key),
            form=self.form,
            starts_at=start,
            until=end,
            signed_on=start.date(),
            **{field_of(use): use.value in uses for use in Use},
            **dict.fromkeys(UNDERSTOOD, True),
        )
        self.agreed.given.append(Given(made.pk, key, set(uses), start, end))

    def copy_of_records(self) -> tuple[Agreed, Content]:
        return deepcopy(self.agreed), deepcopy(self.content)


def painted(colour: tuple[int, int, int]) -> ContentFile:
    """Return a picture of one colour."""
    return make.png(96, 72, "#" + "".join(f"{part:02x}" for part in colour))


def film(colour: tuple[int, int, int]) -> bytes:
    """Return a third of a second of one colour."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="webm") as container:
        stream: Any = container.add_stream("libvpx", rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _number in range(4):
            frame = av.VideoFrame.from_image(Image.new("RGB", (64, 36), colour))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return buffer.getvalue()


def _editor() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("editor", "editor@example.org", "only-for-tests"))
    return client


def _trainee() -> Client:
    """Return the client of someone who changes pictures and may publish nothing."""
    group = Group.objects.create(name="Trainees")
    root = Collection.get_first_root_node()
    for name in ("add_image", "change_image", "choose_image"):
        found = Permission.objects.get(content_type__app_label="wagtailimages", codename=name)
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=found)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = User.objects.create_user("trainee", "trainee@example.org", "x")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client
