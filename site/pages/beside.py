"""What must stand beside a story, a video or a case study: twelve things, as data (D1 to D12).

A page type about a person says in `beside` where each of them comes from; `pages.checks` refuses to start a site whose
page type forgets one. On the page each has a mark, `data-d="D3"`, by which a test finds it. What nobody stated is said
to be not stated: an empty place reads as 'nothing to declare'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Instead of a field of the page: what the page of its treatment says, what the site's settings say.
FROM_TREATMENT = "treatment"
FROM_SITE = "site"


@dataclass(frozen=True)
class Requirement:
    """`what` must stand there, and `source`: the rule that asks for it."""

    id: str
    what: str | Promise
    source: str


BESIDE: tuple[Requirement, ...] = (
    Requirement(
        "D1",
        _(
            "The typical result, before any clip plays: treated, followed up, improved, no change, worse, lost"
        ),
        "16 CFR 255.2(b)",
    ),
    Requirement(
        "D2", _("One person’s experience, not evidence; the level of evidence"), "16 CFR 255.2(a); ASA"
    ),
    Requirement("D3", _("Who paid; gifts and ties of the teller and the publisher"), "16 CFR 255.5"),
    Requirement("D4", _("Quotation marks only around exact words; every omission shown"), "16 CFR 255.1(b)"),
    Requirement("D5", _("Actors and sample content are marked"), "16 CFR 255.2(c)"),
    Requirement("D6", _("A signed, dated original is on file"), "CAP Code 3.46"),
    Requirement("D7", _("Stories without improvement are shown, and counted"), "IPDAS; ICMS"),
    Requirement("D8", _("Approval, trial number, risks, adverse events, who bears the cost"), "ISSCR"),
    Requirement("D9", _("Why it was told; consent stated"), "IPDAS"),
    Requirement("D10", _("Who wrote it, asked, edited, and who employs them"), "Hawke 2019"),
    Requirement("D11", _("Last reviewed, next review due"), "NHS service manual; HSE"),
    Requirement(
        "D12", _("The publisher is named, its interests shown, feedback invited"), "NHS standard for content"
    ),
)
IDS = tuple(requirement.id for requirement in BESIDE)


def wrong_with(beside: Any, has: Any) -> list[str]:
    """What is missing or made up in a page type's `beside`. `has(name)`: whether the page type has such an attribute."""
    if not isinstance(beside, Mapping):
        return ["it has no `beside`"]
    found = [f"{id_} is missing" for id_ in IDS if not beside.get(id_)]
    found += [f"{id_} is no requirement" for id_ in beside if id_ not in IDS]
    for id_, names in beside.items():
        for name in str(names).split():
            if name not in {FROM_TREATMENT, FROM_SITE} and not has(name):
                found.append(f"{id_} is said to be in `{name}`, which it does not have")
    return found
