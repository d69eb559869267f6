"""Charts as geometry: values in, shapes of an SVG out; no Django, no database, no clock.

Across, places are percent of the drawing's width, so that letters keep their size on a phone; down, pixels.
`templates/components/chart.html` draws them, `charts.css` gives the colours by the names of classes.
"""

from selfcare.charts.bars import Bar, bars
from selfcare.charts.heat import heat
from selfcare.charts.lines import Curve, Outlook, lines
from selfcare.charts.parts import Chart, Figures, Key
from selfcare.charts.stacked import Column, stacked

__all__ = ["Bar", "Chart", "Column", "Curve", "Figures", "Key", "Outlook", "bars", "heat", "lines", "stacked"]
