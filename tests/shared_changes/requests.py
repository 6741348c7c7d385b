"""What the tests of shared changes send and see."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from media.models import Picture, Recording

NAME = "Quillon Abernathyson"
ALT = "A girl climbs the stairs with one hand on the rail."
NEW = "A girl on the fourth stair, looking back at us."


def form(picture: Picture, **values: Any) -> dict[str, Any]:
    return {
        "title": picture.title,
        "alt_text": picture.alt_text,
        "credit": picture.credit,
        "collection": picture.collection_id,
        "tags": "",
        **values,
    }


def edit(client: Client, picture: Picture, **values: Any) -> Any:
    address = reverse("wagtailimages:edit", args=[picture.pk])
    return client.post(address, form(picture, **values), follow=True)


def seen(page: Any) -> str:
    response = Client().get(page.url)
    assert response.status_code == 200
    return response.content.decode()


def other_film() -> ContentFile:
    import io

    import av
    from PIL import Image

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _number in range(6):
            for packet in stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 36), "crimson"))):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return ContentFile(buffer.getvalue(), name="other.webm")


def post_recording(client: Client, recording: Recording, **values: Any) -> Any:
    data = {
        "title": recording.title,
        "collection": recording.collection_id,
        "tags": "",
        "transcript": recording.transcript,
    }
    return client.post(reverse("wagtailmedia:edit", args=[recording.pk]), {**data, **values}, follow=True)
