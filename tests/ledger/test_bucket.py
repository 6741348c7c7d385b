"""The ledger in a bucket: one object for each decision, behind the real protocol (moto's server)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.actors import Actor
from ledger import accepting, guard, stores
from ledger.models import LedgerEntry
from tests import factories as make
from tests.operating.processes import KEYS, object_store
from withdrawal.services import withdraw

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.system("test")


@pytest.fixture
def bucket(
    settings: Any, ledger_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    monkeypatch.setattr(stores, "PATIENCE", 60.0)  # the machine of the tests may be busy
    with object_store(tmp_path) as address:
        options = {
            "endpoint_url": address,
            "region_name": "us-east-1",
            "access_key": KEYS["aws_access_key_id"],
            "secret_key": KEYS["aws_secret_access_key"],
            "bucket_name": "firsthand-private",
            "location": "private",
        }
        private = {"BACKEND": "config.buckets.Bucket", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "private": private}
        settings.LEDGER_FILE = ""
        yield stores.BucketStore._bucket()


def test_a_bucket_keeps_the_ledger(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert guard.check() == guard.Comparison()
    consents = [make.consent(make.PersonFactory()) for _number in range(3)]
    first, second = (withdraw(consent=consent, by=BY, channel="editor") for consent in consents[:2])
    assert stores.store().read().ids == {str(first.number), str(second.number)}
    assert guard.check() == guard.Comparison()

    # Nothing that is known is read again.
    contents = stores.store().read({str(first.number)})
    assert [entry.id for entry in contents.entries] == [str(second.number)]

    # A bucket that does not answer holds up no withdrawal for long.
    with monkeypatch.context() as slow:
        slow.setattr(stores, "PATIENCE", 0.1)
        slow.setattr(stores.BucketStore, "_append", lambda *_given: time.sleep(1))
        third = withdraw(consent=consents[2], by=BY, channel="editor")
    assert not LedgerEntry.objects.get(pk=third.number).is_written
    assert guard.check().written == 1

    # An object that is removed or altered is noticed; an accepted ledger holds everything.
    (key,) = (item.key for item in bucket.objects.all() if str(first.number) in item.key)
    text = bucket.Object(key).get()["Body"].read()
    bucket.Object(key).delete()
    assert [problem.code for problem in guard.check().problems] == ["lacking"]
    bucket.Object(key).put(Body=text.replace(b"editor", b"letter"))
    LedgerEntry.objects.filter(pk=first.number).delete()
    assert [problem.code for problem in guard.check().problems] == ["altered"]
    accepting.accept(by=BY, reason="an object was altered")
    assert guard.is_open()
    assert stores.store().read().ids == {str(second.number), str(third.number)}
    bucket.Object(stores.BucketStore.CURRENT).delete()
    assert [problem.code for problem in guard.check().problems] == ["missing"]
