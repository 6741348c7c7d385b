"""The private recording: measured, served to editors only, deleted with its interview."""

from __future__ import annotations

import io
import re
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from interviews.models import Interview
from interviews.recordings import loudness, make_peaks, recording_saved, set_recording
from tests.interviews.sounds import tone

if TYPE_CHECKING:
    from django.test import Client


def recorded(data: bytes | None = None, name: str = "Anna Schmidt.MP4") -> Interview:
    interview = Interview(title="Marta on the year after")
    set_recording(interview, ContentFile(data or tone(), name=name))
    interview.save()
    return interview


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def someone(*codenames: str) -> User:
    user = User.objects.create_user("someone", password="x")
    permissions = Permission.objects.filter(codename__in=["access_admin", *codenames])
    user.user_permissions.set(permissions)
    return user


def test_loudness_follows_the_sound() -> None:
    peaks = loudness(io.BytesIO(tone(4.0, loud_until=2.0)), "mp3", 4.0)
    assert 990 <= len(peaks) <= 1100
    assert all(0 <= peak <= 1 for peak in peaks)
    assert min(peaks[100:450]) > 0.9
    assert max(peaks[600:900]) < 0.2


@pytest.mark.parametrize("guess", [0.0, 0.5, 1.0, 3.0])
def test_a_wrong_guess_of_the_length_gives_no_more_parts(guess: float) -> None:
    peaks = loudness(io.BytesIO(tone(4.0, loud_until=2.0)), "mp3", guess)
    assert 0 < len(peaks) <= 1100
    assert peaks[len(peaks) // 4] > 0.9
    assert peaks[len(peaks) * 3 // 4] < 0.2


def test_memory_does_not_grow_with_length() -> None:
    data = tone(120.0)
    used = []
    for seconds in (10, 120):
        source = io.BytesIO(data[: len(data) * seconds // 120])
        tracemalloc.start()
        loudness(source, "mp3", float(seconds))
        used.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert used[1] < used[0] + 500_000


@pytest.mark.django_db
def test_kind_length_and_name_are_read_from_the_content() -> None:
    interview = recorded()
    assert (interview.recording_kind, round(interview.duration or 0)) == ("audio", 2)
    assert re.fullmatch(r"interviews/[\w-]{22}/anna-schmidt\.mp3", interview.recording.name or "")


@pytest.mark.django_db
def test_what_is_no_recording_is_refused() -> None:
    with pytest.raises(ValidationError, match="not a recording"):
        set_recording(Interview(), ContentFile(b"#EXTM3U\nhttp://example.org/a.ts\n", name="call.mp3"))


@pytest.mark.django_db
def test_peaks_are_made_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        interview = recorded()
        recording_saved(interview)
        assert Interview.objects.get(pk=interview.pk).peaks == []
    assert len(Interview.objects.get(pk=interview.pk).peaks) > 900


@pytest.mark.django_db
def test_a_broken_recording_and_a_missing_one_leave_no_peaks_and_no_error() -> None:
    interview = recorded()
    interview.recording.storage.delete(interview.recording.name or "")
    make_peaks.call(interview.pk)
    make_peaks.call(interview.pk + 1)
    assert Interview.objects.get(pk=interview.pk).peaks == []


@pytest.mark.django_db
def test_a_replaced_recording_and_a_deleted_interview_leave_no_file(
    django_capture_on_commit_callbacks: Any,
) -> None:
    interview = recorded()
    storage, old = interview.recording.storage, interview.recording.name or ""
    with django_capture_on_commit_callbacks(execute=True):
        set_recording(interview, ContentFile(tone(1.0), name="b.mp3"))
        interview.save()
        recording_saved(interview, old)
        assert storage.exists(old)
    new = interview.recording.name or ""
    assert not storage.exists(old)
    assert storage.exists(new)
    with django_capture_on_commit_callbacks(execute=True):
        interview.delete()
    assert not storage.exists(new)


def test_an_editor_hears_it_whole_and_in_ranges(editor_client: Client) -> None:
    interview = recorded()
    address = reverse("interviews_recording", args=[interview.pk])
    assert address == f"/admin/interviews/{interview.pk}/recording/"
    whole = editor_client.get(address)
    assert whole.status_code == 200
    assert body(whole) == tone()
    part = editor_client.get(address, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert body(part) == tone()[100:200]
    assert part["Content-Range"] == f"bytes 100-199/{len(tone())}"
    assert editor_client.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
    for response in (whole, part):
        assert response["Content-Disposition"] == "inline"
        assert response["Content-Type"] == "audio/mpeg"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert editor_client.post(address).status_code == 405


def test_nothing_there_is_not_found(editor_client: Client) -> None:
    silent = Interview.objects.create(title="No recording")
    assert editor_client.get(reverse("interviews_recording", args=[silent.pk])).status_code == 404
    assert editor_client.get(reverse("interviews_recording", args=[silent.pk + 1])).status_code == 404


@pytest.mark.parametrize(
    "codenames", [(), ("view_interview",), ("add_interview", "delete_interview"), ("change_person",)]
)
def test_who_may_not_change_interviews_gets_none(
    codenames: tuple[str, ...], client: Client, db: None
) -> None:
    interview = recorded()
    client.force_login(someone(*codenames))
    assert client.get(reverse("interviews_recording", args=[interview.pk])).status_code == 404


def test_who_may_change_interviews_does(client: Client, db: None) -> None:
    client.force_login(someone("change_interview"))
    assert client.get(reverse("interviews_recording", args=[recorded().pk])).status_code == 200


@pytest.mark.django_db
def test_visitors_are_sent_to_the_login_whether_there_is_one_or_not(client: Client) -> None:
    for pk in (recorded().pk, 999_999):
        response = client.get(reverse("interviews_recording", args=[pk]))
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


@pytest.mark.django_db
def test_no_public_address_leads_to_it(client: Client) -> None:
    interview = recorded()
    name = interview.recording.name
    assert interview.recording.url == ""
    for address in (
        f"/files/{name}",
        f"/files/private/{name}",
        f"/files/../private/{name}",
        f"/files/%2e%2e/private/{name}",
        f"/{name}",
        f"/private/{name}",
        f"/static/{name}",
        f"/documents/{interview.pk}/{(name or '').rsplit('/', 1)[-1]}",
        f"/interviews/{interview.pk}/recording/",
    ):
        assert client.get(address).status_code == 404, address
