from __future__ import annotations

from pathlib import Path

from conditions.commands import LoadTermsCommand
from conditions.models import Condition


class Command(LoadTermsCommand):
    help = """Load conditions: the starter vocabulary, or any OBO or CSV file.

The command adds missing terms, and changes only what a loader wrote and editors have not changed since.
It deletes nothing. Running it again changes nothing. The columns of a CSV file are in docs/vocabulary.md."""
    model = Condition
    starter = Path(__file__).resolve().parents[2] / "data" / "starter.csv"
