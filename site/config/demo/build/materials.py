"""Pictures, recordings and documents, from the files in `demo/media`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile

from config.demo.build.workshop import Workshop
from config.demo.content import HERE
from media.models import CaptionTrack, Document, Picture, Recording
from media.renditions import prefetch

MEDIA = HERE / "media"


def make_materials(workshop: Workshop) -> None:
    for key, entry in workshop.content.pictures.items():
        if entry.get("poster"):
            continue
        workshop.once(f"picture-{key}", partial(make_picture, workshop, key))
    for key in workshop.content.recordings:
        workshop.once(f"recording-{key}", partial(make_recording, workshop, key))
    workshop.once("document-report", make_report)


def file_of(path: Path) -> ContentFile[bytes]:
    return ContentFile(path.read_bytes(), name=path.name)


def make_picture(workshop: Workshop, key: str) -> Picture:
    entry = workshop.content.pictures[key]
    picture = Picture(
        title=entry["title"],
        alt_text=entry["alt"],
        credit=workshop.content.picture_credit,
        file=file_of(MEDIA / "pictures" / f"{key}.webp"),
    )
    picture.full_clean(exclude=["collection"])
    picture.save()
    return picture


def make_recording(workshop: Workshop, key: str) -> Recording:
    entry = workshop.content.recordings[key]
    ending = "mp4" if entry["kind"] == "video" else "m4a"
    recording = Recording(
        title=entry["title"], type=entry["kind"], file=file_of(MEDIA / "recordings" / f"{key}.{ending}")
    )
    if entry["kind"] == "video" and (poster := MEDIA / "pictures" / f"poster-{key}.webp").exists():
        recording.thumbnail = file_of(poster)
    recording.save()
    language = entry["language"]
    CaptionTrack.objects.create(
        recording=recording,
        language=language,
        label=entry["label"],
        default=True,
        file=file_of(MEDIA / "recordings" / f"{key}.{language}.vtt"),
    )
    return recording


def make_report() -> Document:
    document = Document(
        title="Descriptive Statistical Report on Cerebral Palsy and Cell Therapy (sample)",
        file=file_of(MEDIA / "documents" / "descriptive-statistical-report.pdf"),
    )
    document.save()
    return document


def make_renditions(workshop: Workshop) -> None:
    """The sizes that the home page and the lists show, so that the first reader does not wait for them.

    All other sizes are made by the task worker: each saved picture has put that on its list.
    """
    content = workshop.content

    def build() -> None:
        opening = workshop.find(f"picture-{content.site['home']['picture']}")
        prefetch([opening], ("cover",))
        for key in sorted(content.openings()):
            prefetch([workshop.find(f"picture-{key}")], ("card",))

    workshop.once("renditions", build)
