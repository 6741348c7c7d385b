"""Pictures, recordings and documents, from the files in `demo/media`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile

from attribution.models import ShowsNoOne
from demo.content import HERE
from demo.site_builder import SiteBuilder
from media.models import CaptionTrack, Document, Picture, Recording
from media.renditions import make

MEDIA = HERE / "media"


def make_materials(builder: SiteBuilder) -> None:
    for key, entry in builder.content.pictures.items():
        if entry.get("poster"):
            continue
        builder.once(f"picture-{key}", partial(make_picture, builder, key))
    for key in builder.content.recordings:
        builder.once(f"recording-{key}", partial(make_recording, builder, key))
    builder.once("document-report", make_report)


def file_of(path: Path) -> ContentFile[bytes]:
    return ContentFile(path.read_bytes(), name=path.name)


def make_picture(builder: SiteBuilder, key: str) -> Picture:
    entry = builder.content.pictures[key]
    picture = Picture(
        title=entry["title"],
        alt_text=entry["alt"],
        credit=builder.content.picture_credit,
        file=file_of(MEDIA / "pictures" / f"{key}.webp"),
    )
    picture.full_clean(exclude=["collection"])
    picture.save()
    # All pictures of the demo are drawings of objects.
    ShowsNoOne.objects.create(picture=picture)
    return picture


def make_recording(builder: SiteBuilder, key: str) -> Recording:
    entry = builder.content.recordings[key]
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


def make_renditions(builder: SiteBuilder) -> None:
    """Make the picture sizes of the home page and the lists in all formats.

    All other sizes are made by the task worker: saving a picture queues that task.
    """
    content = builder.content

    def build() -> None:
        lead = builder.find(f"picture-{content.site['home']['picture']}")
        make([lead, *(builder.find(f"picture-{key}") for key in sorted(content.lead_pictures()))])

    builder.once("renditions", build)
