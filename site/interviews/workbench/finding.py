"""Finds words that may identify a person, and conditions that are mentioned.

Results are cached by content.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache

from conditions.models import Condition, ConditionName
from conditions.suggestions import Lexicon, suggest
from deidentification.identifier_rule import country_names
from deidentification.identifiers import Finding, find
from interviews.models import Cue, Interview
from interviews.services import interviewers
from interviews.workbench.offsets import to_utf16

RULES = (
    1  # raise this when the rules of identifiers or suggestions change: cached results then no longer count
)
KEPT_FOR = 24 * 3600  # seconds
MOST_PLACES = 12  # of a condition; the number of all places is sent too


def findings(interview: Interview, cues: Iterable[Cue]) -> dict[int, list[Finding]]:
    """Return what may identify a person, by key of the cue. Cues without findings are left out."""
    names, countries = interview.known_names(), country_names()
    found = {cue.pk: find(cue.text, names, countries=countries) for cue in cues}
    return {pk: listed for pk, listed in found.items() if listed}


def found_in(interview: Interview, cue: Cue) -> list[Finding]:
    """Return what may identify a person in one cue."""
    return findings(interview, [cue]).get(cue.pk, [])


def search(interview: Interview) -> dict[str, Any]:
    """Return {"identifiers": [[cue, at, end, kind, reason, neutral form]], "conditions": [{id, name, places,
    hits}]}.

    A hit is [cue, at, end, sentence]. The result is cached under a digest of everything that it depends on.
    """
    cues = list(interview.cues.order_by("position").only("pk", "interview", "speaker", "text"))
    asking = interviewers(interview)
    called = names_of_conditions()
    digest = hashlib.sha256(
        json.dumps(
            [
                RULES,
                [[name.name, name.role, name.neutral] for name in interview.known_names()],
                sorted(asking),
                [[cue.pk, cue.speaker, cue.text] for cue in cues],
                called,
            ]
        ).encode()
    ).hexdigest()
    key = f"workbench-findings:{interview.pk}:{digest}"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is None:
        own = [cue for cue in cues if cue.speaker not in asking]
        kept = {"identifiers": _identifiers(interview, cues), "conditions": _conditions(own, called)}
        cache.set(key, kept, KEPT_FOR)
    return kept


def names_of_conditions() -> dict[int, list[str]]:
    """Return the names of each condition by its key: its own name first, then its other names."""
    called: defaultdict[int, list[str]] = defaultdict(list)
    for pk, name in Condition.objects.order_by("pk").values_list("pk", "name"):
        called[pk].append(name)
    for term, name in ConditionName.objects.order_by("pk").values_list("term_id", "name"):
        called[term].append(name)
    return dict(called)


def _identifiers(interview: Interview, cues: list[Cue]) -> list[list[Any]]:
    texts = {cue.pk: cue.text for cue in cues}
    return [
        [
            pk,
            to_utf16(texts[pk], one.at),
            to_utf16(texts[pk], one.end),
            one.kind,
            one.reason,
            one.neutral,
        ]
        for pk, found in findings(interview, cues).items()
        for one in found
    ]


def _conditions(cues: list[Cue], called: dict[int, list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.term,
            "name": called[one.term][0],
            "places": len(one.hits),
            "hits": [
                [
                    cues[hit.text].pk,
                    to_utf16(cues[hit.text].text, hit.at),
                    to_utf16(cues[hit.text].text, hit.end),
                    hit.sentence,
                ]
                for hit in one.hits[:MOST_PLACES]
            ],
        }
        for one in suggest([cue.text for cue in cues], Lexicon(called))
    ]
