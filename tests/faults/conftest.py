"""Which of these tests run: LibreOffice is too large for each machine, so `make faults` asks for it (OFFICE=1)."""

from __future__ import annotations

import os

collect_ignore = [] if os.environ.get("OFFICE") else ["test_office.py"]
