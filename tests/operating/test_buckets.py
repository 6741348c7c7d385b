"""Files in S3-compatible buckets, behind the real protocol (moto's server): all that the disk can, buckets can."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import Client

from audit.actors import Actor
from config import health
from config.buckets import PublicBucket
from media import public_names
from media.storage import files_below, private_storage, public_storage
from tests import factories as make
from tests.journeys.test_surfaces import by_client, shown
from tests.operating.processes import KEYS, object_store
from tests.withdrawal import rich as riches
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with object_store(tmp_path_factory.mktemp("moto")) as address:
        yield address


def bucket_settings(store: str, **public: str) -> dict[str, Any]:
    """What config.settings.base makes of the variables S3_..., with one bucket for both storages."""
    options = {
        "endpoint_url": store,
        "region_name": "us-east-1",
        "access_key": KEYS["aws_access_key_id"],
        "secret_key": KEYS["aws_secret_access_key"],
        "signature_version": "s3v4",
        "file_overwrite": False,
        "bucket_name": "firsthand-public",
    }
    return {
        "default": {
            "BACKEND": "config.buckets.PublicBucket",
            "OPTIONS": {**options, "location": "public", **public},
        },
        "private": {
            "BACKEND": "config.buckets.Bucket",
            "OPTIONS": {**options, "location": "private", "querystring_auth": True},
        },
    }


@pytest.fixture
def buckets(store: str, settings: Any) -> Iterator[None]:
    settings.STORAGES = {**settings.STORAGES, **bucket_settings(store)}
    yield
    for alias in ("default", "private"):
        bucket: Any = storages[alias]
        bucket.bucket.objects.all().delete()


@pytest.mark.usefixtures("buckets")
def test_everything_of_a_person_is_served_from_a_bucket_and_withdrawn_from_it(client: Client) -> None:
    rich = riches.build(client)
    theirs = rich.bytes()
    assert len(theirs) > 10
    ask = by_client(client)
    urls = [url for kind, found in rich.kinds.items() if kind not in {"old slug", "search"} for url in found]
    assert all(url.startswith("/") for url in urls), "no address of the bucket"
    assert [url for url in urls if not shown(ask(url), theirs) and "/documents/" not in url] == []

    # Everything is where the database says, and nothing else is removed: originals are in the same bucket.
    originals = set(files_below(private_storage(), ""))
    assert originals
    assert public_names.remove_stray_files() == []
    assert set(files_below(private_storage(), "")) == originals

    done = withdraw(consent=rich.consent, by=Actor.system("test"), channel="editor")
    assert done.finished_at, [(step.surface, step.error) for step in done.steps.all()]
    assert {url: found for url in urls if (found := shown(ask(url), theirs))} == {}
    left = riches.public_files() - rich.files_before
    assert left == set(), "nothing of theirs is in the bucket"
    assert set(files_below(private_storage(), "")) >= originals, "originals are only removed by an erasure"
    file = next(url for url in urls if url.endswith(".mp4"))
    assert client.get(file).status_code == 410


@pytest.mark.usefixtures("buckets")
def test_a_lost_copy_is_written_again(client: Client) -> None:
    story = make.StoryPageFactory(picture=make.PictureFactory(file=make.png(300, 200)))
    client.get(story.url)
    names = sorted(riches.public_files())
    assert names
    for name in names:
        public_storage().delete(name)
    call_command("refresh_public_files", json=True, stdout=io.StringIO())
    again = riches.public_files()
    assert {name.rsplit("/", 1)[0] for name in again} == {name.rsplit("/", 1)[0] for name in names}


@pytest.fixture
def film(buckets: None) -> tuple[str, bytes]:
    """The address of a public clip-like file, and its bytes."""
    document: Any = make.DocumentFactory(file=ContentFile(make.PDF, name="report.pdf"))
    make.StandardPageFactory(title="Report", body=[{"type": "document", "value": {"document": document.pk}}])
    document.refresh_from_db()
    # The public copy, which is a cleaned one.
    with public_storage().open(document.url.removeprefix("/files/")) as file:
        return document.url, file.read()


def test_ranges_conditions_and_what_is_missing(client: Client, film: tuple[str, bytes]) -> None:
    url, content = film
    whole: Any = client.get(url)
    assert whole.status_code == 200
    assert whole.getvalue() == content
    assert whole.headers["Content-Length"] == str(len(content))
    assert whole.headers["Content-Type"] == "application/pdf"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in whole.headers["Cache-Control"]

    part: Any = client.get(url, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.getvalue()) == (206, content[2:6])
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(content)}"
    assert client.get(url, headers={"Range": "bytes=999999999-"}).status_code == 416
    assert client.get(url, headers={"Range": "bytes=2-5", "If-Range": '"other"'}).status_code == 200
    same = client.get(url, headers={"If-None-Match": whole.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    head = client.head(url)
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, str(len(content)), b"")

    assert client.get(url + "x").status_code == 404
    public_storage().delete(url.removeprefix("/files/"))
    assert client.get(url).status_code == 404


def test_nginx_is_told_which_object_to_send(client: Client, film: tuple[str, bytes], settings: Any) -> None:
    settings.FILES_ACCEL = "/bucket/"
    url, _content = film
    answer = client.get(url)
    where = answer.headers["X-Accel-Redirect"]
    assert where.startswith(f"/bucket/firsthand-public/public/{url.removeprefix('/files/')}?")
    assert "X-Amz-Signature=" in where
    assert "response-content-type=application%2Fpdf" in where
    assert client.get(url + "x").status_code == 404


@pytest.mark.usefixtures("buckets")
def test_the_bucket_is_ready_and_left_as_it_was() -> None:
    for alias in ("default", "private"):
        health.check_storage(storages[alias])
        assert list(files_below(storages[alias], "")) == []


def test_addresses_of_files(store: str) -> None:
    options = bucket_settings(store)["default"]["OPTIONS"]
    assert PublicBucket(**options).url("shown/pictures/a b.jpg") == "/files/shown/pictures/a%20b.jpg"
    elsewhere = PublicBucket(**options, public_url="https://files.example.org/")
    assert elsewhere.url("shown/a.jpg") == "https://files.example.org/shown/a.jpg"


def test_one_connection_for_all_threads_and_none_in_a_copy(store: str) -> None:
    bucket = PublicBucket(**bucket_settings(store)["default"]["OPTIONS"])
    assert bucket.connection is bucket.connection
    assert copy.copy(bucket).connection is not bucket.connection
    prepared = PublicBucket(**bucket_settings(store)["default"]["OPTIONS"])
    prepared.prepare()
    made = prepared._prepared
    assert copy.copy(prepared).connection is not made
    assert prepared.connection is made
    assert list(prepared.bucket.objects.all()) == []


def test_files_on_the_disk_are_sent_by_nginx_too(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # other tests may have left files
    settings.FILES_ACCEL = "/stored/"
    story = make.StoryPageFactory(picture=make.PictureFactory(file=make.png(300, 200)))
    client.get(story.url)
    name = min(riches.public_files())
    answer = client.get(f"/files/{name}")
    assert answer.headers["X-Accel-Redirect"] == f"/stored/{name}"
    assert answer.content == b""
    assert client.get("/files/shown/pictures/unknown.jpg").status_code == 404
