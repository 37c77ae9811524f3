"""The plate of a lab as a figure for a report, with all of its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.annotations.number_format import minus
from app.figures.figure import Figure, PaintedPanel
from app.figures.parts import Column
from app.labs.ink import PaperDrawing
from app.labs.plate_painter import columns_for, foot_texts, paint_plate
from sim.plate import Bars, Curve, HeatMap, Points

if TYPE_CHECKING:
    from sim.labs import Lab
    from sim.plate import Item, Plate

TEXT_HEIGHT = 0.06  # of a text at the foot, in widths of the figure
PANEL_HEIGHT = 0.66  # of a panel, in its widths
LONGEST_SETTING = 60  # letters of a value that the caption names


def figure_of(lab: Lab, plate: Plate) -> Figure:
    """Return `plate` as a figure, two panels wide."""
    count = len(plate.panels)
    across = min(2, columns_for(count, 1.0))
    down = -(-count // across)
    texts = TEXT_HEIGHT * len(foot_texts(plate))
    height = PANEL_HEIGHT * down / across + texts
    data = tuple(c for item in plate.items for c in columns_of(item))
    drawing = PaintedPanel(
        PaperDrawing(lambda p, box, ink: paint_plate(p, plate, box, ink)), height, data
    )
    return Figure(f"lab-{lab.kind}", (drawing,), caption_of(lab))


def caption_of(lab: Lab) -> tuple[str, ...]:
    """Return what the lab is, and its settings."""
    from sim.settings.knobs import knobs

    settings = []
    for name, knob in knobs(type(lab)).items():
        value = getattr(lab, name)
        text = _text(value)
        if len(text) <= LONGEST_SETTING:
            settings.append(minus(f"{knob.label} = {text}"))
    return f"{lab.title}. {lab.summary()}", ", ".join(settings)


def _text(value: object) -> str:
    """Return a setting as it is typed."""
    if isinstance(value, tuple):
        return "; ".join(", ".join(f"{v:g}" for v in row) for row in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def columns_of(item: Item) -> tuple[Column, ...]:
    """Return the numbers of an item."""
    if isinstance(item, Curve | Points):
        x, y = (np.asarray(a, float) for a in (item.x, item.y))
        return Column("x", x), Column(item.name, y)
    if isinstance(item, Bars):
        heights = np.asarray(item.heights, float)
        return Column("place", np.arange(len(heights))), Column(item.name, heights)
    if isinstance(item, HeatMap):
        values = np.asarray(item.values, float)
        return tuple(
            Column(f"{item.name} {k + 1}", column) for k, column in enumerate(values.T)
        )
    return ()
