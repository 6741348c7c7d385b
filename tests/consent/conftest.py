"""What the tests of consents share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consent.events import consent_changed


@pytest.fixture
def heard() -> Iterator[list[list[int]]]:
    """The people of every `consent_changed` that is sent."""
    sent: list[list[int]] = []
    consent_changed.connect(
        lambda people, **_rest: sent.append(sorted(people)), weak=False, dispatch_uid="test.heard"
    )
    yield sent
    consent_changed.disconnect(dispatch_uid="test.heard")
