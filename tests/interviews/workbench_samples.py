"""Interviews for the workbench's tests."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from conditions.models import ConditionName
from interviews.models import Cue, Interview, InterviewContributor, InterviewTopic, Topic, Transcript
from interviews.models.interview import Role
from tests.factories import ConditionFactory

LINES = [
    ("Doctor", "Hello. How did it begin?"),
    ("Mother", "It started, um, on 14 March 2021. My sister Hannah was visiting then."),
    ("Doctor", "And the treatment?"),
    ("Mother", "He had seizures 😀 every day. It was, um, hard for all of us."),
    ("Mother", "Then we moved to Leeds and he slept better. I would not say cured."),
    ("Doctor", "And now?"),
    ("Mother", "Now he walks to school. Two steps at first, and then more."),
]


def make_interview(
    lines: list[tuple[str, str]] | None = None, *, times: bool = True, **fields: Any
) -> Interview:
    interview = Interview.objects.create(title="A long recovery", **fields)
    InterviewContributor.objects.create(interview=interview, role=Role.INTERVIEWER, speaker="Doctor")
    InterviewContributor.objects.create(interview=interview, role=Role.PARENT, speaker="Mother")
    InterviewContributor.objects.create(
        interview=interview, role=Role.MENTIONED, private_names="Hannah", neutral_form="[my sister]"
    )
    Transcript.objects.create(interview=interview, format="webvtt")
    Cue.objects.bulk_create(
        [
            Cue(
                interview=interview,
                position=position,
                start=position * 4.0 if times else None,
                end=position * 4.0 + 3.5 if times else None,
                speaker=speaker,
                text=text,
            )
            for position, (speaker, text) in enumerate(lines or LINES)
        ],
        500,
    )
    for key, name in ((4, "First signs"), (5, "Daily life")):
        topic = Topic.objects.get_or_create(name=name, defaults={"slug": name.lower().replace(" ", "-")})[0]
        InterviewTopic.objects.create(interview=interview, topic=topic, key=key)
    return interview


def make_epilepsy() -> Any:
    condition = ConditionFactory(name="Epilepsy")
    ConditionName.objects.create(term=condition, name="seizures")
    return condition


class Bench:
    """A logged-in editor's browser at one interview."""

    def __init__(self, client: Client, interview: Interview) -> None:
        self.client, self.interview = client, interview
        self.cues = list(interview.cues.order_by("position"))

    def at(self, path: str = "") -> str:
        return f"/admin/interviews/{self.interview.pk}/workbench/{path}"

    def get(self, path: str) -> dict[str, Any]:
        response = self.client.get(self.at(path))
        assert response.status_code == 200, response.content
        return dict(response.json())

    def send(self, path: str, body: Any = None, *, method: str = "POST", expect: int = 200) -> dict[str, Any]:
        response = self.client.generic(
            method,
            self.at(path),
            body if isinstance(body, str) else json.dumps(body or {}),
            "application/json",
        )
        assert response.status_code == expect, (response.status_code, response.content[:300])
        return dict(response.json())

    def place(self, position: int, words: str, *, after: bool = False) -> list[int]:
        """Return where `words` start (or end) in a line, in UTF-16 units."""
        text = self.cues[position].text
        at = text.index(words) + (len(words) if after else 0)
        return [self.cues[position].pk, len(text[:at].encode("utf-16-le")) // 2]

    def make(self, position: int, words: str, section: str = "before", **more: Any) -> dict[str, Any]:
        body = {
            "start": self.place(position, words),
            "end": self.place(position, words, after=True),
            "section": section,
        }
        return dict(self.send("excerpts/", {**body, **more}, expect=201)["excerpt"])
