"""Withdraws people of made stories in the site of FIRSTHAND_VAR and measures it: prints JSON.

Run by `bench_withdrawal`, on a copy of a site, with the site's environment. The words of each person are made their
own first, since made stories share sentences, and so many pages of others are given the person's name.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from typing import Any

from tests.bench.processor import noting, processor_time

LETTERS = "bcdfghklmn"


def main(rounds: list[int], start: int = 0) -> None:
    """`rounds`: how many pages of others each withdrawal has to change. `start`: rounds of earlier processes."""
    import django

    django.setup()
    from django.db import connection

    from audit.actors import Actor
    from experiences.models import StoryPage
    from mentions import word_index
    from withdrawal.services import withdraw_person

    server = None
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        server = connection.connection.info.backend_pid
    found = []
    stories = StoryPage.objects.filter(slug__startswith="made-story-").order_by("pk")
    numbers = list(stories.values_list("pk", flat=True)[: (start + len(rounds)) * 60])
    for place, others in enumerate(rounds, start):
        # Every tenth has an interview, whose words are elsewhere.
        mine, *candidates = numbers[place * 60 + 3 : place * 60 + 59]
        story = make_distinct(StoryPage.objects.get(pk=mine))
        naming = (
            number for number in candidates if name(StoryPage.objects.get(pk=number), story.patient_name)
        )
        theirs = list(islice(naming, others))
        for _row in word_index.make():
            pass
        queries: list[str] = []
        with connection.execute_wrapper(noting(queries)):
            wall, cpu = time.perf_counter(), processor_time(server)
            done = withdraw_person(person=story.person, by=Actor.system("bench"), channel="editor")
            cpu, wall = processor_time(server) - cpu, time.perf_counter() - wall
        changed = {step.surface: step.count for step in done.steps.all()}.get("mentions", 0)
        assert changed == others, f"{changed} mentions were removed, not {others}"
        assert done.finished_at, "a step is not finished"
        left = StoryPage.objects.filter(pk__in=theirs, live=True)
        assert left.count() == others
        found.append({"others": others, "wall": wall, "cpu": cpu, "queries": len(queries)})
    print(json.dumps(found))


def in_letters(number: int) -> str:
    return "".join(LETTERS[int(digit)] for digit in str(number))


def make_distinct(story: Any) -> Any:
    """Give a story a name and words that no other page has, and publish it."""
    mark = in_letters(story.pk)
    person = story.person
    person.display_name = story.patient_name = f"Zo{mark}"
    person.save()
    for part in ("before", "during", "after"):
        stream = story._meta.get_field(part).stream_block
        raw = [{**block, "value": _marked(block["value"], mark)} for block in getattr(story, part).raw_data]
        setattr(story, part, stream.to_python(raw))
    for field in ("lede", "listing_text", "search_description"):
        setattr(story, field, _marked(getattr(story, field), mark))
    story.save_revision().publish()
    return type(story).objects.get(pk=story.pk)


def _marked(value: Any, mark: str) -> Any:
    if isinstance(value, dict):
        texts = {"text", "caption"} & value.keys()
        return {**value, **{name: _marked(value[name], mark) for name in texts}}
    if not isinstance(value, str):
        return value
    start, end = ("<p>", "</p>") if value.startswith("<p") else ("", "")
    words = value.partition(">")[2].rpartition("<")[0] if start else value
    return start + " ".join(f"{mark}{word.lower()}" for word in words.split()) + end


def name(story: Any, whom: str) -> bool:
    """Publish a story of someone else with a sentence that names a person.

    Return False where it is refused: made stories share sentences, also with those that were withdrawn.
    """
    from publication.gate import NotPublic

    stream = story._meta.get_field("before").stream_block
    said = {"type": "text", "value": f"<p>On the stairs we met {whom} again.</p>"}
    story.before = stream.to_python([*story.before.raw_data, said])
    try:
        story.save_revision().publish()
    except NotPublic:
        return False
    return True


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), int(sys.argv[2]))
