"""What editors do with pages, and with pictures, films and documents that pages share.

Through the admin's own forms where it has one, else through the calls that the forms make.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction
from wagtail.models import Page

from experiences.models import StoryIndexPage, StoryPage
from media.models import Document, Picture, Recording
from publication.gate import NotPublic
from shared_changes.models import HeldChange
from tests.events.agreed import OWNER
from tests.events.choosing import (
    act,
    draft_of,
    hold,
    owner_now,
    page_of,
    pick,
    plain,
    post,
    publish_now,
    published,
    someone,
)
from tests.events.visitor import WORD
from tests.events.world import TEXT, World, painted
from tests.importing import archives

if TYPE_CHECKING:
    from tests.events.walk import Walk

TRANSLATED = (*TEXT, (OWNER, "translation"))

# Pages about someone ----------------------------------------------------------------------------------------


@act(often=8)
def publish(world: World, a: int, b: int, c: int) -> object:
    page = page_of(world, a)
    return page and publish_now(world, page)


@act(often=2)
def unpublish(world: World, a: int, b: int, c: int) -> object:
    page = page_of(world, a)
    return page and page.live and post(world, "wagtailadmin_pages:unpublish", [page.pk], {})


@act(often=4)
def edit(world: World, a: int, b: int, c: int) -> object:
    page = page_of(world, a, "StoryPage")
    if page is None:
        return None
    draft = draft_of(page)
    word = world.word("text", owner_now(world, draft), TEXT)
    draft.lede = f"Two years later {word} climbs."
    draft.save_revision()
    hold(world, page, word)
    return publish_now(world, page) if b % 3 else True


@act()
def copy(world: World, a: int, b: int, c: int) -> object:
    page = page_of(world, a)
    if page is None:
        return None
    word = world.word("text", owner_now(world, draft_of(page)), TEXT)
    before = set(Page.objects.values_list("pk", flat=True))
    data = {
        "new_title": f"A copy of {word}",
        "new_slug": f"copy-{word}",
        "new_parent_page": page.get_parent().pk,
        **({"publish_copies": "on"} if b % 2 else {}),
        **({"alias": "on"} if c % 3 == 0 else {}),
    }
    post(world, "wagtailadmin_pages:copy", [page.pk], data)
    for made in Page.objects.exclude(pk__in=before):
        hold(world, made, word, *world.content.words[page.pk])
        published(world, made.pk)
    return Page.objects.exclude(pk__in=before).exists()


@act()
def translate(world: World, a: int, b: int, c: int) -> object:
    page = page_of(world, a)
    if page is None or page.locale_id == world.spanish.pk:
        return None
    if Page.objects.filter(translation_key=page.translation_key, locale=world.spanish).exists():
        return None
    word = world.word("translation", owner_now(world, page), TRANSLATED)
    made = CopyPageForTranslationAction(page, world.spanish, copy_parents=True).execute()
    made.title, made.slug = f"Las escaleras de {word}", f"escaleras-{word}"
    made.save_revision()
    hold(world, made, word, *world.content.words[page.pk])
    done = publish_now(world, made)
    # Sites with one tree keep their translations beside what they translate.
    made = Page.objects.get(pk=made.pk)
    with suppress(ValidationError):  # refused, or another page has the address
        made.move(Page.objects.get(pk=page.get_parent().pk), pos="last-child")
    return done


@act(often=2)
def move(world: World, a: int, b: int, c: int) -> object:
    page = page_of(world, a, "StoryPage")
    target = pick(list(StoryIndexPage.objects.order_by("pk")), b)
    if page is None or page.get_parent().pk == target.pk:
        return None
    return post(world, "wagtailadmin_pages:move_confirm", [page.pk, target.pk], {})


@act(often=2)
def rename(world: World, a: int, b: int, c: int) -> object:
    page = page_of(world, a)
    if page is None:
        return None
    draft = draft_of(page)
    word = world.word("text", owner_now(world, draft), TEXT)
    draft.slug = f"renamed-{word}"
    draft.save_revision()
    hold(world, page, word)
    return publish_now(world, page)


@act(often=1)
def delete(world: World, a: int, b: int, c: int) -> object:
    page = page_of(world, a)
    if page is None or len(world.content.words) < 6:
        return None
    post(world, "wagtailadmin_pages:delete", [page.pk], {})
    world.content.words.pop(page.pk)
    return True


@act()
def schedule(world: World, a: int, b: int, c: int) -> object:
    """Publish later, or end later."""
    page = page_of(world, a)
    if page is None:
        return None
    draft = draft_of(page)
    now = timezone.now()
    draft.go_live_at = now + timedelta(hours=1 + b % 4) if c % 3 else None
    draft.expire_at = now + timedelta(hours=2 + b % 6) if c % 3 != 1 else None
    revision = draft.save_revision()
    with suppress(NotPublic):
        revision.publish()
    return published(world, page.pk) or True


@act(often=4)
def old_version(world: World, a: int, b: int, c: int) -> object:
    """Go back to an earlier version of any page, and publish it.

    Of a page about no one only one that an editor may publish who knows what was withdrawn since: a short quote
    is not recognised when it is published again (docs/withdrawal.md).
    """
    page = plain(world, b) if a % 4 == 0 else page_of(world, a)
    revision = page and pick(list(page.revisions.order_by("pk")), c)
    if revision is None:
        return None
    words = set(WORD.findall(json.dumps(revision.content).lower())) if a % 4 == 0 else set()
    quoted = {word for word in words if (known := world.agreed.canaries.get(word)) and known.kind != "name"}
    if not all(world.agreed.allows(what, timezone.now()) for what in quoted):
        return None
    RevertToPageRevisionAction(page, revision).execute()
    return publish_now(world, page)


@act(often=2)
def change_person(world: World, a: int, b: int, c: int) -> object:
    page, key = page_of(world, a), someone(world, b)
    if page is None or key is None:
        return None
    draft = draft_of(page)
    draft.person = world.person(key)
    if hasattr(draft, "patient_name"):
        draft.patient_name = world.faces[key].name
    draft.save_revision()
    return publish_now(world, page)


@act(often=2)
def import_stories(world: Walk, a: int, b: int, c: int) -> object:
    """Import a story of someone, sometimes with what another one has taken back."""
    key, other = someone(world, a), pick(sorted(world.agreed.taken_back), b)
    if key is None:
        return None
    row = {
        "id": f"s{a}-{b}-{c}",
        "title": f"Imported {(title := world.word('text', key, TEXT))}",
        "patient_name": world.faces[key].name,
        "lede": "A year later she climbs the stairs at home.",
        "before": world.faces[other].paragraph if other else world.paragraph(key, a),
    }
    path = archives.json_lines(Path(world.folder) / f"{title}.jsonl", [row])
    before = set(Page.objects.values_list("pk", flat=True))
    archives.take_in(path)
    for made in StoryPage.objects.exclude(pk__in=before):
        hold(world, made, title)
        draft = draft_of(made)
        draft.person = world.person(key)
        draft.name_is_pseudonym = True
        draft.conditions = [world.conditions[0]]
        draft.save_revision()
        return publish_now(world, made)
    return None


# Shared things ----------------------------------------------------------------------------------------------


def picture_of(world: World, number: int) -> tuple[Any, str]:
    """Return a picture, and whom it shows."""
    known = {face.picture: key for key, face in world.faces.items()}
    picture = pick(list(Picture.objects.filter(pk__in=known).order_by("pk")), number)
    return picture, known[picture.pk] if picture else ""


@act(often=4)
def describe_picture(world: World, a: int, b: int, c: int) -> object:
    """Change the description, by an editor or someone who may not publish; sometimes with a private name."""
    picture, key = picture_of(world, a)
    if picture is None:
        return None
    word = world.word("face description", key, world.seen_in(key))
    name = world.person(key).private_name if b % 3 == 0 else ""
    data = {
        "title": picture.title,
        "alt_text": f"A girl {name} looks back, {word} beside her.",
        "credit": f"Photo: {word}" if c % 2 else "",
        "collection": picture.collection_id,
        "tags": "",
    }
    client = world.trainee if c % 3 == 0 else world.editor
    return client.post(reverse("wagtailimages:edit", args=[picture.pk]), data).status_code == 302


@act()
def replace_picture(world: World, a: int, b: int, c: int) -> object:
    picture, key = picture_of(world, a)
    if picture is None:
        return None
    colour = world.colour("face picture", key, world.seen_in(key))
    data = {
        "title": picture.title,
        "alt_text": picture.alt_text,
        "credit": picture.credit,
        "collection": picture.collection_id,
        "tags": "",
        "file": SimpleUploadedFile("new.png", painted(colour).read(), "image/png"),
    }
    return post(world, "wagtailimages:edit", [picture.pk], data).status_code == 302


def _owner(world: World, title: str) -> str | None:
    """Return whose film or letter it is: its title says so."""
    key = title.rpartition(" ")[2]
    return key if key in world.faces else None


def _take_the_place(world: World, kind: str, key: str) -> None:
    """Note that the newest film or letter of someone is theirs to whom an editor gave the one before."""
    new = [what for what, canary in world.agreed.canaries.items() if canary.kind == kind][-1]
    for words in world.content.words.values():
        before = [world.agreed.canaries[what] for what in words if world.agreed.canaries[what].kind == kind]
        if owners := set().union(*(canary.owners for canary in before if key in canary.owners)):
            world.agreed.canaries[new].owners |= owners
            words.add(new)


@act(often=2)
def replace_film(world: World, a: int, b: int, c: int) -> object:
    recording = pick(list(Recording.objects.order_by("pk")), a)
    key = recording and _owner(world, recording.title)
    if not key:
        return None
    file = world.film(key)
    _take_the_place(world, "film", key)
    data = {
        "title": recording.title,
        "collection": recording.collection_id,
        "tags": "",
        "transcript": "",
        "file": SimpleUploadedFile("new.webm", file.read(), "video/webm"),
    }
    return post(world, "wagtailmedia:edit", [recording.pk], data).status_code == 302


@act(often=2)
def replace_document(world: World, a: int, b: int, c: int) -> object:
    document = pick(list(Document.objects.order_by("pk")), a)
    key = document and _owner(world, document.title)
    if not key:
        return None
    file: ContentFile = world.document(key)
    _take_the_place(world, "document", key)
    data = {
        "title": document.title,
        "collection": document.collection_id,
        "tags": "",
        "file": SimpleUploadedFile("new.pdf", file.read(), "application/pdf"),
    }
    return post(world, "wagtaildocs:edit", [document.pk], data).status_code == 302


@act(often=4)
def decide(world: World, a: int, b: int, c: int) -> object:
    """Release a change that waits, or drop it."""
    change = pick(list(HeldChange.objects.filter(state=HeldChange.State.WAITING).order_by("pk")), a)
    if change is None:
        return None
    return post(world, "shared_change_act", [change.pk], {"do": "release" if b % 4 else "drop"})
