"""What editors do with pages about no one: they name, quote, show and link to people."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone

from experiences.models import StoryPage
from mentions import naming
from tests import factories as make
from tests.events.agreed import USES
from tests.events.choosing import act, draft_of, owner_now, page_of, pick, plain, post, publish_now, someone
from tests.events.world import World


def say_who_is_named(world: World, page: Any, key: str) -> None:
    """Choose the person on the screen to which the checklist leads."""
    for question in naming.open_questions(draft_of(page)):
        if world.faces[key].number in {person.pk for person in question.people}:
            chosen = {"person": str(world.faces[key].number)}
            post(world, "name_decision", [page.pk, str(question.name.mark)], chosen)


@act(often=5)
def mention(world: World, a: int, b: int, c: int) -> object:
    """Name, quote, show or link to someone who agreed to that, on a page about no one."""
    key, now = someone(world, a), timezone.now()
    if key is None:
        return None
    face = world.faces[key]
    can = {use for use in USES if world.agreed.in_force(key, use, now)}
    if not {"text", "quotes"} <= can:
        return None
    page = draft_of(plain(world, 0))
    story = pick(list(StoryPage.objects.filter(person=face.number, live=True).order_by("pk")), b)
    kinds = [
        ("text", f"<p>{face.name} told us to ask twice.</p>"),
        ("quote", {"text": face.said, "speaker": "", "said_by": face.number}),
    ]
    if {"photo", "face"} <= can:
        kinds.append(("figure", {"picture": face.picture}))
    if story is not None:
        kinds.append(("text", f'<p>Read <a linktype="page" id="{story.pk}">one story</a> first.</p>'))
    kind, value = pick(kinds, c)
    body = [*page.body.get_prep_value(), {"type": kind, "value": value}]
    page.body = type(page.body)(page.body.stream_block, body, is_lazy=True)
    page.save_revision()
    if a % 5 != 4:  # now and then the editor does not: then the page is not published
        say_who_is_named(world, page, key)
    return publish_now(world, page)


@act(often=1)
def ask_in_faq(world: World, a: int, b: int, c: int) -> object:
    key = someone(world, a)
    if key is None or not world.agreed.in_force(key, "text", timezone.now()):
        return None
    page = draft_of(plain(world, 1))
    groups = json.loads(json.dumps(page.body.get_prep_value())) or [
        {"type": "group", "value": {"heading": "All", "questions": []}}
    ]
    question = {"question": f"Who is {world.faces[key].name}?", "answer": "<p>She told us.</p>"}
    groups[0]["value"]["questions"].append({"type": "item", "value": question})
    page.body = type(page.body)(page.body.stream_block, groups, is_lazy=True)
    page.save_revision()
    say_who_is_named(world, page, key)
    return publish_now(world, page)


@act(often=1)
def first_page(world: World, a: int, b: int, c: int) -> object:
    """Show a story on the first page, with a quote."""
    story = page_of(world, a, "StoryPage")
    key = story and owner_now(world, story)
    if not story or not story.live or not key or not world.agreed.in_force(key, "quotes", timezone.now()):
        return None
    if not world.agreed.in_force(key, "text", timezone.now()):
        return None
    home = draft_of(make.home())
    home.lead_story = home.quote_story = story
    home.quote, home.quote_speaker = world.faces[key].said, world.faces[key].name
    home.save_revision()
    return publish_now(world, home)
