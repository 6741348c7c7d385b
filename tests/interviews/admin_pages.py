"""Transcripts, uploads and page readers for tests of the interviews' admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from interviews import services
from interviews.importing import import_transcript
from interviews.models import (
    Excerpt,
    Interview,
)
from media.storage import private_storage
from transcripts import read

if TYPE_CHECKING:
    from django.test import Client

VTT = """WEBVTT

00:00.000 --> 00:02.000
<v Interviewer>How did the year after begin?

00:02.000 --> 00:06.000
<v Speaker 2>Um, with the stairs. She went up by herself.

00:06.000 --> 00:09.000
<v Interviewer>And the school?

00:09.000 --> 00:12.000
<v Speaker 2>She has two friends there & a dog <i>nearby</i>.

00:99:99 --> broken
"""
LIST = "/admin/interviews/"
ADD = "/admin/interviews/add/"


def uploaded(data: bytes | str = VTT, name: str = "marta.vtt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Marta on the year after",
        "language": "en",
        "contributors-TOTAL_FORMS": 0,
        "contributors-INITIAL_FORMS": 0,
        "contributors-MIN_NUM_FORMS": 0,
        "contributors-MAX_NUM_FORMS": 1000,
        **fields,
    }


def page(response: Any) -> BeautifulSoup:
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def one(soup: Any, selector: str) -> Any:
    """Return the first element of `selector`; it must exist."""
    found = soup.select_one(selector)
    assert found is not None, selector
    return found


def text(response: Any) -> str:
    return " ".join(page(response).get_text(" ").split())


def inputs(response: Any) -> dict[str, str]:
    """Return the fields that the preview's form would post, without its buttons."""
    soup = page(response)
    found = {str(tag["name"]): str(tag.get("value", "")) for tag in soup.select("main form input[name]")}
    for select in soup.select("main form select[name]"):
        chosen = select.select_one("option[selected]")
        found[str(select["name"])] = str(chosen["value"]) if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def import_url(interview: Interview) -> str:
    return reverse("interviews_import", args=[interview.pk])


def transcribed(title: str = "Marta", source: str = VTT) -> Interview:
    interview = Interview.objects.create(title=title)
    data = source.encode()
    import_transcript(interview=interview, read=read(data, "a.vtt"), by=None, source=data, filename="a.vtt")
    return Interview.objects.get(pk=interview.pk)


def marked(interview: Interview, position: int, by: User) -> Excerpt:
    cue = interview.cues.get(position=position)
    return services.make_excerpt(
        interview=interview, start=(cue.pk, 0), end=(cue.pk, len(cue.text)), section="before", by=by
    )


def kept_uploads() -> list[str]:
    storage = private_storage()
    try:
        days = storage.listdir("imports")[0]
    except OSError:
        return []
    return [f"{day}/{name}" for day in days for name in storage.listdir(f"imports/{day}")[1]]


def upload(client: Client, interview: Interview, *files: SimpleUploadedFile) -> Any:
    return client.post(import_url(interview), {"transcript": list(files), "upload": "1"}, follow=True)
