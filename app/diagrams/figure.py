"""A phase diagram as a figure for a report, and as a table."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from app.annotations.number_format import minus
from app.diagrams.painter import Shown, axis_label, measure_label, paint_diagram
from app.figures.figure import Figure, PaintedPanel
from app.figures.parts import Column
from app.labs.ink import PaperDrawing
from sim.io.atomic_write import atomic_write
from sim.io.limits import IN_TABLE
from sim.recorders import signature
from sim.schedule import Run
from sim.schedule_file import embedded_text
from sim.sweeps.first_passage import PASSAGES
from sim.tables.embedded_run import MARK

if TYPE_CHECKING:
    from pathlib import Path

    from sim.sweeps.diagram import Axis

HEIGHT = 0.72  # in widths of the figure


def figure_of(shown: Shown) -> Figure:
    """Return a diagram as a figure."""
    panel = PaintedPanel(
        PaperDrawing(lambda p, box, ink: paint_diagram(p, shown, box, ink)),
        HEIGHT,
        tuple(columns_of(shown)),
    )
    return Figure("phase-diagram", (panel,), caption_of(shown))


def caption_of(shown: Shown) -> tuple[str, ...]:
    """Return what the diagram shows, in lines."""
    diagram = shown.diagram
    s, seeds = diagram.scenario, diagram.seeds
    some = "those that get there of " if diagram.measure in PASSAGES else ""
    count = f"{some}{seeds} seed{'s' * (seeds > 1)} from {s.seed} on"
    what = f"{measure_label(diagram)}, mean of {count}"
    axes = " and ".join(f"{axis_label(a, diagram)} = {span(a)}" for a in axes_of(shown))
    sizes = {"tokens": f", n = {s.tokens}", "dimension": f", d = {s.dimension}"}
    swept = [a.path for a in axes_of(shown)]
    law = s.dynamics.title + "".join(t for k, t in sizes.items() if k not in swept)
    method = f"{s.integrator.title}, h = {s.step:g}, {s.precision}"
    curves = "; dashed: " + ", ".join(n for n, _, _ in shown.lines)
    ends = curves if shown.lines else ""
    if known := _known(shown):
        ends = f"{ends}; {known}"
    return tuple(minus(t) for t in (f"{what}; {axes}{ends}.", f"{law}; {method}."))


def _known(shown: Shown) -> str:
    """Return how many cells are known, where not all are."""
    known, size = int(np.isfinite(shown.means).sum()), shown.means.size
    return "" if known == size else f"{known:,} of {size:,} cells are known"


def axes_of(shown: Shown) -> tuple[Axis, Axis]:
    """Return both axes."""
    return shown.diagram.x, shown.diagram.y


def span(axis: Axis) -> str:
    """Return the ends of an axis and its number of values."""
    first, last = axis.values[0], axis.values[-1]
    return f"{first:g} … {last:g} ({len(axis.values)})"


def columns_of(shown: Shown) -> list[Column]:
    """Return the numbers: a row for each cell, row by row."""
    x, y = axes_of(shown)
    across, up = np.meshgrid(x.values, y.values)
    cells = [(x.path, across), (y.path, up), (shown.diagram.measure, shown.means)]
    for name, xs, ys in shown.lines:
        along_x = np.array_equal(xs, x.values)
        known = np.array(ys)[None] if along_x else np.array(xs)[:, None]
        cells.append((f"theory:{name}", np.broadcast_to(known, across.shape)))
    return [Column(name, np.ravel(values)) for name, values in cells]


def save_table(shown: Shown, path: Path) -> None:
    """Write the numbers of a diagram as CSV, aside first, with what runs share.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    columns = columns_of(shown)
    with (
        atomic_write(path) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as file,
    ):
        text = embedded_text(Run(shown.diagram.scenario), path.parent, IN_TABLE)
        file.write(f"{MARK} {text}\n# {signature()}\n")
        file.writelines(f"# {line}\n" for line in caption_of(shown))
        table = csv.writer(file, lineterminator="\n")
        table.writerow([c.name for c in columns])
        table.writerows(zip(*(c.values for c in columns), strict=True))
