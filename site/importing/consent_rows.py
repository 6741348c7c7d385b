"""Reads rows of a file of consents. No database."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from conditions.words import fold
from consent.models import Consent
from consent.uses import Use
from importing import cells
from importing.records import Refused, Row

SIGNERS = {"patient": "self", "parent": "guardian", "mother": "guardian", "father": "guardian"}
TEXTS = {
    "story": 200, "person": 200, "name": 200, "display_name": 80, "email": 254, "channel": 60, "scan": 500,
    "signed_by": 200, "assent_note": 1000, "capacity": 1000, "form": 300, "witness": 120, "collected_by": 120,
}  # fmt: skip
OTHERS = ("uses", "given_on", "ends_on", "birth_date", "birth_year", "signer", "legally_entitled", "assent",
          "understood", "only_this_story")  # fmt: skip
COLUMNS = frozenset({*TEXTS, *OTHERS})


@dataclass(frozen=True)
class ConsentRow:
    """One consent as a file describes it.

    `story`, `person`: ids of the archive; a person '#12' is the person with that number here. `name`: the
    real name. `scan`: the path of the signed form. `ends_on`: the last day on which it holds.
    """

    place: str
    uses: tuple[str, ...]
    given_on: dt.date
    story: str = ""
    person: str = ""
    name: str = ""
    display_name: str = ""
    email: str = ""
    channel: str = ""
    scan: str = ""
    signed_by: str = ""
    assent_note: str = ""
    capacity: str = ""
    form: str = ""
    witness: str = ""
    collected_by: str = ""
    ends_on: dt.date | None = None
    birth_date: dt.date | None = None
    birth_year: int | None = None
    signer: str = "self"
    assent: str = ""
    legally_entitled: bool = False
    understood: bool = False
    only_this_story: bool = False

    @property
    def subject(self) -> str:
        """Whom the row is about: the person's id in the archive, else the story's."""
        return f"person:{self.person}" if self.person else f"story:{self.story}"

    @property
    def starts_at(self) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.given_on, dt.time.min))

    @property
    def until(self) -> dt.datetime | None:
        if self.ends_on is None:
            return None
        return timezone.make_aware(dt.datetime.combine(self.ends_on + dt.timedelta(days=1), dt.time.min))

    def digest(self, scan: str) -> str:
        """Return the SHA-256 of the row wherever it stands, with the hash of the signed form."""
        written = {**asdict(self), "place": "", "scan": scan}
        return hashlib.sha256(json.dumps(written, sort_keys=True, default=str).encode()).hexdigest()


def column_of(heading: str) -> str | None:
    """Return our column for a heading, None if it is unknown."""
    name = "_".join(fold(heading).split())
    return name if name in COLUMNS else None


def consent_row(row: Row) -> ConsentRow:
    """Return the consent that a row describes. Raises Refused."""
    if row.problem:
        raise Refused(row.problem)
    given = row.cells
    texts = {name: cells.line(name, given.get(name), longest) for name, longest in TEXTS.items()}
    if not texts["story"] and not texts["person"]:
        raise Refused("The row names neither a story nor a person. Fill in ‘story’ with the id of the story.")
    given_on = cells.day("given_on", given.get("given_on"))
    if given_on is None:
        raise Refused("The row has no date. Fill in ‘given_on’ with the day on which the form was signed.")
    if given_on > timezone.localdate():
        raise Refused(f"‘given_on’ is {given_on}, which is in the future.")
    uses = _uses(given.get("uses"))
    if not uses:
        raise Refused(f"The row names no use. Fill in ‘uses’ with some of: {', '.join(Use.values)}.")
    return ConsentRow(
        place=row.place,
        uses=uses,
        given_on=given_on,
        ends_on=cells.day("ends_on", given.get("ends_on")),
        birth_date=cells.day("birth_date", given.get("birth_date")),
        birth_year=_year(given.get("birth_year")),
        signer=cells.choice("signer", given.get("signer"), Consent.Signer, SIGNERS) or "self",
        assent=cells.choice("assent", given.get("assent"), Consent.Assent, {"yes": "given", "no": "refused"}),
        legally_entitled=cells.yes_or_no("legally_entitled", given.get("legally_entitled") or ""),
        understood=cells.yes_or_no("understood", given.get("understood") or ""),
        only_this_story=cells.yes_or_no("only_this_story", given.get("only_this_story") or ""),
        **texts,
    )


def _uses(value: Any) -> tuple[str, ...]:
    given: Any = value.replace(",", ";") if isinstance(value, str) else value
    with override("en"):
        known = {fold(str(label)): str(use) for use, label in Use.choices}
    known |= {fold(str(use)): str(use) for use in Use.values}
    found = []
    for word in cells.several("uses", given or ""):
        if fold(word) not in known:
            raise Refused(f"‘uses’ has ‘{word[:40]}’. Write some of: {', '.join(Use.values)}.")
        found.append(known[fold(word)])
    return tuple(sorted(set(found)))


def _year(value: Any) -> int | None:
    words = cells.line("birth_year", value)
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and 1900 <= int(words) <= timezone.localdate().year):
        raise Refused(f"‘birth_year’ is ‘{words[:40]}’. Write a year like 1984.")
    return int(words)
