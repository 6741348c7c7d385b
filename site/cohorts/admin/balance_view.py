"""The editors' balance: for each condition and treatment, the stories told here against
everyone followed up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from cohorts.story_balance import Balance, Verdict, balance
from treatments.models import TreatmentPage
from treatments.typical import Typical, typical_of

WORDS = {
    Verdict.ROSIER: _("Rosier than the figures"),
    Verdict.DARKER: _("Darker than the figures"),
    Verdict.ALIKE: _("In line with the figures"),
    Verdict.CANNOT_TELL: _("Too few stories to tell"),
    Verdict.NOTHING_KNOWN: _("No figures to compare with"),
    Verdict.NO_STORIES: _("No stories"),
}
ORDER = list(WORDS)


@dataclass(frozen=True)
class BalanceRow:
    page: Page
    url: str
    counts: dict[str, int]
    typical: Typical
    balance: Balance

    @property
    def words(self) -> Any:
        return WORDS[self.balance.verdict]

    @property
    def status(self) -> str:
        """The look of Wagtail's status tag."""
        return "primary" if self.balance.verdict == Verdict.ROSIER or self.balance.none_worse else "secondary"

    @property
    def gains(self) -> str:
        balance = self.balance
        if not balance.told or balance.interval is None:
            return "–"
        share = round(100 * balance.gains / balance.told)
        low, high = round(100 * balance.interval.low), round(100 * balance.interval.high)
        return f"{balance.gains} / {balance.told} ({share} %, {low}–{high} %)"

    @property
    def figures(self) -> str:
        if self.balance.share is None:
            return "–"
        share = round(100 * self.balance.share)
        return f"{self.typical.count('improved')} / {self.typical.followed_up} ({share} %)"


def rows() -> list[BalanceRow]:
    """Return a row for every treatment page, rosiest first. One query."""
    found = []
    for page in TreatmentPage.objects.live().select_related("condition", "treatment", "balance"):
        typical = typical_of(page)
        counts = page.story_counts
        found.append(
            BalanceRow(
                page,
                reverse("wagtailadmin_pages:edit", args=[page.pk]),
                counts,
                typical,
                balance(
                    counts,
                    followed_up=typical.followed_up,
                    improved=typical.count("improved"),
                    worse=typical.count("worse"),
                ),
            )
        )
    return sorted(found, key=lambda row: (ORDER.index(row.balance.verdict), row.page.title.casefold()))


def may_see(user: Any) -> bool:
    return bool(user.is_active and user.has_perm("wagtailadmin.access_admin"))


class BalanceView(WagtailAdminTemplateMixin, View):
    page_title = _("Balance of stories")
    header_icon = "order"
    template_name = "cohorts/admin/balance.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if not may_see(request.user):
            raise PermissionDenied
        return self.render_to_response(self.get_context_data(rows=rows()))
