"""The figure of curves: observables against time, with what theory predicts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.figures.figure import Figure, PlotPanel
from app.figures.parts import Axis, Column, Curve, Rule
from app.theme.colour import mix
from app.theme.palette import LANE_DASHES, PAPER
from app.widgets import axis_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.plots.heading import Heading
    from sim.array_types import Floats

COLOURS = (PAPER.accent, PAPER.sky, PAPER.good, PAPER.clusters[6])
PADDING = 0.06  # of the range, above and below the curve
HEIGHT = 0.34  # of a plot, in widths
EQUATION = re.compile(r"\S+ = ")  # a formula that begins with its own symbol
NO_POINTS = (np.empty(0), np.empty(0))
THEORY_PT, THEORY_SHADE = 3.0, 0.55  # of the dashes below a lane's curve
TIME = Axis("time t", (0.0, 1.0))


@dataclass(frozen=True, slots=True)
class ShownCurve:
    """A curve on show with all its points, and the dashed one to compare with.

    Attributes
    ----------
    heading : Heading
        Names and units.
    curve, partner : (float, shape (k,)), (float, shape (k,))
        Times and values; NaN breaks the curve.
    logarithmic : bool
        Whether the axis of values is; only positive ones are drawn then.
    why : str
        Why there are no values, where there are none.
    lanes : tuple of CurveOfLane
        The curves of all lanes, drawn in the place of the two; none for a run alone.
    """

    heading: Heading
    curve: tuple[Floats, Floats]
    partner: tuple[Floats, Floats]
    logarithmic: bool = False
    why: str = "undefined"
    lanes: tuple[CurveOfLane, ...] = ()


@dataclass(frozen=True, slots=True)
class CurveOfLane:
    """The curve of a lane, for a plot of several.

    Attributes
    ----------
    place : int
        The lane, from 0.
    title : str
        What differs in it.
    curve : (float, shape (k,))
        Times and values.
    theory : (float, shape (k,))
        Times and values of what theory predicts; none where it predicts nothing.
    source : str
        The formula of that, and where it is proved.
    """

    place: int
    title: str
    curve: tuple[Floats, Floats]
    theory: tuple[Floats, Floats] = NO_POINTS
    source: str = ""


def curves_figure(
    shown: Sequence[ShownCurve],
    changes: Sequence[tuple[float, str]] = (),
    caption: tuple[str, ...] = (),
    end: float | None = None,
) -> Figure:
    """Return the figure of curves, one below the other, up to the time `end`.

    `changes` are the times at which settings changed, with their texts.
    """
    last = max((float(s.curve[0].max(initial=0.0)) for s in shown), default=0.0)
    span = (0.0, last if end is None else end)
    if span[1] <= 0:
        span = (0.0, 1.0)
    panels = [
        _plot(s, COLOURS[k % len(COLOURS)], span, last=k == len(shown) - 1)
        for k, s in enumerate(shown)
    ]
    rules = tuple(Rule(t, text, PAPER.accent) for t, text in changes if t <= span[1])
    bare = tuple(Rule(r.at, "", r.colour) for r in rules)
    placed = tuple(
        _with_rules(panel, bare if k else rules) for k, panel in enumerate(panels)
    )
    return Figure("curves", placed, (*caption, *map(definition, shown)))


def definition(shown: ShownCurve) -> str:
    """Return what the observable is: its name and its formula."""
    about = shown.heading
    formula = about.formula.partition("\n")[0]
    text = formula if EQUATION.match(formula) else f"{about.name}: {formula}"
    if shown.lanes:
        drawn = [one for one in shown.lanes if np.isfinite(one.theory[1]).any()]
        sources = dict.fromkeys(f"wide dashes: {lane.source}" for lane in drawn)
        return "; ".join([text, *sources])
    drawn = np.isfinite(shown.partner[1]).any()
    return f"{text}; dashed: {about.source}" if about.source and drawn else text


def _with_rules(plot: PlotPanel, rules: tuple[Rule, ...]) -> PlotPanel:
    return replace(plot, rules=rules)


def _plot(
    shown: ShownCurve, colour: str, span: tuple[float, float], *, last: bool
) -> PlotPanel:
    about, (t, y), (u, z) = shown.heading, shown.curve, shown.partner
    name, unit = split_unit(about.name, about.formula)
    paired = bool(np.isfinite(z).any())
    solid = about.tip if paired and about.tip else name
    data = [Column("t", t), Column(name, y, unit)]
    if shown.logarithmic:
        y, z = (np.where(v > 0, v, np.nan) for v in (y, z))
    parts = [Curve(solid if paired else name, t, y, colour, steps=about.whole)]
    if shown.lanes:
        parts, data = _lane_parts(shown, name, unit)
        paired, y = False, np.concatenate([part.y for part in parts])
        z = y[:0]
    if paired:
        parts.append(Curve(about.partner, u, z, PAPER.text, dashed=True))
        partner = f"{name}, {about.partner}"
        data += [Column("t", u), Column(partner, shown.partner[1], unit)]
    values = np.concatenate([y, z])
    log = shown.logarithmic and bool(np.isfinite(values).any())
    if log:
        low, high = value_range(np.log10(values), False, 0.0)
        axis = Axis(name, (10**low, 10**high), unit, log=True)
    else:
        span_of_values = value_range(values, about.whole, about.finest)
        axis = Axis(name, span_of_values, unit, whole=about.whole)
    time = Axis(TIME.label, span, labelled=last)
    note = "" if paired or about.tip == about.formula else about.tip
    if not np.isfinite(values).any():
        note = shown.why
    return PlotPanel(
        time, axis, tuple(parts), note=note, height=HEIGHT, data=tuple(data)
    )


def _lane_parts(
    shown: ShownCurve, name: str, unit: str
) -> tuple[list[Curve], list[Column]]:
    """Return the curves of all lanes, and their data."""
    parts: list[Curve] = []
    data: list[Column] = []
    for lane in shown.lanes:
        (t, y), colour = lane.curve, PAPER.lanes[lane.place]
        data += [Column("t", t), Column(f"{name}, {lane.title}", y, unit)]
        y = np.where(y > 0, y, np.nan) if shown.logarithmic else y
        dashed, whole = bool(LANE_DASHES[lane.place]), shown.heading.whole
        if np.isfinite(lane.theory[1]).any():
            u, z = lane.theory
            data += [Column("t", u), Column(f"{name}, {lane.title}, theory", z, unit)]
            z = np.where(z > 0, z, np.nan) if shown.logarithmic else z
            pale = mix(PAPER.canvas, colour, THEORY_SHADE)
            parts.append(Curve("", u, z, pale, dashed=True, width=THEORY_PT))
        parts.append(Curve(lane.title, t, y, colour, dashed=dashed, steps=whole))
    return parts, data


def split_unit(name: str, formula: str) -> tuple[str, str]:
    """Return the name and the unit, which the formula gives after a comma."""
    return name, "nats" if "in nats" in formula.partition("\n")[0] else ""


def value_range(y: Floats, whole: bool, finest: float) -> tuple[float, float]:
    """Return the range of an axis that holds the finite values of `y` with some air.

    A constant is drawn in the middle of the range that the window shows it in, not
    with its rounding errors enlarged.
    """
    known = y[np.isfinite(y)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    least = max(axis_scale.MIN_FIRST_RANGE, finest)
    middle = (low + high) / 2
    middle = 0.0 if abs(middle) < least else middle
    first = axis_scale.first_range(middle, whole, least)
    air = PADDING * (high - low)
    bottom, top = min(low - air, first[0]), max(high + air, first[1])
    if low >= 0:
        bottom = max(bottom, -0.02 * top)
    return bottom, top
