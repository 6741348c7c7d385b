"""What each made story says, by its number. The same number always gives the same story."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random
from typing import Any

from django_countries import countries

from demo.made import words
from demo.made.blocks import StoryBlocks
from demo.made.interviews import Interviews
from demo.made.layout import Keys, has_interview, place_of_story
from demo.made.materials import Materials, Term
from demo.made.pages import MadePage, Shown, published_at
from experiences import reading_time
from media.models import Picture
from pages.choices import Outcome

PICTURES = 6
TAGS = 3
# A story in a hundred: how it ended.
OUTCOMES = [
    (Outcome.GOOD, 52),
    (Outcome.MIXED, 17),
    (Outcome.SAME, 18),
    (Outcome.WORSE, 7),
    (Outcome.NONE, 6),
]
# Where families come from, most first.
COUNTRIES = [
    "US",
    "GB",
    "IN",
    "DE",
    "BR",
    "PL",
    "MX",
    "ES",
    "IT",
    "FR",
    "CA",
    "AU",
    "TR",
    "EG",
    "NL",
    "RO",
    "PT",
    "AR",
    "UA",
    "PK",
    "NG",
    "PH",
    "ID",
    "KE",
    "CO",
    "GR",
    "SE",
    "CZ",
    "HU",
    "IE",
    "BE",
    "AT",
    "CH",
    "DK",
    "NO",
    "FI",
    "IL",
    "SA",
    "AE",
    "MA",
    "DZ",
    "TN",
    "VN",
    "TH",
    "MY",
    "SG",
    "JP",
    "LT",
    "EE",
    "NZ",
    "CL",
    "PE",
    "EC",
    "VE",
    "BD",
    "LK",
    "NP",
    "GH",
    "ET",
    "RS",
    "BG",
    "HR",
]
# Years of age and how many in a hundred: most are children.
AGES = [
    (range(3), 14),
    (range(3, 8), 34),
    (range(8, 18), 24),
    (range(18, 45), 14),
    (range(45, 80), 13),
    (range(80, 90), 1),
]
TONES = ("sea", "sky")
VISITS = (3, 6, 12, 18, 24, 36)
OBSERVED = {
    "good": "Some things are easier than before the treatment.",
    "mixed": "Some things are easier, others are harder.",
    "same": "Nothing has changed since the treatment.",
    "worse": "More help is needed than before the treatment.",
    "none": "It is too early to say.",
}


def weights(size: int) -> list[float]:
    """Return cumulated weights by which the first of `size` things are chosen most, as in life (Zipf)."""
    return list(accumulate(1 / (rank + 4) for rank in range(size)))


class Chooser:
    """Chooses from a list, its first entries most often."""

    def __init__(self, entries: list[Any]) -> None:
        self.entries = entries
        self.weights = weights(len(entries))

    def one(self, chance: Random) -> Any:
        return self.entries[bisect(self.weights, chance.random() * self.weights[-1])]

    def some(self, number: int, chance: Random) -> list[Any]:
        """Return `number` different entries, fewer if there are fewer."""
        found: dict[int, Any] = {}
        while len(found) < min(number, len(self.entries)):
            place = bisect(self.weights, chance.random() * self.weights[-1])
            found[place] = self.entries[place]
        return list(found.values())


def mixed(entries: list[Any]) -> list[Any]:
    """Return the entries in an order without meaning, always the same."""
    shuffled = list(entries)
    Random(20261122).shuffle(shuffled)  # noqa: S311 - made-up content
    return shuffled


def by_share(shares: list[tuple[Any, int]], chance: Random) -> Any:
    at = chance.random() * 100
    for entry, share in shares:
        at -= share
        if at < 0:
            return entry
    return shares[-1][0]


class PatientFacts:
    """Chooses what pages about one patient share: name, country, age, terms, outcome, pictures."""

    def __init__(self, materials: Materials) -> None:
        self.materials = materials
        self.conditions = Chooser(mixed(materials.conditions))
        self.treatments = Chooser(mixed(materials.treatments))
        self.countries = Chooser(COUNTRIES)
        self.names = {code: str(name) for code, name in countries if code in COUNTRIES}

    def values(self, number: int, chance: Random) -> dict[str, Any]:
        """Return fields of the page."""
        outcome = by_share(OUTCOMES, chance)
        ages = by_share(AGES, chance)
        return {
            "title": f"{words.TITLES[number % len(words.TITLES)]} ({number})",
            "tone": TONES[number % len(TONES)],
            "country": self.countries.one(chance),
            "age_at_treatment": ages[int(chance.random() * len(ages))],
            "outcome": outcome.value,
        }

    def terms(self, chance: Random) -> tuple[list[Term], list[Term]]:
        """Return three conditions and one or two treatments, in the order of their trees."""
        conditions = self.conditions.some(3, chance)
        treatments = self.treatments.some(1 if chance.random() < 0.7 else 2, chance)
        return sorted(conditions, key=_path), sorted(treatments, key=_path)

    def term_words(self, *terms: list[Term]) -> str:
        found = [word for some in terms for term in some for word in term.words]
        return " ".join(dict.fromkeys(found))

    def files_of(self, pictures: list[int]) -> list[list[str]]:
        return sorted(self.materials.pictures_files[number] for number in set(pictures))


def _path(term: Term) -> str:
    return term.path


class Stories:
    """Makes stories."""

    def __init__(self, materials: Materials, interviews: Interviews, follow_ups: Keys, tagged: Keys) -> None:
        self.interviews = interviews
        self.facts = PatientFacts(materials)
        self.materials = materials
        self.blocks = StoryBlocks()
        self.follow_up_keys, self.tagged_keys = follow_ups, tagged

    def make(self, number: int, pk: int) -> MadePage:
        """Return the story `number`, whose page has the key `pk`."""
        chance = Random(number)  # noqa: S311 - made-up content
        values = self.facts.values(number, chance)
        name = words.one_of(words.NAMES, chance)
        conditions, treatments = self.facts.terms(chance)
        pictures = chance.sample(self.materials.pictures, PICTURES)
        quoted = self.interviews.quoted(number) if has_interview(number) else []
        parts = self.blocks.make(number, chance, pictures, name, quoted)
        lede = words.remark(chance)
        follow_ups = self.follow_ups(number, pk, values["outcome"], chance)
        # By name, as a form puts them.
        tags = sorted(chance.sample(self.materials.tags, TAGS), key=lambda tag: tag[1])
        visits = [row["months"] for row in follow_ups if row["months"] > 0]
        values |= {
            "picture": pictures[0],
            "patient_name": name,
            "diagnosis": conditions[0].name,
            "lede": lede,
            "search_description": lede,
            "listing_text": lede,
            "before_heading": words.caption(chance).rstrip("."),
            "before": parts.stored[0],
            "during": parts.stored[1],
            "after": parts.stored[2],
            "own_quotes": len(quoted),
            "own_share": 100 if quoted else None,
            "visits": visits,
            "followed_months": visits[-1],
            "reading_minutes": max(1, -(-parts.word_count // reading_time.PACE)),
        }
        return MadePage(
            number=number,
            place=place_of_story(number),
            slug=f"made-story-{number:06}",
            person=name,
            published=published_at(number),
            values=values,
            related={
                "follow_ups": follow_ups,
                "tagged_items": [
                    {"pk": self.tagged_keys.at(number, row), "tag": tag, "content_object": pk}
                    for row, (tag, _name) in enumerate(tags)
                ],
                "treatments": [term.pk for term in treatments],
                "conditions": [term.pk for term in conditions],
            },
            parts=["use:social_media", *parts.quotes],
            shown=[Shown(Picture, pictures[0], "picture", "picture"), *parts.shown],
            files=self.facts.files_of(pictures),
            said={
                **dict(zip(("before", "during", "after"), parts.said, strict=True)),
                "country_name": self.facts.names[values["country"]],
                "term_words": self.facts.term_words(conditions, treatments),
                "follow_up_words": " ".join(row["observation"] for row in follow_ups),
                "tag_words": " ".join(name for _pk, name in tags),
            },
        )

    def follow_ups(self, number: int, pk: int, outcome: str, chance: Random) -> list[dict[str, Any]]:
        """Return the treatment and two visits after it, the last with the story's outcome."""
        first, last = sorted(chance.sample(VISITS, 2))
        told = [
            (0, "The treatment.", ""),
            (first, words.remark(chance), ""),
            (last, OBSERVED[outcome], "" if outcome == "none" else outcome),
        ]
        return [
            {
                "pk": self.follow_up_keys.at(number, row),
                "sort_order": row,
                "page": pk,
                "months": months,
                "reported_by": "the family",
                "observation": observation,
                "outcome": ended,
                "outcome_text": "",
            }
            for row, (months, observation, ended) in enumerate(told)
        ]
