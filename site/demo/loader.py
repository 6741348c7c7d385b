"""Load the demo: each part once, in an order in which links find their pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

from django.core.management import call_command
from django.db import models

from conditions.models import Condition
from config import SITE
from demo.content import Content
from demo.parts import evidence, experiences, frame, materials, people, places, texts
from demo.site_builder import SiteBuilder, Tell
from treatments.models import Treatment

STEPS: tuple[Callable[[SiteBuilder], None], ...] = (
    materials.make_materials,
    frame.make_home,
    frame.make_indexes,
    places.make_directory_indexes,
    texts.make_forms,
    people.make_quoted,
    texts.make_pages,
    evidence.make_treatments,
    evidence.make_cohorts,
    experiences.make_stories,
    experiences.make_videos,
    evidence.make_cases,
    places.make_directory,
    texts.make_faq,
    texts.make_news,
    texts.decide_names_on_pages,
    frame.finish_home,
    frame.make_settings,
    materials.make_renditions,
)


@dataclass
class DemoReport:
    """What one run did. `refused`: why nothing was loaded. `seconds` from start to end."""

    made: list[str] = field(default_factory=list)
    kept: int = 0
    left_out: list[str] = field(default_factory=list)
    refused: str = ""
    seconds: float = 0.0


def load_demo(tell: Tell = lambda _line: None) -> DemoReport:
    """Load what is missing and return what was done. `tell` is called with the key of each part."""
    start = monotonic()
    builder = SiteBuilder(Content(), tell)
    if reason := frame.reason_to_refuse(builder):
        return DemoReport(refused=reason, seconds=monotonic() - start)
    load_vocabulary(builder)
    for step in STEPS:
        step(builder)
    return DemoReport(builder.made, builder.kept, builder.left_out, seconds=monotonic() - start)


def load_vocabulary(builder: SiteBuilder) -> None:
    """Load the starter vocabularies, once for each version of their files.

    Their own commands keep what editors changed.
    """
    for model in (Condition, Treatment):
        load_terms(builder, model)
    builder.read_vocabulary()


def load_terms(builder: SiteBuilder, model: type[models.Model]) -> None:
    app = model._meta.app_label
    from_file = SITE / app / "data" / "starter.csv"
    builder.once(f"{app}-{builder.content.digest(from_file)}", partial(load_file, app))


def load_file(app: str) -> None:
    call_command(f"load_{app}", verbosity=0)
