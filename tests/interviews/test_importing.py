"""Imports of a first and a corrected transcript: an editor's work is never lost."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from interviews import services
from interviews.importing import EmptyTranscript, import_transcript, pack, plan_for, set_roles, unpack
from interviews.models import (
    Cue,
    Excerpt,
    IdentifierDecision,
    Interview,
    InterviewContributor,
    InterviewState,
    Transcript,
)
from interviews.speaker_roles import suggested_roles
from transcripts import TranscriptRead, read
from transcripts.cues import Cue as Said

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_user("editor")


@pytest.fixture
def interview(db: None) -> Interview:
    return Interview.objects.create(title="Marta on the year after")


def spoken(*texts: str, speakers: tuple[str, ...] = ("Doctor", "Mother")) -> TranscriptRead:
    return TranscriptRead(
        "webvtt",
        [
            Said(index * 10.0, index * 10.0 + 10, speakers[index % len(speakers)], text)
            for index, text in enumerate(texts)
        ],
    )


def marked(interview: Interview, editor: User, position: int, words: str) -> Excerpt:
    cue = interview.cues.get(position=position)
    at = cue.text.index(words)
    return services.make_excerpt(
        interview=interview,
        start=(cue.pk, at),
        end=(cue.pk, at + len(words)),
        section="before",
        by=editor,
    )


FIRST = spoken(
    "How did it begin?",
    "She was born early, in Brno, in the spring.",
    "And the days of the needle?",
    "Um, they were hard. She slept most of the time.",
    "And now?",
    "Now she walks to the door and back again.",
)


def corrected(**texts: str) -> TranscriptRead:
    """FIRST with the texts of some cues changed: `_3="..."`."""
    return replace(
        FIRST,
        cues=[replace(cue, text=texts.get(f"_{index}", cue.text)) for index, cue in enumerate(FIRST.cues)],
    )


def test_the_first_import_stores_every_cue(interview: Interview, editor: User) -> None:
    report = import_transcript(
        interview=interview, read=FIRST, by=editor, source=b"as it came", filename="a.vtt"
    )
    assert (report.cues, report.added, report.changed, report.removed, report.lost) == (6, 6, 0, 0, [])
    assert [cue.text for cue in interview.cues.all()] == [cue.text for cue in FIRST.cues]
    interview.refresh_from_db()
    assert interview.state == InterviewState.TRANSCRIBED
    assert interview.transcript.imported_by == editor


def test_a_plan_writes_nothing(interview: Interview, editor: User) -> None:
    plan_for(interview, FIRST)
    assert not Cue.objects.exists()
    assert not Transcript.objects.exists()
    import_transcript(interview=interview, read=FIRST, by=editor)
    excerpt = marked(interview, editor, 3, "they were hard.")
    plan = plan_for(interview, corrected(_3="We all slept."))
    assert [one.pk for one in plan.lost] == [excerpt.pk]
    assert interview.cues.get(position=3).text == FIRST.cues[3].text
    assert Excerpt.objects.get().placed


def test_a_transcript_without_words_changes_nothing(interview: Interview, editor: User) -> None:
    import_transcript(interview=interview, read=FIRST, by=editor)
    with pytest.raises(EmptyTranscript):
        import_transcript(interview=interview, read=TranscriptRead("srt", []), by=editor)
    assert interview.cues.count() == 6


def test_a_corrected_word_keeps_the_cue_the_excerpt_and_what_the_editor_wrote(
    interview: Interview, editor: User
) -> None:
    import_transcript(interview=interview, read=FIRST, by=editor)
    keys = list(interview.cues.values_list("pk", flat=True))
    plain = marked(interview, editor, 5, "she walks to the door and back again.")
    written = marked(interview, editor, 3, "Um, they were hard.")
    services.change_excerpt(excerpt=written, rev=written.rev, by=editor, text="They were hard.")
    report = import_transcript(
        interview=interview,
        read=corrected(
            _3="Um, they were so hard. She slept most of the time.",
            _5="Now she walks to the gate and back again.",
        ),
        by=editor,
    )
    assert (report.added, report.changed, report.removed, report.attached) == (0, 2, 0, 2)
    assert list(interview.cues.values_list("pk", flat=True)) == keys
    plain.refresh_from_db()
    written.refresh_from_db()
    assert plain.verbatim == plain.text == "she walks to the gate and back again."
    assert (written.verbatim, written.text) == ("Um, they were so hard.", "They were hard.")


def test_a_lost_excerpt_is_kept_and_comes_back_with_its_words(interview: Interview, editor: User) -> None:
    import_transcript(interview=interview, read=FIRST, by=editor)
    excerpt = marked(interview, editor, 3, "She slept most of the time.")
    services.change_excerpt(excerpt=excerpt, rev=excerpt.rev, by=editor, text="She slept.")
    report = import_transcript(interview=interview, read=corrected(_3="Um, hard."), by=editor)
    assert [one.pk for one in report.lost] == [excerpt.pk]
    excerpt.refresh_from_db()
    assert (excerpt.placed, excerpt.start_cue, excerpt.text) == (False, None, "She slept.")
    assert excerpt.verbatim == "She slept most of the time."
    report = import_transcript(interview=interview, read=FIRST, by=editor)
    excerpt.refresh_from_db()
    assert (report.lost, excerpt.placed, excerpt.text) == ([], True, "She slept.")
    assert excerpt.start_cue is not None
    place = slice(excerpt.start_offset, excerpt.end_offset)
    assert excerpt.start_cue.text[place] == "She slept most of the time."


def test_an_excerpt_keeps_its_speaker_beside_a_longer_question(interview: Interview, editor: User) -> None:
    talk = spoken("And was it any better after the second week that you spent there?", "A little.")
    import_transcript(interview=interview, read=talk, by=editor)
    set_roles(interview, {"Doctor": "interviewer", "Mother": "parent"})
    first, second = interview.cues.all()
    excerpt = services.make_excerpt(
        interview=interview,
        start=(first.pk, 0),
        end=(second.pk, len(second.text)),
        section="after",
        by=editor,
    )
    assert excerpt.verbatim == "A little."
    import_transcript(interview=interview, read=talk, by=editor)
    excerpt.refresh_from_db()
    assert (excerpt.speaker, excerpt.verbatim, excerpt.rev) == ("Mother", "A little.", 1)


def test_clip_points_move_with_their_words(interview: Interview, editor: User) -> None:
    import_transcript(interview=interview, read=FIRST, by=editor)
    excerpt = marked(interview, editor, 3, FIRST.cues[3].text)
    services.change_excerpt(excerpt=excerpt, rev=excerpt.rev, by=editor, clip_in=30.4)
    later = replace(FIRST, cues=[replace(c, start=c.start + 7, end=c.end + 7) for c in FIRST.cues])  # type: ignore[operator]
    plan = plan_for(interview, later)
    assert (len(plan.changed), len(plan.retimed)) == (0, 6)
    import_transcript(interview=interview, read=later, by=editor)
    excerpt.refresh_from_db()
    assert (excerpt.clip_in, excerpt.clip_out) == (37.4, 47.0)


def test_decisions_stay_with_their_words(interview: Interview, editor: User) -> None:
    import_transcript(interview=interview, read=FIRST, by=editor)
    cue = interview.cues.get(position=1)
    made = {}
    for words in ("Brno", "spring"):
        at = cue.text.index(words)
        made[words] = IdentifierDecision.objects.create(
            interview=interview,
            cue=cue,
            at=at,
            end=at + len(words),
            text=words,
            kind="place",
            state="dismissed",
            reason="known",
            by=editor,
        )
    import_transcript(
        interview=interview, read=corrected(_1="She was born much too early, in Brno, in May."), by=editor
    )
    kept = IdentifierDecision.objects.get()
    assert kept.pk == made["Brno"].pk
    assert (kept.reason, kept.decided_at) == ("known", made["Brno"].decided_at)
    cue.refresh_from_db()
    assert cue.text[kept.at : kept.end] == "Brno"


def test_decisions_may_change_places(interview: Interview, editor: User) -> None:
    talk = spoken("Brno Brno Brno Prague")
    import_transcript(interview=interview, read=talk, by=editor)
    cue = interview.cues.get()
    for at in (0, 5, 10):
        IdentifierDecision.objects.create(
            interview=interview, cue=cue, at=at, end=at + 4, text="Brno", kind="place", state="dismissed"
        )
    import_transcript(interview=interview, read=spoken("Well, Brno Brno Brno Prague"), by=editor)
    assert sorted(IdentifierDecision.objects.values_list("at", "end")) == [(6, 10), (11, 15), (16, 20)]


def test_a_renamed_voice_keeps_its_name_when_the_file_comes_again(interview: Interview, editor: User) -> None:
    source = b"WEBVTT\n\n00:00.000 --> 00:10.000\n<v S1>How?\n\n00:10.000 --> 00:20.000\n<v S2>She walks.\n"
    import_transcript(
        interview=interview,
        read=read(source, "a.vtt"),
        by=editor,
        source=source,
        filename="a.vtt",
        names={"S2": "Marta"},
    )
    plan = plan_for(interview, read(source.replace(b"walks", b"walked"), "a.vtt"))
    assert plan.names == {"S1": "S1", "S2": "Marta"}
    assert len(plan.changed) == 1
    # A name that the new file itself corrects is used.
    plan = plan_for(interview, read(source.replace(b"S1", b"Doctor"), "a.vtt"))
    assert plan.names == {"Doctor": "Doctor", "S2": "Marta"}


def test_the_file_before_is_removed(
    interview: Interview, editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    import_transcript(interview=interview, read=FIRST, by=editor, source=b"one", filename="a.txt")
    file = Transcript.objects.get().source
    with django_capture_on_commit_callbacks(execute=True):
        import_transcript(interview=interview, read=FIRST, by=editor, source=b"two", filename="a.txt")
    assert not file.storage.exists(file.name or "")
    assert Transcript.objects.get().source.read() == b"two"


def test_several_files_are_kept_as_one() -> None:
    files = [(b"one", "mother.TextGrid"), (b"two", "interviewer.TextGrid")]
    assert unpack(*pack(files)) == files
    assert pack(files[:1]) == files[0]
    assert unpack(b"PK as any word file", "a.docx") == [(b"PK as any word file", "a.docx")]


def test_roles_make_one_contributor_a_voice(interview: Interview) -> None:
    InterviewContributor.objects.create(
        interview=interview, role="parent", public_label="Marta, Ines's mother"
    )
    for _again in range(2):
        set_roles(interview, {"Mother": "parent", "Doctor": "clinician", "": "patient", "Noise": ""})
    assert sorted(InterviewContributor.objects.values_list("speaker", "role", "public_label")) == [
        ("Doctor", "clinician", ""),
        ("Mother", "parent", "Marta, Ines's mother"),
    ]


@pytest.mark.parametrize(
    ("texts", "speakers", "interviewer", "roles"),
    [
        (["How?", "So."], ("DOCTOR 1", "Patient:"), "", {"DOCTOR 1": "clinician", "Patient:": "patient"}),
        (["How?", "So.", "Why?"], ("A", "B"), "", {"A": "interviewer", "B": "patient"}),
        (["Hm.", "So."], ("Jo Lee", "Mum"), "Jo Lee", {"Jo Lee": "interviewer", "Mum": "parent"}),
        (["Hm.", "So.", "No."], ("A", "B", "C"), "", {"A": "", "B": "", "C": ""}),
    ],
)
def test_roles_are_suggested(
    texts: list[str], speakers: tuple[str, ...], interviewer: str, roles: dict[str, str]
) -> None:
    assert suggested_roles(spoken(*texts, speakers=speakers).cues, interviewer) == roles


@pytest.mark.parametrize("seed", range(3))
def test_a_tenth_corrected_keeps_nearly_all_excerpts(interview: Interview, editor: User, seed: int) -> None:
    """300 cues, a tenth of them inserted, deleted or edited: at least 95 % of 80 excerpts keep their place."""
    chance = random.Random(seed)
    vocabulary = [f"{chance.choice('bcdfglmnprst')}{chance.choice('aeiou')}{n % 97}" for n in range(500)]

    def sentence() -> str:
        return " ".join(chance.choice(vocabulary) for _ in range(chance.randint(3, 18))) + "."

    talk = spoken(*(sentence() for _ in range(300)))
    import_transcript(interview=interview, read=talk, by=editor)
    cues = list(interview.cues.all())
    texts = {}
    for number, cue in enumerate(chance.sample(cues, 80)):
        last = min(cue.position + (2 if number % 8 == 0 else 0), 299)
        excerpt = services.make_excerpt(
            interview=interview,
            start=(cue.pk, 0),
            end=(cues[last].pk, len(cues[last].text)),
            section="after",
            by=editor,
        )
        if number % 2:
            excerpt = services.change_excerpt(
                excerpt=excerpt, rev=1, by=editor, text=f"What she said, {number}."
            )
            texts[excerpt.pk] = excerpt.text
    after: list[Said] = []
    touched = set(chance.sample(range(300), 30))
    for position, cue in enumerate(talk.cues):
        if position not in touched:
            after.append(cue)
        elif position % 3 == 0:
            after += [cue, replace(cue, text=sentence())]
        elif position % 3 == 1:
            said = cue.text.split()
            said[chance.randrange(len(said))] = "changed"
            after.append(replace(cue, text=" ".join(said)))
    report = import_transcript(interview=interview, read=replace(talk, cues=after), by=editor)
    assert report.attached + len(report.lost) == Excerpt.objects.count() == 80
    assert report.attached >= 76
    assert {one.pk for one in report.lost} == set(
        Excerpt.objects.filter(placed=False).values_list("pk", flat=True)
    )
    assert dict(Excerpt.objects.filter(pk__in=texts).values_list("pk", "text")) == texts
    assert [cue.text for cue in interview.cues.all()] == [cue.text for cue in after]
    for excerpt in Excerpt.objects.filter(placed=True).select_related("start_cue", "end_cue"):
        assert excerpt.start_cue is not None
        assert excerpt.verbatim.split()[0] in excerpt.start_cue.text
        assert excerpt.clip_in is not None
        assert (excerpt.clip_out or 0) > excerpt.clip_in


def test_all_real_transcripts_come_in_whole(shared_data: Path, editor: User) -> None:
    assert import_each(shared_data / "interviews", by=editor) == (57, 6742)


def test_small_transcripts_come_in_whole(editor: User) -> None:
    """The counterpart in the repository: two invented consultations in the same layout."""
    assert import_each(Path(__file__).parents[1] / "transcripts" / "data", by=editor) == (2, 39)


def import_each(folder: Path, *, by: User) -> tuple[int, int]:
    """Import every transcript of a folder and return how many there are, and how many cues they make."""
    files = sorted(folder.glob("*.vtt"))
    for file in files:
        found = read(file.read_bytes(), file.name)
        one = Interview.objects.create(title=file.stem)
        report = import_transcript(interview=one, read=found, by=by)
        assert report.cues == len(found.cues) == one.cues.count()
    return len(files), Cue.objects.count()
