"""Settings, addresses and the WSGI entry point.

`site/` is a plain folder, because the standard library owns the module name `site`. A process has
only to find `config`: this module adds the repository root, so that the apps outside `site/` are found too.
"""

from __future__ import annotations

import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[1]
ROOT = SITE.parent

for folder in (str(SITE), str(ROOT)):
    if folder not in sys.path:
        sys.path.append(folder)
