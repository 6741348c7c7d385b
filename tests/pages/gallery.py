"""Every component with sample values on one page: for axe, for the validator, and to look at."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path
from django.utils import translation
from django.utils.safestring import mark_safe

from config.urls import urlpatterns as site_urls
from pages.cards import Card
from pages.listing import Facet, Listing, Sort

TEMPLATE = Path(__file__).with_name("gallery.html")


class SampleForm(forms.Form):
    name = forms.CharField(label="Your name", required=False)
    age = forms.IntegerField(
        label="How old was the patient?",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        help_text="In years.",
        error_messages={"invalid": "Write a number"},
    )
    how = forms.ChoiceField(
        label="How do you want to tell it?",
        choices=[("write", "I will write it"), ("call", "Please call me")],
        widget=forms.RadioSelect,
    )
    before = forms.CharField(label="What could the patient do before?", widget=forms.Textarea)
    agree = forms.BooleanField(label="I agree to be contacted", help_text="You can change your mind.")
    where = forms.ChoiceField(label="Country", choices=[("pt", "Portugal"), ("ke", "Kenya")])
    token = forms.CharField(widget=forms.HiddenInput, required=False)


CARDS = [
    Card(
        url="/experiences/ines/",
        title="“She counts the stairs now”",
        who="Ines, 6 · Portugal",
        text="A year on, Ines climbs the stairs at home with one hand on the rail. Her speech has not changed.",
        tone="honey",
        outcome="good",
        outcome_text="Some improvement",
        followed_months=12,
        visits=[3, 6, 12],
        is_sample=True,
        why="Same treatment, other outcome",
    ),
    Card(
        url="/experiences/daniel/",
        title="“Nothing changed, and I still want to tell it”",
        who="Daniel, 11 · Kenya",
        text="His father kept a notebook for a year.",
        tone="sky",
        outcome="same",
        outcome_text="No change",
        followed_months=12,
        why="Same treatment, no change",
    ),
    Card(
        url="/experiences/aarav/",
        title="The second year was harder than the first",
        who="Aarav, 9 · India",
        kind="Video",
        tone="clay",
        outcome="worse",
        outcome_text="Worse after 30 months",
        followed_months=30,
        visits=[6, 12, 24, 30],
    ),
    Card(
        url="/experiences/najib/", title="Najib sits on his own", outcome="none", outcome_text="Not known yet"
    ),
    Card(url="/about/", title="A page with nothing but a title"),
]


def sample_listing(params: dict[str, list[str]]) -> Listing[Card]:
    countries = {"Portugal": "Portugal", "Kenya": "Kenya", "India": "India"}
    return Listing(
        rows=CARDS * 5,
        facets=[
            Facet("country", "Country", lambda card: [card.who.split(" · ")[-1]], countries, open=True),
            Facet(
                "outcome",
                "What happened",
                lambda card: [card.outcome],
                {"good": "Some improvement", "same": "No change", "worse": "Worse", "none": "Not known yet"},
            ),
        ],
        params=params,
        sorts=[
            Sort("title", "Title", lambda card: card.title),
            Sort("country", "Country", lambda card: card.who),
        ],
        per_page=4,
        text_of=lambda card: card.title,
    )


def sample_recording(*, is_video: bool) -> SimpleNamespace:
    """What components/player.html reads of a recording: ten seconds, three lines."""
    said = [(0, "Interviewer", "How many stairs are there?"), (3, "Ines", "Fourteen."), (6, "", "[laughs]")]
    lines = [
        SimpleNamespace(
            seconds=at,
            stamp=f"00:0{at}",
            anchor=f"t{at}",
            speaker=who,
            text=text,
            is_sound=text.startswith("["),
        )
        for at, who, text in said
    ]
    return SimpleNamespace(
        is_video=is_video,
        can_be_played=True,
        url=f"/gallery/{'film' if is_video else 'sound'}.wav",
        content_type="audio/wav",
        title="Interview with Marta and Ines" if is_video else "Marta speaks",
        length="10 seconds",
        captioned_in="English",
        file_size=80_044,
        lines=lines,
        transcript="",
        track=SimpleNamespace(language="en", url="/gallery/film.vtt"),
        tracks=SimpleNamespace(all=list),
    )


def silence(request: HttpRequest, name: str) -> HttpResponse:
    """Ten seconds of silence, a part of it when a part is asked for: without parts a browser cannot seek."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 80_000)
    body = file.getvalue()
    start, _, end = request.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
    first, last = int(start), int(end or len(body) - 1)
    response = HttpResponse(body[first : last + 1], status=206, content_type="audio/wav")
    response["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
    response["Accept-Ranges"] = "bytes"
    return response


def sample_context(request: HttpRequest) -> dict[str, Any]:
    listing = sample_listing(dict(request.GET.lists()))
    return {
        "listing": listing,
        "cards": CARDS,
        "form": SampleForm() if "blank" in request.GET else SampleForm({"age": "six", "name": "Marta"}),
        "mix": {"good": 11, "mixed": 1, "same": 7, "worse": 2, "none": 2},
        "parts": [("h-cards", "Cards"), ("h-reading", "Reading"), ("h-forms", "Forms")],
        "facts": [("Patient", "Ines, 6 at treatment"), ("Country", "Portugal"), ("Not given", ""),
                  ("What changed", mark_safe('<span class="out good">Stairs</span>'))],
        "entries": [
            {"when": "3 months before", "text": "Stands if she holds the table.", "part": "before",
             "source": "Measured by her physiotherapist"},
            {"when": "Treatment", "text": "Six packets in 26 days.", "part": "treatment"},
            {"when": "12 months", "text": "Climbs 14 stairs.", "part": "after", "date": "spring",
             "outcome": "mixed", "outcome_text": "Mixed"},
        ],
        "questions": [
            {"id": "help", "question": "Will it help my child?", "answer": mark_safe("<p>We cannot know.</p>")},
            {"id": "soon", "question": "How soon?", "answer": mark_safe("<p>Some see no change at all.</p>")},
        ],
        "links": [SimpleNamespace(url="/hospitals/", text="Search for a hospital", hint="Where treatment is given"),
                  SimpleNamespace(url="/doctors/", text="Search for a doctor", hint="")],
        "news": [("/news/a/", "We now show how many people were lost to follow-up", "20 May 2026"),
                 ("/news/b/", "A plain summary of the report", "11 April 2026")],
        "rows": [["Before", 2], ["After", 4]],
        "headings_": ["When", "Hours"],
        "rich": mark_safe("<p>Ask for <b>one written price</b> with everything in it.</p>"),
        "found": mark_safe("His parents say that he can now <mark>sit</mark> on his own."),
        "typed": 'a "word" & <b>',
        "film": sample_recording(is_video=True),
        "sound": sample_recording(is_video=False),
        "tries": ["cerebral palsy", "sitting & standing"],
    }  # fmt: skip


def gallery(request: HttpRequest) -> HttpResponse:
    """`?language=ar` turns the page round, `?blank` shows the form before it was sent; the other names are
    those of the sample listing.
    """
    template = Template(TEMPLATE.read_text())
    with translation.override(request.GET.get("language", "en")):
        return HttpResponse(template.render(RequestContext(request, sample_context(request))))


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/<str:name>.wav", silence),
    *site_urls,
]
