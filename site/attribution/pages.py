"""The base class of all pages: those that are not about a person answer for whom they quote and show."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from attribution import rules
from publication import gate, refusals
from publication.consent_requirements import store_links
from publication.mixins import AboutPerson
from publication.picture_sizes import make_before_publication
from publication.public_content import bookkeeping


class NamesPeople:
    """A page that may quote and show people. For a page about a person, `AboutPerson` decides instead.

    Publishing raises NotPublic while a quote or picture lacks its person or reason, or a person's consent. A
    new page that lacks any of them is stored as a draft, so that what was typed is kept. Other ways of saving
    a live page ask only for the consents: a page from before these rules stays public until it is published
    again.
    """

    @property
    def is_about_no_one(self) -> bool:
        """Whether the rules of this class decide about the page."""
        page: object = self
        return not isinstance(page, AboutPerson)

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        only_bookkeeping = fields is not None and not set(fields) - bookkeeping() and "live" not in fields
        if not self.is_about_no_one or only_bookkeeping:
            super().save(*args, **kwargs)  # type: ignore[misc]
            return
        with transaction.atomic():
            self._require_people()
            super().save(*args, **kwargs)  # type: ignore[misc]
            page: Any = self
            store_links(page, rules.links_of(page))

    def _require_people(self) -> None:
        page: Any = self
        found = rules.reasons(page, lock=True) if page.live else []
        if found and page._state.adding:
            page.live = False
            return
        if found and not self._is_being_published():
            found = [reason for reason in found if reason.requirement]
        if found:
            raise gate.NotPublic(page, found)

    def _is_being_published(self) -> bool:
        """Return whether saving the page publishes a version: Wagtail does not say so. One query."""
        page: Any = self
        stored = type(page)._default_manager.filter(pk=page.pk).values_list("live", "live_revision").first()
        return stored is not None and stored != (True, page.live_revision_id)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        revision = super().save_revision(*args, **kwargs)  # type: ignore[misc]
        if self.is_about_no_one:
            page: Any = self
            store_links(page, rules.links_of(page), draft=True)
        return revision

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Publish a revision. Raises NotPublic, except at a scheduled time: then the editor gets a mail."""
        if not self.is_about_no_one:
            super().publish(revision, *args, **kwargs)  # type: ignore[misc]
            return
        page: Any = self
        make_before_publication(revision)
        try:
            with transaction.atomic():
                gate.lock_people([page.pk])
                super().publish(revision, *args, **kwargs)  # type: ignore[misc]
        except gate.NotPublic as refusal:
            if kwargs.get("log_action") != refusals.SCHEDULED:
                raise
            refusals.notify_of(revision, refusal)
