from __future__ import annotations

from pathlib import Path

from conditions.commands import LoadTermsCommand
from treatments.models import Treatment


class Command(LoadTermsCommand):
    help = """Loads treatments: the starter vocabulary, or any OBO or CSV file.

It adds what is missing and changes only what a loader wrote and no editor has altered since. It deletes
nothing. Running it twice changes nothing the second time. The columns of a CSV file are described in
docs/vocabulary.md."""
    model = Treatment
    starter = Path(__file__).resolve().parents[2] / "data" / "starter.csv"
