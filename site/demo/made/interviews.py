"""Interviews of every tenth story, whose whole transcript is public."""

from __future__ import annotations

from random import Random

from demo.made import words
from demo.made.blocks import Quoted
from demo.made.layout import STORIES_AN_INTERVIEW, Keys
from demo.made.pages import SIGNED, MadePage
from demo.made.search_entries import SearchEntries
from demo.made.tables import Tables
from experiences import transcript_text
from experiences.models import StoryInterview
from interviews.models import Cue, Excerpt, Interview, InterviewContributor, InterviewState, Transcript

CUES = 24
SECONDS = 9.5
# Which cues are quoted: the first answers to two questions.
EXCERPTS = (1, 4)
SPEAKERS = ("Interviewer", "Parent")
LABELS = {"Interviewer": "Interviewer", "Parent": "Parent"}
INTERVIEWER, EMPLOYER, LANGUAGE = "L. Example", "This site", "en"


class Interviews:
    """Makes the interviews of stories and what the published stories show of them."""

    def __init__(self, interviews: Keys, cues: Keys, excerpts: Keys, entries: SearchEntries) -> None:
        self.keys, self.cue_keys, self.excerpt_keys, self.entries = interviews, cues, excerpts, entries

    def key(self, number: int) -> int:
        return self.keys.at(number // STORIES_AN_INTERVIEW)

    def write(self, page: MadePage, page_pk: int, person: int, tables: Tables) -> None:
        """Add the rows of the interview of a story."""
        number = page.number // STORIES_AN_INTERVIEW
        pk = self.keys.at(number)
        title = f"Interview for {page.values['title']}"
        tables.add(
            Interview,
            id=pk,
            title=title,
            language=LANGUAGE,
            held_on=SIGNED.date(),
            interviewer=INTERVIEWER,
            interviewer_employer=EMPLOYER,
            state=InterviewState.PUBLISHED.value,
            full_transcript_allowed=True,
            story_id=page_pk,
            created_at=SIGNED,
            updated_at=page.published,
        )
        for order, (role, speaker) in enumerate((("interviewer", "Interviewer"), ("parent", "Parent"))):
            tables.add(
                InterviewContributor,
                interview_id=pk,
                sort_order=order,
                role=role,
                speaker=speaker,
                person_id=person if role == "parent" else None,
            )
        tables.add(Transcript, interview_id=pk, format="vtt", imported_at=page.published)
        cues = self.cues(page.number)
        for cue in cues:
            tables.add(
                Cue,
                id=cue.pk,
                interview_id=pk,
                position=cue.position,
                start=cue.start,
                end=cue.end,
                speaker=cue.speaker,
                text=cue.text,
            )
        self._write_excerpts(number, cues, tables)
        tables.add(
            StoryInterview,
            page_id=page_pk,
            interview_id=pk,
            interviewer=INTERVIEWER,
            employer=EMPLOYER,
            held_in=SIGNED.year,
            language=LANGUAGE,
            lines=transcript_text.lines(cues, {}, LABELS),
        )
        self.entries.add(pk, {"title": title}, {})

    def cues(self, story: int) -> list[Cue]:
        """Return what was said, unsaved: two answers to each question."""
        chance = Random(f"interview {story}")  # noqa: S311 - made-up content
        number = story // STORIES_AN_INTERVIEW
        return [
            Cue(
                id=self.cue_keys.at(number, position),
                interview_id=self.keys.at(number),
                position=position,
                start=position * SECONDS,
                end=(position + 1) * SECONDS - 0.5,
                speaker=SPEAKERS[1 if position % 3 else 0],
                text=words.sentence(chance) if position % 3 else words.one_of(words.ASKED, chance),
            )
            for position in range(CUES)
        ]

    def quoted(self, story: int) -> list[Quoted]:
        """Return the words that the story quotes."""
        number = story // STORIES_AN_INTERVIEW
        cues = self.cues(story)
        return [
            Quoted(
                self.excerpt_keys.at(number, row),
                cues[place].text,
                cues[place - 1].text,
                cues[place].start or 0.0,
                cues[place].end or 0.0,
            )
            for row, place in enumerate(EXCERPTS)
        ]

    def _write_excerpts(self, number: int, cues: list[Cue], tables: Tables) -> None:
        for row, place in enumerate(EXCERPTS):
            cue = cues[place]
            tables.add(
                Excerpt,
                id=self.excerpt_keys.at(number, row),
                interview_id=cue.interview_id,
                start_cue_id=cue.pk,
                end_cue_id=cue.pk,
                end_offset=len(cue.text),
                speaker=cue.speaker,
                asked=cues[place - 1].text,
                verbatim=cue.text,
                text=cue.text,
                section="treatment",
                order=row,
                created_at=SIGNED,
                updated_at=SIGNED,
            )
