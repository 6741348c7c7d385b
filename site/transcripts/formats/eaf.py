"""ELAN annotation files (EAF): one tier for each speaker, times in milliseconds. Pure.

Tiers that depend on another one (translations, glosses, words) are left out and listed.
Source: the EAF schema, https://www.mpi.nl/tools/elan/EAFv3.0.xsd
"""

from __future__ import annotations

from itertools import pairwise
from xml.etree.ElementTree import Element

from transcripts.cues import Cue, TranscriptRead, Unused, joined
from transcripts.formats.xml_tree import local, tree


def read(text: str, _name: str = "") -> TranscriptRead:
    """Return the cues of all tiers that do not depend on another, in order of time."""
    root = tree(text, "file from ELAN")
    slots = _slots(root)
    cues: list[Cue] = []
    unused: list[Unused] = []
    for number, tier in enumerate((one for one in root.iter() if local(one) == "tier"), 1):
        said = [_cue(one, tier, slots) for one in tier.iter() if local(one) == "alignable_annotation"]
        if tier.get("PARENT_REF"):
            if any(local(one) == "annotation_value" and one.text for one in tier.iter()):
                reason = f"The tier depends on the tier {tier.get('PARENT_REF')}, such as a translation."
                unused.append(Unused(number, tier.get("TIER_ID", ""), reason))
            continue
        cues += [cue for cue in said if cue.text]
    cues.sort(key=lambda cue: (cue.start or 0.0, cue.end or 0.0))
    return TranscriptRead("eaf", cues, unused)


def _slots(root: Element) -> dict[str, float | None]:
    """Return the seconds of each time slot; a slot without a time is placed between its neighbours."""
    slots = [one for one in root.iter() if local(one) == "time_slot"]
    times: list[float | None] = [_seconds(one.get("TIME_VALUE", "")) for one in slots]
    known = [index for index, at in enumerate(times) if at is not None]
    for left, right in pairwise(known):
        start, end = times[left] or 0.0, times[right] or 0.0
        for index in range(left + 1, right):
            times[index] = round(start + (end - start) * (index - left) / (right - left), 3)
    return {one.get("TIME_SLOT_ID", ""): at for one, at in zip(slots, times, strict=True)}


def _seconds(value: str) -> float | None:
    return int(value) / 1000 if value.isascii() and value.isdigit() and len(value) < 12 else None


def _cue(annotation: Element, tier: Element, slots: dict[str, float | None]) -> Cue:
    words = joined("".join(one.itertext()) for one in annotation if local(one) == "annotation_value")
    start = slots.get(annotation.get("TIME_SLOT_REF1", ""))
    end = slots.get(annotation.get("TIME_SLOT_REF2", ""))
    speaker = tier.get("PARTICIPANT", "").strip() or tier.get("TIER_ID", "").strip()
    if start is None:
        return Cue(None, None, speaker, words)
    return Cue(start, end if end is not None and end >= start else start, speaker, words)
