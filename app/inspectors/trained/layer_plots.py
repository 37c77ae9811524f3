"""Plots of what is measured after every half layer; no widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.figures.figure import PlotPanel
from app.figures.parts import Axis, Column, Curve

if TYPE_CHECKING:
    from app.theme.palette import Theme
    from sim.array_types import AnyArray
    from sim.models.by_layer import LayerCosines, LayerRanks

LAYER_AXIS = "half layers ℓ"
HEADROOM = 1.08
LOG_SPAN = (1e-4, 1.5)  # of the rank residual on a logarithmic axis
WIDTH = 1.7  # pt, of a line that matters


def half_layers(count: int) -> AnyArray:
    """Return 0, 1, …, of the states after every half layer."""
    return np.arange(count)


def layer_axis(count: int, *, labelled: bool = True) -> Axis:
    """Return the axis of half layers, with states before the first and after each."""
    return Axis(LAYER_AXIS, (0.0, max(count - 1.0, 1.0)), whole=True, labelled=labelled)


def cosine_panels(found: LayerCosines, theme: Theme) -> tuple[PlotPanel, ...]:
    """Return the mean cosine of pairs by half layer, of all tokens and of words."""
    k = half_layers(len(found.words))
    parts = [
        Curve("words alone", k, found.words, theme.accent, width=WIDTH),
        Curve("10–90 % of pairs", k, found.low, theme.accent, True, width=0.9),
        Curve("", k, found.high, theme.accent, True, width=0.9),
        Curve("all tokens", k, found.all_tokens, theme.sky, width=WIDTH),
    ]
    columns = (
        Column("half layers", k),
        Column("mean cosine of words", found.words),
        Column("a tenth of pairs below", found.low),
        Column("a tenth of pairs above", found.high),
        Column("mean cosine of all tokens", found.all_tokens),
    )
    low = float(np.nanmin([0.0, *found.low, *found.all_tokens]))
    span = (low * HEADROOM, 1.0)
    plot = PlotPanel(
        layer_axis(len(k)),
        Axis("cosine of pairs", span),
        tuple(parts),
        height=0.5,
        data=columns,
    )
    return (plot,)


def path_colours(theme: Theme) -> tuple[tuple[str, bool], ...]:
    """Return colour and dashes of the model and of what is taken away from it."""
    return (
        (theme.text, False),
        (theme.accent, True),
        (theme.sky, False),
        (theme.bad, True),
    )


def rank_panels(
    found: dict[str, LayerRanks], theme: Theme, *, log: bool
) -> tuple[PlotPanel, ...]:
    """Return effective ranks, and below them rank residuals, by half layer."""
    k = half_layers(len(next(iter(found.values())).residual))
    looks = list(zip(found.items(), path_colours(theme), strict=True))
    ranks = [
        Curve(name, k, r.effective_rank, ink, dashed, width=WIDTH)
        for (name, r), (ink, dashed) in looks
    ]
    floor = LOG_SPAN[0] if log else 0.0
    residuals = [
        Curve(name, k, np.maximum(r.residual, floor), ink, dashed, width=WIDTH)
        for (name, r), (ink, dashed) in looks
    ]
    most = max(float(r.effective_rank.max()) for r in found.values())
    above = PlotPanel(
        layer_axis(len(k), labelled=False),
        Axis("eff. rank", (0.0, HEADROOM * most)),
        tuple(ranks),
        height=0.4,
        data=_rank_columns(k, found, "effective_rank", "effective rank"),
    )
    below = PlotPanel(
        layer_axis(len(k)),
        Axis("residual", LOG_SPAN if log else (0.0, 1.0), log=log),
        tuple(_unnamed(curve) for curve in residuals),
        height=0.4,
        data=_rank_columns(k, found, "residual", "rank residual"),
    )
    return above, below


def _unnamed(curve: Curve) -> Curve:
    """Return a curve without an entry in the legend, which the plot above has."""
    return Curve("", curve.x, curve.y, curve.colour, curve.dashed, width=curve.width)


def _rank_columns(
    k: AnyArray, found: dict[str, LayerRanks], field: str, title: str
) -> tuple[Column, ...]:
    columns = [
        Column(f"{title}, {name}", getattr(r, field)) for name, r in found.items()
    ]
    return (Column("half layers", k), *columns)
