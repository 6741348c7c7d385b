"""Acceptance: whatever happens on the site, everything public has consent in force for that very use.

Random acts of editors, people and time, one after the other; after each, a visitor without a login fetches
every address it ever saw. Who may be seen is known from the test's own records. EVENT_SEQUENCES sets how many
walks are tried (`make faults`: 200), EVENT_SEED where they begin; a failure prints the shortest walk that fails.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger import guard, stores
from tests.events.site import tell_own_changes
from tests.events.walk import Leak, Step, Tally, Walk, shortest, steps_of, walking

pytestmark = pytest.mark.django_db
SEQUENCES = int(os.environ.get("EVENT_SEQUENCES", "3"))
# In an ordinary run the walks are short too.
IN_EVERY_RUN = 3
SHORT = 10
FIRST = int(os.environ.get("EVENT_SEED", "1"))


# A function that does nothing, and what someone notices by.
BROKEN: list[tuple[str, list[Step]]] = [
    ("withdrawal.services.take_down", [("withdraw_person", 0, 0, 0)]),
    ("withdrawal.surfaces.mentions.remove_mentions", [("mention", 0, 0, 0), ("withdraw_person", 0, 0, 0)]),
    ("publication.mixins.redact", [("withdraw_person", 0, 1, 2)]),
]


@pytest.fixture
def walk(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    monkeypatch.setattr(guard, "RETRY_SECONDS", 3600.0)
    logging.disable(logging.ERROR)  # what is refused and gone is what is looked for
    tell_own_changes(monkeypatch)
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.LEDGER_FILE = str(tmp_path / "ledger.jsonl")
    with walking(tmp_path, Tally()) as made:
        yield made
    guard._problems = ()
    stores._stores.clear()
    logging.disable(logging.NOTSET)


def leak_of(walk: Walk, steps: list[Step]) -> str:
    """Return what is seen without consent on a walk, '' if nothing is."""
    try:
        walk.walk(steps)
    except Leak as leak:
        return str(leak)
    return ""


def test_everything_public_has_consent_in_force(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(FIRST, FIRST + SEQUENCES):
        steps = steps_of(seed)[: SHORT if SEQUENCES <= IN_EVERY_RUN else None]
        if first := leak_of(walk, steps):
            print(f"\nSeed {seed}, shortened now: {steps[: walk.at]}\n{first}", flush=True)
            found = shortest(steps[: walk.at], lambda part: bool(leak_of(walk, part)))
            listed = "\n".join(f"    {step}," for step in found)
            pytest.fail(f"Seed {seed}:\n{listed}\n{leak_of(walk, found)}")
        if SEQUENCES > IN_EVERY_RUN and seed % 10 == 0:
            print(f"{seed - FIRST + 1} walks", flush=True)
    print(f"\n{SEQUENCES} walks from seed {FIRST} on\n{walk.tally}\n{walk.visitor.fetched} addresses fetched")
    assert {"text", "quote", "caption", "face picture", "name", "tag"} <= walk.tally.seen.keys()

    # The visitor notices where the site does not do what was decided.
    for broken, steps in BROKEN:
        with monkeypatch.context() as patched:
            patched.setattr(broken, lambda *_given, **_named: [])
            assert leak_of(walk, steps), broken
