"""Charts of outcome measures, drawn on the server as SVG.

`charts_of` decides what is drawn (plan.py) and `draw` draws it (drawing.py): for a page, where style sheets colour it,
or for print, where every line carries its own colour. Words are in `words.py`; geometry of axes in `axes.py`.
"""

from __future__ import annotations

from figures.charts.drawing import draw
from figures.charts.plan import Chart, MixedMeasures, charts_of

__all__ = ["Chart", "MixedMeasures", "charts_of", "draw"]
