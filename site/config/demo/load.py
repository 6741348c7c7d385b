"""Loads the demo: each thing once, in an order in which links find their pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

from django.core.management import call_command
from django.db import models

from conditions.models import Condition
from config.demo.build import evidence, experiences, frame, materials, places, texts
from config.demo.build.workshop import Tell, Workshop
from config.demo.content import Content
from treatments.models import Treatment

STEPS: tuple[Callable[[Workshop], None], ...] = (
    materials.make_materials,
    frame.make_home,
    frame.make_indexes,
    places.make_directory_indexes,
    texts.make_forms,
    texts.make_pages,
    evidence.make_treatments,
    evidence.make_cohorts,
    experiences.make_stories,
    experiences.make_videos,
    evidence.make_cases,
    places.make_directory,
    texts.make_faq,
    texts.make_news,
    frame.finish_home,
    frame.make_settings,
    materials.make_renditions,
)


@dataclass
class DemoReport:
    """What one run did. `refused`: why nothing was done. `seconds` from start to end."""

    made: list[str] = field(default_factory=list)
    kept: int = 0
    left_out: list[str] = field(default_factory=list)
    refused: str = ""
    seconds: float = 0.0


def load_demo(tell: Tell = lambda line: None) -> DemoReport:
    start = monotonic()
    workshop = Workshop(Content(), tell)
    if reason := frame.why_not_here(workshop):
        return DemoReport(refused=reason, seconds=monotonic() - start)
    load_vocabulary(workshop)
    for step in STEPS:
        step(workshop)
    return DemoReport(workshop.made, workshop.kept, workshop.left_out, seconds=monotonic() - start)


def load_vocabulary(workshop: Workshop) -> None:
    """The starter vocabularies, once for each version of their files: their own commands keep what editors changed."""
    for model in (Condition, Treatment):
        load_terms(workshop, model)
    workshop.read_vocabulary()


def load_terms(workshop: Workshop, model: type[models.Model]) -> None:
    room = model._meta.app_label
    from_file = workshop.content.folder.parents[2] / room / "data" / "starter.csv"
    workshop.once(f"{room}-{workshop.content.digest(from_file)}", partial(load_file, room))


def load_file(room: str) -> None:
    call_command(f"load_{room}", verbosity=0)
