"""What people agreed to, as the test itself records it: plain data, without the site's own tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

USES = ("text", "quotes", "photo", "face", "voice", "video", "social_media", "translation", "full_transcript")
# In the needs of a canary: the person whose words they are.
OWNER = ""
Needs = tuple[tuple[str, str], ...]


@dataclass
class Given:
    """One consent. `number`: the site's, to find it in forms."""

    number: int
    person: str
    uses: set[str]
    start: datetime
    end: datetime | None = None
    withdrawn: set[str] = field(default_factory=set)

    def allows(self, use: str, now: datetime) -> bool:
        is_now = self.start <= now and (self.end is None or now < self.end)
        return is_now and use in self.uses - self.withdrawn


@dataclass
class Canary:
    """Something that betrays someone. `needs`: whose consent to which use shows it. `owners`: anyone of them
    may be the owner.
    """

    kind: str
    owners: set[str]
    needs: Needs

    @property
    def people(self) -> set[str]:
        return self.owners | {person for person, _use in self.needs} - {OWNER}


@dataclass
class Agreed:
    """Consents, and what they allow to be seen. `taken_back`: those who ever withdrew their words."""

    given: list[Given] = field(default_factory=list)
    canaries: dict[str, Canary] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    taken_back: set[str] = field(default_factory=set)

    def in_force(self, person: str, use: str, now: datetime) -> bool:
        if person in self.erased:
            return False
        return any(one.person == person and one.allows(use, now) for one in self.given)

    def allows(self, what: str, now: datetime) -> bool:
        canary = self.canaries[what]
        return any(
            all(self.in_force(person or owner, use, now) for person, use in canary.needs)
            for owner in canary.owners
        )

    def may_correct(self, owner: str, now: datetime) -> bool:
        """Return whether an editor may say that the words were not this person's but another one's."""
        return owner not in self.taken_back or self.in_force(owner, "text", now)

    def standing(self, person: str) -> list[Given]:
        """Return the consents of a person that are not wholly withdrawn."""
        return [one for one in self.given if one.person == person and one.uses - one.withdrawn]

    def withdraw(self, given: list[Given], uses: set[str]) -> None:
        for one in given:
            one.withdrawn |= uses or set(one.uses)
            if not uses or "text" in uses:
                self.taken_back.add(one.person)

    def with_what_came_later(self, now: Agreed) -> Agreed:
        """Return these records, of a database that was put back, with the decisions made since, which bind."""
        later = {one.number: one for one in now.given}
        for one in self.given:
            since = later[one.number]
            one.withdrawn |= since.withdrawn
            one.uses &= since.uses
            one.end = min((end for end in (one.end, since.end) if end), default=None)
        self.erased |= now.erased
        self.taken_back |= now.taken_back
        self.canaries = {**now.canaries, **self.canaries}
        return self


def later(now: datetime, hours: int) -> datetime | None:
    """Return the end of a consent that lasts so many hours, None for 0: it has no end."""
    return now + timedelta(hours=hours) if hours else None
