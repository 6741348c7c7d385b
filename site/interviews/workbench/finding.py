"""What may identify somebody and which conditions the words speak of: searched once for the same words, then kept."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from functools import cache as once
from typing import Any

from django.core.cache import cache
from django.utils import translation
from django_countries import countries

from conditions.models import Condition, ConditionName
from conditions.suggestions import Lexicon, suggest
from interviews.identifiers import Finding
from interviews.models import Cue, Interview
from interviews.services import findings, interviewers
from interviews.workbench.offsets import to_utf16

RULES = 1  # raise it when the rules of identifiers.py or suggest.py change: what was found before is then searched anew
KEPT_FOR = 24 * 3600
MOST_PLACES = 12  # of a condition; the number of all of them is told as well


@once
def country_names() -> frozenset[str]:
    """The names of all countries in English, case-folded: these may stay in a story."""
    with translation.override("en"):
        return frozenset(str(name).casefold() for _code, name in countries)


def found_in(interview: Interview, cue: Cue) -> list[Finding]:
    """What may identify somebody in one cue."""
    return findings(interview, [cue], country_names()).get(cue.pk, [])


def search(interview: Interview) -> dict[str, Any]:
    """{"identifiers": [[cue, at, end, kind, reason, neutral form]], "conditions": [{id, name, places, hits}]}.

    A hit is [cue, at, end, sentence]. The same words are searched once: what was found is kept in the cache under a
    digest of everything it follows from.
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
    """By key of the condition: its own name first, then all that people call it."""
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
        for pk, found in findings(interview, cues, country_names()).items()
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
