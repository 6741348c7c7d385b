"""Data for the family's page: what people will see, and what changed since the family approved."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Page

from approval.changes import Change, changes
from approval.models import Approval, ApprovalLink
from consent import time_spans
from consent.grants import ConsentLookup
from consent.uses import Use
from deidentification.passages import passages
from publication.shown_files import shown_media
from publication.windows import consent_page_ids

# The uses for which the page states whether they are shown or not.
STATED_USES = (Use.REAL_NAME, Use.FACE, Use.PHOTO, Use.VOICE, Use.VIDEO, Use.FULL_TRANSCRIPT)


@dataclass(frozen=True)
class Seen:
    """One line of ‘What people will see’."""

    term: str
    text: str


@dataclass
class Reading:
    """One person reading one draft."""

    link: ApprovalLink
    page: Page
    language: str

    @cached_property
    def approved(self) -> Approval | None:
        """Return their last approval of this page, if there is one."""
        return last_approval(self.link)

    @property
    def answered(self) -> Approval | None:
        """Return their newest answer to exactly this version."""
        return Approval.objects.filter(
            page_id=self.link.page_id, person_id=self.link.person_id, content_hash=self.link.content_hash
        ).first()

    @property
    def minutes(self) -> int:
        """Return how many minutes it takes to read the page."""
        words = sum(len(passage.text.split()) for passage in passages(self.page))
        return max(1, round(words / 180))

    @property
    def content_language(self) -> str:
        """Return the language of the draft."""
        return str(self.page.locale.language_code)

    @property
    def content_direction(self) -> str:
        """Return the draft's own direction, 'ltr' or 'rtl', whatever the language of the page around it."""
        return "rtl" if translation.get_language_info(self.content_language)["bidi"] else "ltr"


def last_approval(link: ApprovalLink) -> Approval | None:
    """Return the person's last approval of the page, whatever its version."""
    approvals = Approval.objects.filter(
        page_id=link.page_id, person_id=link.person_id, answer=Approval.Answer.APPROVED
    )
    return approvals.select_related("link__revision").first()


def changes_since_approval(link: ApprovalLink, page: Page) -> list[Change] | None:
    """Return the changes since the version that they last approved; None if there is none, or it is this
    version.

    Return [] if something other than words changed, or if the earlier version was deleted.
    """
    approval = last_approval(link)
    if approval is None or approval.content_hash == link.content_hash:
        return None
    revision = approval.link.revision if approval.link else None
    if revision is None:
        return []
    before, after = (
        [(passage.part, passage.label, passage.text) for passage in passages(version)]
        for version in (revision.as_object(), page)
    )
    return changes(before, after)


def what_is_seen(page: Page) -> list[Seen]:
    """Return what visitors will see and hear of the person, and what they will not, as the consents stand
    now."""
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
    lines += [Seen(_("Also shown"), str(use.label)) for use in STATED_USES if use in shown - left_out]
    hidden = [str(use.label) for use in STATED_USES if use not in shown or use in left_out]
    if hidden:
        lines.append(Seen(_("Not shown"), ", ".join(hidden)))
    description = getattr(page, "description", "")
    if description:
        lines.append(Seen(_("In lists and search"), f"{page.title}: {description}"))
    return lines
