"""A family, their story as a draft, and the link they are sent."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from approval.models import ApprovalLink
from approval.services import send_for_approval
from approval.tokens import link_of, proof_of
from audit.actors import Actor
from consent.models import Person
from tests.factories import PictureFactory, StoryPageFactory, consenting

BEFORE = "b0000000-0000-4000-8000-000000000001"
AFTER = "b0000000-0000-4000-8000-000000000002"


def story(**fields: Any) -> Any:
    """A draft story with a paragraph before, one after, and a picture."""
    person = fields.pop("person", None) or consenting(display_name="Marta", email="marta@example.org")
    page = StoryPageFactory(
        **{
            "title": "She counts the stairs now",
            "live": False,
            "person": person,
            "picture": PictureFactory(),
            "before": [
                {"type": "text", "id": BEFORE, "value": "<p>There are fourteen stairs and no lift.</p>"}
            ],
            "after": [{"type": "text", "id": AFTER, "value": "<p>For six weeks nothing happened.</p>"}],
            **fields,
        }
    )
    page.save_revision()
    return page


def rewrite(page: Any, words: str) -> Any:
    """A new draft in which ‘after’ says `words`."""
    fresh = type(page).objects.get(pk=page.pk)
    draft = fresh.get_latest_revision_as_object()
    draft.after = [("text", words)]
    stream = draft.after
    stream[0].id = AFTER
    draft.save_revision()
    return type(page).objects.get(pk=page.pk)


def sent(page: Any, person: Person | None = None, **more: Any) -> tuple[ApprovalLink, str]:
    """The link and its path."""
    link, url = send_for_approval(
        page=page, person=person or page.person, by=Actor.system("test"), base_url="http://testserver", **more
    )
    return link, url.removeprefix("http://testserver")


def files_of(html: str) -> list[str]:
    """The addresses of files below the link on a page."""
    return re.findall(r'"(/approve/[^"\s]+/files/[^"\s]+)"', html)


class Family(Client):
    """Sends what a form on the family's page would send: with the page's own proof."""

    def post(self, path: str, data: Any = None, **more: Any) -> Any:  # type: ignore[override]
        if path.startswith("/approve/") and (link := link_of(path.split("/")[2])):
            data = {"proof": proof_of(link), **(data or {})}
        return super().post(path, data, **more)
