"""What role a voice of a transcript probably has, from its name and from who asks. Pure: an editor decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

# Words by which transcripts name voices, as written in lower case; in the languages that stories come in so far.
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
# Of somebody's lines: who asks in so many of them leads the conversation.
ASKS = 0.35


class Said(Protocol):
    @property
    def speaker(self) -> str: ...
    @property
    def text(self) -> str: ...


def role_by_name(name: str) -> str:
    """'parent' for "Mother 2:"; '' for a name that says nothing."""
    for word in _WORD.findall(name.lower()):
        if role := WORDS.get(word):
            return role
    return ""


def suggested_roles(cues: Sequence[Said], interviewer: str = "") -> dict[str, str]:
    """A role for each voice, '' where nothing speaks for one.

    `interviewer` is the name of who asked, if known. Where no name says who asks, it is the voice most of whose lines
    are questions.
    """
    lines: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    for cue in cues:
        lines[cue.speaker] += 1
        questions[cue.speaker] += cue.text.rstrip().endswith(("?", "؟", "？"))
    named = interviewer.casefold().split()
    roles = {
        voice: "interviewer" if named and set(voice.casefold().split()) & set(named) else role_by_name(voice)
        for voice in lines
    }
    if len(lines) > 1 and not {"interviewer", "clinician"} & set(roles.values()):
        asking = max(lines, key=lambda voice: questions[voice] / lines[voice])
        if not roles[asking] and questions[asking] / lines[asking] >= ASKS:
            roles[asking] = "interviewer"
    silent = [voice for voice in lines if not roles[voice]]
    if len(lines) == 2 and len(silent) == 1:
        # Of two, one asks or treats: the other tells.
        roles[silent[0]] = "patient"
    return roles
