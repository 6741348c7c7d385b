"""Suggests the role of each speaker from the name and from the questions asked; the editor decides. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

# Labels of speakers in transcripts, in lower case, in the languages of the stories so far.
WORDS: dict[str, str] = {
    **dict.fromkeys(
        ("interviewer", "int", "i", "iv", "q", "question", "host", "moderator", "reporter", "researcher"),
        "interviewer",
    ),
    **dict.fromkeys(
        ("entrevistador", "entrevistadora", "журналист", "интервьюер", "reporterul"), "interviewer"
    ),
    **dict.fromkeys(
        (
            "doctor",
            "dr",
            "physician",
            "clinician",
            "nurse",
            "surgeon",
            "therapist",
            "médico",
            "médica",
            "врач",
        ),
        "clinician",
    ),
    **dict.fromkeys(("patient", "pt", "paciente", "пациент", "пациентка", "pacient", "pacientă"), "patient"),
    **dict.fromkeys(
        ("mother", "father", "mum", "mom", "dad", "parent", "madre", "padre", "мать", "мама", "отец", "папа"),
        "parent",
    ),
    **dict.fromkeys(("mama", "tata", "mamá", "papá", "الأم", "الأب"), "parent"),
    **dict.fromkeys(("husband", "wife", "partner", "spouse", "marido", "esposa", "муж", "жена"), "partner"),
    **dict.fromkeys(
        ("sister", "brother", "son", "daughter", "grandmother", "grandfather", "aunt", "uncle", "hermana"),
        "relative",
    ),
    **dict.fromkeys(("carer", "caregiver", "cuidador", "cuidadora", "assistant"), "carer"),
}
_WORD = re.compile(r"[^\W\d_]+")
# A speaker with this share of questions among their lines is leading the conversation.
ASKS = 0.35


class SpokenCue(Protocol):
    """A cue, as far as it is needed here."""

    @property
    def speaker(self) -> str: ...
    @property
    def text(self) -> str: ...


def role_by_name(name: str) -> str:
    """Return 'parent' for "Mother 2:", and '' for a name that does not show a role."""
    for word in _WORD.findall(name.lower()):
        if role := WORDS.get(word):
            return role
    return ""


def suggested_roles(cues: Sequence[SpokenCue], interviewer: str = "") -> dict[str, str]:
    """Return a role for each speaker, '' if there is no suggestion.

    `interviewer`: the interviewer's name, if known. If no label shows the interviewer, it is the speaker with
    the highest share of questions.
    """
    lines: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    for cue in cues:
        lines[cue.speaker] += 1
        questions[cue.speaker] += cue.text.rstrip().endswith(("?", "؟", "？"))
    named = interviewer.casefold().split()
    roles = {
        speaker: "interviewer"
        if named and set(speaker.casefold().split()) & set(named)
        else role_by_name(speaker)
        for speaker in lines
    }
    if len(lines) > 1 and not {"interviewer", "clinician"} & set(roles.values()):
        asking = max(lines, key=lambda speaker: questions[speaker] / lines[speaker])
        if not roles[asking] and questions[asking] / lines[asking] >= ASKS:
            roles[asking] = "interviewer"
    silent = [speaker for speaker in lines if not roles[speaker]]
    if len(lines) == 2 and len(silent) == 1:
        # With two speakers, the one who is not the interviewer or clinician is the storyteller.
        roles[silent[0]] = "patient"
    return roles
