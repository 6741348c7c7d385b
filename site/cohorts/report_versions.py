"""Versions of a cohort's report: the draft, what publishing it would reveal, and what is shown.

What is public of a cohort is its newest version that is shown, everywhere: the report, its PDF and the
figures with stories. Counting case rows changes nothing public. A person compares the draft with what is
public and publishes it, and only where it differs from every version that was ever public by enough people,
or in nothing that was computed from people.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts import pdf_report, published
from cohorts.models.case_rows import CohortCount
from cohorts.models.cohort import Basis, Cohort
from cohorts.models.report import CohortReport, CohortReportPage
from cohorts.treatment_figures import update_treatment_pages
from disclosure_control import configured
from disclosure_control.versions import Difference, difference, holds
from publication.visibility import visible_pages
from uploads.errors import EditorError

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class DraftRefused(EditorError):
    """A draft may not be published; the text says why."""


@dataclass(frozen=True)
class Draft:
    """What the next version would say.

    `newest`: the version that is shown now. `made_by`: the people in whom it differs from that one; None
    where they are not known. `refusals`: why it may not be published, empty where it may.
    """

    data: dict[str, Any]
    members: dict[str, str] | None
    newest: CohortReport | None
    made_by: Difference | None
    refusals: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return data_hash(self.data)

    @property
    def is_unchanged(self) -> bool:
        return self.newest is not None and self.newest.data_hash == self.digest


def data_hash(data: dict[str, Any]) -> str:
    """Return the SHA-256 of a report's data, the same on every database and in every order of keys."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def draft_of(cohort: Cohort) -> Draft:
    """Return the draft of a cohort, with the reasons against publishing it."""
    data = published.report_data(cohort)
    members = _members(cohort)
    versions = list(cohort.reports.order_by("-number").defer("pdf"))
    newest = next((version for version in versions if version.withheld_at is None), None)
    made_by = _difference(newest, members) if newest else None
    refusals = [] if cohort.live else [_("The cohort is not published. Publish it first.")]
    refusals += [reason for version in versions if (reason := _reason_against(version, data, members))]
    return Draft(data, members, newest, made_by, refusals)


def _members(cohort: Cohort) -> dict[str, str] | None:
    if cohort.basis != Basis.ROWS:
        return None
    return CohortCount.objects.filter(cohort=cohort).values_list("members", flat=True).first() or {}


def _difference(version: CohortReport, members: dict[str, str] | None) -> Difference | None:
    if members is None or version.members is None:
        return None
    return difference(version.members, members, left=version.left)


def _reason_against(version: CohortReport, data: dict[str, Any], members: dict[str, str] | None) -> str:
    """Return why `data` may not be published after `version`; '' where it may.

    Versions that are not shown any more count as well: someone may have kept them.
    """
    found = _difference(version, members)
    fewest = configured.rules().fewest
    if found is None or found.people >= fewest:
        return ""
    if published.figures_in(version.data) == published.figures_in(data):
        return ""
    return _(
        "It differs from version %(number)s in %(people)s people. The difference would tell their groups and "
        "values. Import more case rows first: at least %(fewest)s people must make the difference."
    ) % {"number": version.number, "people": found.people, "fewest": fewest}


@transaction.atomic
def publish_draft(*, cohort: Cohort, digest: str, by: User) -> CohortReport:
    """Publish the draft that `by` has seen as a new version.

    `digest`: of the draft that was seen. Raises DraftRefused where it may not be published, has changed
    since, or says what is public already.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    draft = draft_of(cohort)
    if draft.digest != digest:
        raise DraftRefused(_("The draft has changed since you looked at it. Look at it again."))
    if draft.is_unchanged:
        raise DraftRefused(_("This draft says what is public already."))
    if draft.refusals:
        raise DraftRefused(" ".join(draft.refusals))
    return _keep(cohort, draft.data, draft.members, by, draft.made_by)


@transaction.atomic
def republish(*, cohort: Cohort, by: User | None) -> CohortReport | None:
    """Bring what is public in line with a cohort that was published: its report and its treatment pages.

    Typed figures and the first version of counted ones are published with the cohort. Later, counted figures
    wait for `publish_draft`; what editors wrote is published with the figures that are public. None where no
    new version is needed.
    """
    if not cohort.live:
        update_treatment_pages(cohort)
        return None
    # Two editors publishing at once must not both make version 2.
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    versions = cohort.reports.order_by("-number").defer("pdf")
    newest = versions.shown().first()
    data, members, left = published.report_data(cohort), _members(cohort), 0
    if cohort.basis == Basis.ROWS and versions:
        if newest is None or newest.data["basis"] != cohort.basis:
            update_treatment_pages(cohort)
            return None
        data |= published.figures_in(newest.data)
        members, left = newest.members, newest.left
    if newest is not None and newest.data_hash == data_hash(data):
        update_treatment_pages(cohort)
        return None
    return _keep(cohort, data, members, by, None, left=left)


def _keep(
    cohort: Cohort,
    data: dict[str, Any],
    members: dict[str, str] | None,
    by: User | None,
    made_by: Difference | None,
    *,
    left: int = 0,
) -> CohortReport:
    last = cohort.reports.order_by("-number").values_list("number", flat=True).first() or 0
    digest = data_hash(data)
    report = CohortReport.objects.create(
        cohort=cohort,
        number=last + 1,
        data=data,
        data_hash=digest,
        members=members,
        left=left,
        made_by=by,
        pdf=pdf_report.render_report(
            data,
            number=last + 1,
            day=timezone.localdate(),
            digest=digest,
            page=visible_pages(cohort.report_pages.all()).first(),
        ),
    )
    log(
        instance=cohort,
        action="cohorts.keep_report",
        user=by,
        data={"version": report.number, "hash": digest, "people": made_by.people if made_by else None},
    )
    update_treatment_pages(cohort)
    return report


def print_again(*, page: CohortReportPage) -> None:
    """Make the PDF of the newest version again: its page has changed, whose address and disclosures it holds.

    The data and the day of the version stay.
    """
    report = page.cohort.reports.shown().first()
    if report is not None:
        report.pdf = pdf_report.render_report(
            report.data,
            number=report.number,
            day=timezone.localdate(report.made_at),
            digest=report.data_hash,
            page=page,
        )
        report.save(update_fields=["pdf"])


def forget_member(*, cohort: Cohort, member: str) -> None:
    """Delete one person's pseudonym from all versions, and withhold all but the newest that counted them."""
    newest = cohort.reports.shown().values_list("pk", flat=True).first()
    for version in cohort.reports.defer("pdf"):
        if version.members and version.members.pop(member, None):
            version.left += 1
            if version.pk != newest:
                version.withheld_at = version.withheld_at or timezone.now()
            version.save(update_fields=["members", "left", "withheld_at"])


def keep_or_withhold(*, cohort: Cohort, by: User | None) -> bool:
    """Withhold the newest version unless its figures still hold for the people who are left.

    Counting again would publish figures with one person fewer, and the difference would tell that person's
    groups. Figures that still hold, to the accuracy they state, are true without the person and stay as they
    are. Where any of them does not, all are withheld: which one it was would tell a group. Returns whether
    the version is still shown.
    """
    newest = cohort.reports.shown().defer("pdf").first()
    if newest is None or newest.data["basis"] != Basis.ROWS:
        return newest is not None
    shown, fresh = published.figures_in(newest.data), published.figures_in(published.report_data(cohort))
    is_above = shown["at_least"] and (fresh["treated"] or 0) < (shown["treated"] or 0)
    if holds(shown, fresh, configured.rules()) and not is_above:
        return True
    withhold_counted(cohort=cohort)
    log(instance=cohort, action="cohorts.withhold_report", user=by, data={"version": newest.number})
    return False


def withhold_counted(*, cohort: Cohort) -> None:
    """Withhold all versions that were counted from case rows, and their figures with stories."""
    for version in cohort.reports.shown().defer("pdf"):
        if version.data["basis"] == Basis.ROWS:
            version.withheld_at = timezone.now()
            version.save(update_fields=["withheld_at"])
    update_treatment_pages(cohort)
