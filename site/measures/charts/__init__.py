"""Charts of outcome measures: decides what is drawn of a person's measurements, and what is said of it.

`plan.py` turns measurements and the rules of their measure into `figures.charts.data.Chart`; `wording.py` has
the words. `figures.charts.draw` makes the picture.
"""

from __future__ import annotations

from measures.charts.plan import MixedMeasures, charts_of

__all__ = ["MixedMeasures", "charts_of"]
