"""What the family's page says about a draft: what people will see, and what changed since they approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from approval.changes import Change, changes
from approval.models import Approval, ApprovalLink
from consent import time_spans
from consent.grants import ConsentLookup
from consent.uses import Use
from deidentification.passages import passages
from publication.shown_files import shown_media
from publication.windows import consent_page_ids

# Uses that a reader may wonder about: said whether they are shown or not.
WONDERED = (Use.REAL_NAME, Use.FACE, Use.PHOTO, Use.VOICE, Use.VIDEO, Use.FULL_TRANSCRIPT)


@dataclass(frozen=True)
class Seen:
    """One line of ‘What people will see’."""

    term: str
    text: str


@dataclass
class Reading:
    """One person reading one draft."""

    link: ApprovalLink
    page: Any
    language: str

    @cached_property
    def approved(self) -> Approval | None:
        """Their last yes to this page, if they gave one."""
        return last_yes(self.link)

    @property
    def answered(self) -> Approval | None:
        """Their newest answer to exactly this version."""
        return Approval.objects.filter(
            page_id=self.link.page_id, person_id=self.link.person_id, content_hash=self.link.content_hash
        ).first()

    @property
    def minutes(self) -> int:
        words = sum(len(one.text.split()) for one in passages(self.page))
        return max(1, round(words / 180))

    @property
    def content_language(self) -> str:
        return str(self.page.locale.language_code)

    @property
    def content_direction(self) -> str:
        """'ltr' or 'rtl': the draft's own, whatever language the page around it is read in."""
        return "rtl" if translation.get_language_info(self.content_language)["bidi"] else "ltr"


def last_yes(link: ApprovalLink) -> Approval | None:
    yes = Approval.objects.filter(
        page_id=link.page_id, person_id=link.person_id, answer=Approval.Answer.APPROVED
    )
    return yes.select_related("link__revision").first()


def changes_since_approval(link: ApprovalLink, page: Any) -> list[Change] | None:
    """What differs from the version they last said yes to; None where they never did, or said it to this very one.

    [] where something other than words differs, or where the earlier version is no longer kept.
    """
    yes = last_yes(link)
    if yes is None or yes.content_hash == link.content_hash:
        return None
    revision = yes.link.revision if yes.link else None
    if revision is None:
        return []
    before, after = (
        [(one.part, one.label, one.text) for one in passages(version)]
        for version in (revision.as_object(), page)
    )
    return changes(before, after)


def what_is_seen(page: Any) -> list[Seen]:
    """What the public will see and hear of somebody, and what it will not, as their consents stand now."""
    now = timezone.now()
    needs = list(page.consent_requirements())
    agreed = ConsentLookup.by(need.person for need in needs if need.person)
    given, numbers = agreed.grants(), consent_page_ids(page)
    shown: set[Use] = set()
    left_out: set[Use] = set()
    for need in needs:
        held = need.person and time_spans.at(time_spans.spans_of(given, need.person, need.use, numbers), now)
        (shown if held else left_out).add(need.use)
    lines = []
    name = getattr(page, "patient_name", "")
    if name:
        lines.append(Seen(_("Name"), name))
    media = shown_media(page)
    withheld = {need.part for need in needs if need.part and need.use in left_out}
    for kind, term in (("picture", _("Pictures")), ("recording", _("Recordings"))):
        count = len({one.number for one in media if one.kind == kind and one.part not in withheld})
        lines.append(Seen(term, str(count) if count else _("none")))
    lines += [Seen(_("Also shown"), str(use.label)) for use in WONDERED if use in shown - left_out]
    hidden = [str(use.label) for use in WONDERED if use not in shown or use in left_out]
    if hidden:
        lines.append(Seen(_("Not shown"), ", ".join(hidden)))
    description = getattr(page, "description", "")
    if description:
        lines.append(Seen(_("In lists and search"), f"{page.title}: {description}"))
    return lines
