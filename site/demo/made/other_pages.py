"""Made videos and case studies: with what their lists show."""

from __future__ import annotations

from random import Random

from demo.made import words
from demo.made.layout import STORIES_A_CASE, STORIES_A_VIDEO, place_of_story
from demo.made.materials import Materials
from demo.made.pages import MadePage, Shown, published_at
from demo.made.stories import PatientFacts
from media.models import Picture, Recording
from publication.public_content import shown_file


class OtherPages:
    """Makes the video or case study that follows a story."""

    def __init__(self, materials: Materials, facts: PatientFacts) -> None:
        self.materials, self.facts = materials, facts

    def video(self, story: int) -> MadePage:
        recording = self.materials.recording
        number = story // STORIES_A_VIDEO
        page = self._page("video", number, story, place_of_story(story) + 1)
        name = words.one_of(words.NAMES, Random(f"name {number}"))  # noqa: S311 - made-up content
        page.person = name
        page.values |= {
            "recording": recording.pk,
            "patient_name": name,
            "summary": page.values["search_description"],
        }
        page.shown.append(Shown(Recording, recording.pk, "recording", "recording"))
        page.files.append(shown_file(recording))
        page.related["tagged_items"] = []
        spoken = [cue for track in recording.tracks.all() for cue in track.stored_cues]
        page.said |= {"tag_words": "", "spoken_words": " ".join(str(cue.get("text", "")) for cue in spoken)}
        return page

    def case(self, story: int) -> MadePage:
        number = story // STORIES_A_CASE
        after_video = (story + 1) % STORIES_A_VIDEO == 0
        page = self._page("case", number, story, place_of_story(story) + (2 if after_video else 1))
        summary = page.values["search_description"]
        page.values |= {"case_number": f"MADE-{number:05}", "plain_summary": summary}
        page.said |= {"figures": ""}
        return page

    def _page(self, kind: str, number: int, story: int, place: int) -> MadePage:
        chance = Random(f"{kind} {number}")  # noqa: S311 - made-up content
        values = self.facts.values(number, chance)
        conditions, treatments = self.facts.terms(chance)
        picture = chance.choice(self.materials.pictures)
        text = words.remark(chance)
        values |= {
            "title": f"{values['title']}, {kind}",
            "picture": picture,
            "diagnosis": conditions[0].name,
            "search_description": text,
            "listing_text": text,
            "followed_months": chance.choice((6, 12, 24)),
        }
        return MadePage(
            number=number,
            place=place,
            slug=f"made-{kind}-{number:06}",
            person="",
            published=published_at(story),
            values=values,
            related={
                "treatments": [term.pk for term in treatments],
                "conditions": [term.pk for term in conditions],
            },
            parts=["use:social_media"],
            shown=[Shown(Picture, picture, "picture", "picture")],
            files=self.facts.files_of([picture]),
            said={
                "country_name": self.facts.names[values["country"]],
                "term_words": self.facts.term_words(conditions, treatments),
            },
        )
