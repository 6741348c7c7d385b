"""The acts that happen on the site, and how each chooses what to act on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from tests.events.world import World

# Three numbers, by which an act chooses; it returns whether it found something to do.
Act = Callable[[Any, int, int, int], object]
# With how often each is chosen, compared with others.
ACTS: dict[str, tuple[Act, int]] = {}


def act(often: int = 3) -> Callable[[Act], Act]:
    """Add an act to the list."""

    def add(function: Act) -> Act:
        ACTS[function.__name__] = function, often
        return function

    return add


# Choosing and sending ---------------------------------------------------------------------------------------


def pick(some: Sequence[Any], number: int) -> Any:
    return some[number % len(some)] if some else None


def page_of(world: World, number: int, kind: str = "") -> Any:
    """Return one of the pages about someone, None if there are none."""
    known = Page.objects.filter(pk__in=world.content.words, alias_of=None).order_by("pk").specific()
    return pick([page for page in known if kind in type(page).__name__], number)


def draft_of(page: Any) -> Any:
    return page.get_latest_revision_as_object() if page.latest_revision_id else page


def someone(world: World, number: int) -> str | None:
    return pick(sorted(world.faces.keys() - world.agreed.erased), number)


def post(world: World, name: str, args: Sequence[Any], data: dict[str, Any], query: str = "") -> Any:
    answer = world.editor.post(reverse(name, args=args) + query, data)
    assert answer.status_code < 500, (name, answer.status_code)
    return answer


def owner_now(world: World, draft: Any) -> str:
    return world.key_of(draft.person_id) or "ada"


def hold(world: World, page: Any, *words: str) -> None:
    world.content.words.setdefault(page.pk, set()).update(words)


def published(world: World, number: int) -> bool:
    """Note whose words a page shows, if its newest draft is public: an editor may correct whose they are.

    Not where their owner took them back: then no one else's consent publishes them. Of a film's page only the
    film is known again, since it has too few words (docs/withdrawal.md: fifteen in a row).
    """
    page = Page.objects.filter(pk=number).first()
    if page is None or not page.live or page.has_unpublished_changes:
        return False
    key = world.key_of(getattr(page.specific, "person_id", None))
    has_few_words = page.specific_class.__name__ == "VideoPage"
    for what in world.content.words.get(number, ()) if key else ():
        canary = world.agreed.canaries[what]
        is_free = has_few_words and canary.kind in {"text", "translation", "name"}
        if is_free or any(world.agreed.may_correct(owner, timezone.now()) for owner in canary.owners):
            canary.owners.add(str(key))
    return True


def publish_now(world: World, page: Any) -> bool:
    """Publish the newest draft by the admin's button for many pages."""
    back = reverse("wagtailadmin_home")
    query = f"?id={page.pk}&next={back}"
    post(world, "wagtail_bulk_action", ("wagtailcore", "page", "publish"), {}, query)
    return published(world, page.pk)


def plain(world: World, number: int) -> Any:
    pages = Page.objects.filter(pk__in=[world.how.pk, world.faq.pk]).order_by("pk").specific()
    return pick(list(pages), number)
