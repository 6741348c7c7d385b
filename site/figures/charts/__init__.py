"""Charts, drawn on the server as SVG.

`data.py` describes a chart, `drawing.py` draws it: for a page, where style sheets colour it, or for print,
where every line carries its own colour. The geometry of axes is in `axes.py`.
"""

from __future__ import annotations

from figures.charts.data import Chart
from figures.charts.drawing import draw

__all__ = ["Chart", "draw"]
