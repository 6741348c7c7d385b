"""GA4GH Phenopackets v2, both ways, without a database: https://phenopacket-schema.readthedocs.io/en/2.0.0/
(ISO 4454).
"""

from __future__ import annotations

SCHEMA_VERSION = "2.0"
