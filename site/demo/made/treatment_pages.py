"""Treatment pages for the terms that made stories name most, with their counted stories."""

from __future__ import annotations

from wagtail.models import Page

from demo.made.materials import Materials
from demo.made.stories import Chooser, mixed
from experiences.balance import recount
from treatments.models import TreatmentPage

CONDITIONS, TREATMENTS = 8, 3


def make_treatment_pages(materials: Materials) -> int:
    """Make the pages that are missing, published as an editor would; return how many there were to make."""
    conditions = Chooser(mixed(materials.conditions)).entries[:CONDITIONS]
    treatments = Chooser(mixed(materials.treatments)).entries[:TREATMENTS]
    present = set(
        TreatmentPage.objects.filter(slug__startswith="made-treatment-").values_list("slug", flat=True)
    )
    made = 0
    for row, condition in enumerate(conditions):
        for column, treatment in enumerate(treatments):
            slug = f"made-treatment-{row}-{column}"
            if slug in present:
                continue
            page = TreatmentPage(
                title=f"{treatment.name} for {condition.name.lower()}"[:200],
                slug=slug,
                lede="Invented, to measure the site with.",
                condition_id=condition.pk,
                treatment_id=treatment.pk,
                is_sample=True,
                live=False,
            )
            Page.objects.get(pk=materials.treatment_pages.pk).add_child(instance=page)
            page.save_revision().publish()
            made += 1
    return made


def count_stories() -> int:
    """Count the stories of every treatment page again."""
    return recount()
