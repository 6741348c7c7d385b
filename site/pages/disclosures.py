"""What must be shown next to a story, a video or a case study: twelve disclosures, as data (D1 to D12).

A page type about a person says in `disclosures` where each of them comes from; `pages.disclosure_checks`
refuses to start a site whose page type forgets one. On the page each has a mark, `data-d="D3"`, by which a
test finds it. What no one has stated is shown as not stated: an empty place reads as 'nothing to declare'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Instead of a field of the page: what the page of its treatment says, what the site's settings say.
FROM_TREATMENT = "treatment"
FROM_SITE = "site"


@dataclass(frozen=True)
class Disclosure:
    """`what` must be shown, and `source`: the rule that asks for it."""

    id: str
    what: str | Promise
    source: str


DISCLOSURES: tuple[Disclosure, ...] = (
    Disclosure(
        "D1",
        _(
            "The typical result, before any clip plays: treated, followed up, improved, no change, worse, "
            "lost to follow-up"
        ),
        "16 CFR 255.2(b)",
    ),
    Disclosure(
        "D2", _("One person’s experience, not evidence; the level of evidence"), "16 CFR 255.2(a); ASA"
    ),
    Disclosure(
        "D3", _("Who paid; gifts to and interests of the storyteller and the publisher"), "16 CFR 255.5"
    ),
    Disclosure("D4", _("Quotation marks only around exact words; every omission shown"), "16 CFR 255.1(b)"),
    Disclosure("D5", _("Actors and sample content are marked"), "16 CFR 255.2(c)"),
    Disclosure("D6", _("A signed, dated original is on file"), "CAP Code 3.46"),
    Disclosure("D7", _("Stories without improvement are shown, and counted"), "IPDAS; ICMS"),
    Disclosure("D8", _("Approval, trial number, side effects, who bears the cost"), "ISSCR"),
    Disclosure("D9", _("Why the story was told; consent stated"), "IPDAS"),
    Disclosure("D10", _("Who wrote it, asked, edited, and who employs them"), "Hawke 2019"),
    Disclosure("D11", _("Last reviewed, next review due"), "NHS service manual; HSE"),
    Disclosure(
        "D12", _("The publisher is named, its interests shown, feedback invited"), "NHS standard for content"
    ),
)
IDS = tuple(disclosure.id for disclosure in DISCLOSURES)


def problems_with(disclosures: object, has_attribute: Callable[[str], bool]) -> list[str]:
    """Return what is missing or made up in a page type's `disclosures`."""
    if not isinstance(disclosures, Mapping):
        return ["it has no `disclosures`"]
    found = [f"{id_} is missing" for id_ in IDS if not disclosures.get(id_)]
    found += [f"{id_} is not a disclosure" for id_ in disclosures if id_ not in IDS]
    for id_, names in disclosures.items():
        for name in str(names).split():
            if name not in {FROM_TREATMENT, FROM_SITE} and not has_attribute(name):
                found.append(f"{id_} is said to be in `{name}`, which it does not have")
    return found
