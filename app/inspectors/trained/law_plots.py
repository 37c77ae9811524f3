"""Plots of the law beside a model; no widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.figures.figure import PlotPanel
from app.figures.parts import Axis, Column, Curve, Points
from app.inspectors.trained.layer_plots import WIDTH

if TYPE_CHECKING:
    from app.theme.palette import Theme
    from sim.array_types import AnyArray
    from sim.models.law_beside_model import LawBesideModel

ROOM = 0.8  # that the heads of a layer take up of the way to the next
MARGIN = 1.12  # between the farthest cosine and the border
LAW = "law"
MEAN, PERMUTED = "null: mean", "null: permuted"


def law_panels(
    law: LawBesideModel, traces: AnyArray, theme: Theme
) -> tuple[PlotPanel, ...]:
    """Return cosines by head, of whole layers, and over tr(V·O)."""
    return _heads(law, theme), _whole(law, theme), _over_trace(law, traces, theme)


def _span(*values: AnyArray) -> tuple[float, float]:
    """Return an even span of cosines around 0."""
    most = MARGIN * max(float(np.abs(v).max()) for v in values)
    return -max(most, 0.1), max(most, 0.1)


def _named(law: LawBesideModel) -> tuple[AnyArray, AnyArray, list[str]]:
    """Return layer and head of every head, from 1, and its name where it stands out."""
    layers, heads = law.law[:, :-1].shape
    layer, head = np.indices((layers, heads)).reshape(2, -1) + 1
    beats = law.beats_both[:, :-1].reshape(-1)
    rows = zip(layer.tolist(), head.tolist(), beats.tolist(), strict=True)
    return layer, head, [f"{a}.{b}" if shown else "" for a, b, shown in rows]


def _heads(law: LawBesideModel, theme: Theme) -> PlotPanel:
    """Return the three cosines of every head, heads beside each other by layer."""
    layer, head, names = _named(law)
    heads = law.law.shape[1] - 1
    x = layer + ROOM * ((head - 0.5) / heads - 0.5)
    cosine, to_mean, permuted = (
        part[:, :-1].reshape(-1) for part in (law.law, law.to_mean, law.permuted)
    )
    layers = len(law.law)
    zero = Curve("", np.array([0.5, layers + 0.5]), np.zeros(2), theme.line, width=0.6)
    columns = (
        Column("layer", layer),
        Column("head", head),
        Column("cosine with the law", cosine),
        Column("null: mean of other sentences", to_mean),
        Column("null: directions permuted", permuted),
        Column("β", law.beta[:, :-1].reshape(-1)),
    )
    return PlotPanel(
        Axis("layer, its heads side by side", (0.5, layers + 0.5), whole=True),
        Axis("cosine, by head", _span(cosine, to_mean, permuted)),
        (
            zero,
            Points(MEAN, x, to_mean, theme.muted, "diamond"),
            Points(PERMUTED, x, permuted, theme.sky, "cross"),
            Points(LAW, x, cosine, theme.accent, "ring", tuple(names)),
        ),
        height=0.45,
        data=columns,
    )


def _whole(law: LawBesideModel, theme: Theme) -> PlotPanel:
    """Return the three cosines of attention as a whole, by layer."""
    layer = np.arange(1.0, len(law.law) + 1)
    cosine, to_mean, permuted = (
        part[:, -1] for part in (law.law, law.to_mean, law.permuted)
    )
    zero = Curve("", layer[[0, -1]], np.zeros(2), theme.line, width=0.6)
    columns = (
        Column("layer", layer),
        Column("whole layer, law", cosine),
        Column("whole layer, null: mean of other sentences", to_mean),
        Column("whole layer, null: permuted", permuted),
        Column("whole layer, β", law.beta[:, -1]),
    )
    return PlotPanel(
        Axis("layer", (1.0, max(float(len(layer)), 2.0)), whole=True),
        Axis("whole layer", _span(cosine, to_mean, permuted)),
        (
            zero,
            Curve(MEAN, layer, to_mean, theme.muted, dashed=True, width=1.2),
            Curve(PERMUTED, layer, permuted, theme.sky, width=1.2),
            Curve(LAW, layer, cosine, theme.accent, width=WIDTH + 0.6),
        ),
        height=0.3,
        data=columns,
    )


def _over_trace(law: LawBesideModel, traces: AnyArray, theme: Theme) -> PlotPanel:
    """Return the cosine with the law over the trace of V·O, of every head."""
    layer, head, _ = _named(law)
    cosine, trace = law.law[:, :-1].reshape(-1), traces.reshape(-1)
    low, high = _span(trace)
    guides = (
        Curve("", np.array([low, high]), np.zeros(2), theme.line, width=0.6),
        Curve("", np.zeros(2), np.array(_span(cosine)), theme.line, width=0.6),
    )
    columns = (
        Column("layer", layer),
        Column("head", head),
        Column("tr(V·O)/(|V·O|√e)", trace),
        Column("cosine with the law", cosine),
    )
    r = law.correlation(traces)
    return PlotPanel(
        Axis("tr(V·O)/(|V·O|√e)", (low, high)),
        Axis("cosine", _span(cosine)),
        (*guides, Points("", trace, cosine, theme.accent, "ring")),
        note=f"r = {r:.2f}",
        height=0.4,
        data=columns,
    )
