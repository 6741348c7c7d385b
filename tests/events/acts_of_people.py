"""What people decide about what they gave, and what time and restored backups do to that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page

from audit.actors import Actor
from consent.models import Consent
from consent.uses import UNDERSTOOD, Use, field_of
from tests.events.agreed import USES, Given, later
from tests.events.choosing import act, pick, post, published, someone
from tests.events.world import World
from withdrawal.erasure.services import erase_person
from withdrawal.expiry import expire

if TYPE_CHECKING:
    from tests.events.walk import Walk

# Consents ---------------------------------------------------------------------------------------------------


def _some_uses(number: int) -> set[str]:
    return {use for place, use in enumerate(USES) if number >> place & 1}


def _posted(world: World, one: Given, **more: str) -> dict[str, Any]:
    """Return what a browser sends of the consent form."""
    empty = ("guardian", "capacity", "assent", "assent_note", "material", "page", "seen", "not_seen")
    also = ("material_hash", "interpreter", "conditions", "witness", "collected_by", "why")
    return {
        **dict.fromkeys((*empty, *also), ""),
        "person": str(world.faces[one.person].number),
        "form": str(world.form.pk),
        "signer": "self",
        "signed_on": timezone.localdate().isoformat(),
        "starts_at": f"{one.start:%Y-%m-%d %H:%M}",
        "until": f"{one.end:%Y-%m-%d %H:%M}" if one.end else "",
        **dict.fromkeys(UNDERSTOOD, "on"),
        **{field_of(use): "on" for use in one.uses},
        **more,
    }


@act(often=4)
def agree(world: World, a: int, b: int, c: int) -> object:
    """Someone signs a consent, for everything or for some uses, for hours or without an end."""
    key = someone(world, a)
    uses = {use.value for use in Use} if b % 2 else _some_uses(c)
    if key is None or not uses:
        return None
    start = timezone.now() + timedelta(hours=c % 7 == 0)
    one = Given(0, key, uses, start, later(start, b % 6))
    before = set(Consent.objects.values_list("pk", flat=True))
    answer = post(world, "wagtailsnippets_consent_consent:add", [], _posted(world, one))
    assert answer.status_code == 302
    (one.number,) = set(Consent.objects.values_list("pk", flat=True)) - before
    world.agreed.given.append(one)
    return True


@act(often=3)
def change_consent(world: World, a: int, b: int, c: int) -> object:
    """An officer corrects the uses of a consent, or its end."""
    key = someone(world, a)
    one = key and pick(world.agreed.standing(key), b)
    if not one:
        return None
    if c % 2:
        one.uses = _some_uses(c) or {"text"}
    else:
        one.end = max(timezone.now(), one.start) + timedelta(hours=1 + c % 5)
    data = _posted(world, one, why="They asked for it")
    answer = post(world, "wagtailsnippets_consent_consent:edit", [one.number], data)
    assert answer.status_code == 302, answer.context["form"].errors
    return True


def _withdrawal(uses: set[str]) -> dict[str, Any]:
    scope = {"scope": "some", "uses": sorted(uses)} if uses else {"scope": "all"}
    return {**scope, "how": "telephone", "reason": "", "sure": "1"}


@act(often=4)
def withdraw_person(world: World, a: int, b: int, c: int) -> object:
    """Someone takes everything back, or some uses."""
    key = someone(world, a)
    standing = world.agreed.standing(key) if key else []
    offered = set[str]().union(*(one.uses - one.withdrawn for one in standing))
    uses = offered & _some_uses(c) if b % 2 else set()
    if not standing or (b % 2 and not uses):
        return None
    post(world, "withdraw_person", [world.faces[str(key)].number], _withdrawal(uses))
    world.agreed.withdraw(standing, uses)
    return True


@act(often=2)
def withdraw_one_consent(world: World, a: int, b: int, c: int) -> object:
    key = someone(world, a)
    one = key and pick(world.agreed.standing(key), b)
    if not one:
        return None
    uses = (one.uses - one.withdrawn) & _some_uses(c)
    post(world, "withdraw_consent", [one.number], _withdrawal(uses))
    world.agreed.withdraw([one], uses)
    return True


@act(often=1)
def erase(world: World, a: int, b: int, c: int) -> object:
    key = someone(world, a)
    if key is None or len(world.agreed.erased) > 1 or b % 2:
        return None
    erase_person(person=world.person(key), by=Actor.system("test"))
    world.agreed.erased.add(key)
    world.agreed.taken_back.add(key)
    gone = world.content.words.keys() - set(Page.objects.values_list("pk", flat=True))
    for number in gone:
        world.content.words.pop(number)
    return True


# Time -------------------------------------------------------------------------------------------------------


@act(often=4)
def wait(world: Walk, a: int, b: int, c: int) -> object:
    """Hours pass. What ends with them is not shown from that second; then the worker does its work."""
    world.clock.shift(timedelta(hours=1 + a % 4))
    world.check(thorough=False, before_the_worker=True)
    call_command("publish_scheduled", verbosity=0)
    expire()
    for number in list(world.content.words):
        published(world, number)
    return True


@act(often=2)
def back_up(world: Walk, a: int, b: int, c: int) -> object:
    world.back_up()
    return True


@act(often=2)
def restore(world: Walk, a: int, b: int, c: int) -> object:
    """Put the database of the last backup back, and start the site again."""
    return world.restore()
