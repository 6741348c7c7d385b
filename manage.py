#!/usr/bin/env python3
"""Starts every command of the project; works from any folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")


try:
    from django.core.management import execute_from_command_line
except ImportError as error:
    raise SystemExit(
        "Django is not installed in this Python. Run `make setup`, then `.venv/bin/python manage.py ...`."
    ) from error


def main() -> None:
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
