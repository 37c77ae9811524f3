"""Figures of spectra, modes, cosines and checks from frames; no widgets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from app.annotations.number_format import check_value, complex_number, fixed
from app.figures.figure import Figure, PlotPanel, Table
from app.figures.parts import Axis, Bars, Column, Curve, Points, Rule
from app.theme.palette import PAPER
from sim.measure.clusters import SAME_CLUSTER_COSINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.figures.parts import Shape
    from app.inspectors.bar_chart import SpectralLines
    from app.inspectors.complex_plane import Eigenvalue
    from sim.array_types import Floats
    from sim.measure.check import Check
    from sim.measure.cosines import Histogram

SPECTRUM_MARGIN = 1.25  # between the farthest eigenvalue and the border
HEADROOM = 1.08  # of an axis over the highest bar
LOG_DECADES = 6  # of a logarithmic axis of energies
MAX_TEXTS = 24  # markers with a text beside them
KINDS: dict[str, tuple[str, Shape, str]] = {
    "D": ("D = QᵀK", "ring", PAPER.sky),
    "V": ("V", "diamond", PAPER.accent),
    "mean V": ("mean of V", "cross", PAPER.text),
}


def spectra_figure(
    eigenvalues: Sequence[Eigenvalue], caption: tuple[str, ...] = ()
) -> Figure | None:
    """Return the eigenvalues in the complex plane; None without any."""
    if not eigenvalues:
        return None
    far = max(max(abs(e.value.real), abs(e.value.imag)) for e in eigenvalues)
    reach = SPECTRUM_MARGIN * max(far, 1.0)
    turn = np.linspace(0, 2 * math.pi, 181)
    guides = (
        Curve("", np.cos(turn), np.sin(turn), PAPER.muted, dashed=True, width=0.5),
        Curve("", np.array([-reach, reach]), np.zeros(2), PAPER.line, width=0.4),
        Curve("", np.zeros(2), np.array([-reach, reach]), PAPER.line, width=0.4),
    )
    points = [_points(kind, eigenvalues) for kind in KINDS]
    plot = PlotPanel(
        Axis("Re λ", (-reach, reach)),
        Axis("Im λ", (-reach, reach)),
        (*guides, *(p for p in points if p is not None)),
        note="dashed: |λ| = 1",
        height=0.8,
        equal=True,
        data=_eigenvalue_columns(eigenvalues),
    )
    return Figure("spectra", (plot,), caption)


def _points(kind: str, eigenvalues: Sequence[Eigenvalue]) -> Points | None:
    found = [e for e in eigenvalues if e.kind == kind]
    if not found:
        return None
    name, shape, colour = KINDS[kind]
    values = np.array([e.value for e in found])
    few = len(eigenvalues) <= MAX_TEXTS
    texts = [f"×{e.count}" if e.count > 1 else "" for e in found] if few else []
    if texts and kind != "D":
        texts[0] = f"λ₁ = {complex_number(found[0].value)}  {texts[0]}".strip()
    return Points(name, np.real(values), np.imag(values), colour, shape, tuple(texts))


def _eigenvalue_columns(eigenvalues: Sequence[Eigenvalue]) -> tuple[Column, ...]:
    heads = ["all" if e.head < 0 else str(e.head + 1) for e in eigenvalues]
    return (
        Column("matrix", [e.kind for e in eigenvalues]),
        Column("head", heads),
        Column("Re λ", [e.value.real for e in eigenvalues]),
        Column("Im λ", [e.value.imag for e in eigenvalues]),
        Column("multiplicity", np.array([e.count for e in eigenvalues])),
    )


def cosines_figure(
    histogram: Histogram,
    entropy: Floats | None,
    tokens: int,
    *,
    log: bool,
    caption: tuple[str, ...] = (),
) -> Figure:
    """Return the histogram of cosines, and the entropies of heads below it."""
    panels = [_histogram(histogram, log=log)]
    if entropy is not None:
        panels.append(_entropies(np.asarray(entropy, float), tokens))
    return Figure("cosines", tuple(panels), caption)


def _histogram(h: Histogram, *, log: bool) -> PlotPanel:
    edges = np.linspace(-1, 1, len(h.counts) + 1)
    counts = h.counts.astype(float)
    top = float(counts.max(initial=1.0))
    span = (0.5, 2 * top) if log else (0.0, HEADROOM * top)
    bars = Bars("", edges[:-1], edges[1:], counts, PAPER.sky)
    rules = [Rule(SAME_CLUSTER_COSINE, f"{SAME_CLUSTER_COSINE:g}", PAPER.warn)]
    note = ""
    if h.counts.any():
        rules.insert(0, Rule(h.mean, f"mean {h.mean:.3f}", PAPER.text))
        texts = (fixed(round(v, 3) + 0.0, 3) for v in (h.least, h.mean, h.largest))
        least, mean, most = texts
        note = f"min {least}, mean {mean} (dashed), max {most}"
    columns = (
        Column("cosine, from", edges[:-1]),
        Column("cosine, to", edges[1:]),
        Column("pairs", h.counts),
    )
    rules[0] = Rule(rules[0].at, "", rules[0].colour)
    return PlotPanel(
        Axis("⟨xᵢ,xⱼ⟩ of pairs i < j", (-1.0, 1.0)),
        Axis("pairs", span, log=log, whole=True),
        (bars,),
        tuple(rules),
        note,
        0.45,
        data=columns,
    )


def _entropies(entropy: Floats, tokens: int) -> PlotPanel:
    heads = np.arange(1, len(entropy) + 1)
    most = math.log(tokens) if tokens > 1 else 1.0
    half = 0.35 * min(1.0, len(entropy) / 4)
    colours = PAPER.clusters if len(entropy) > 1 else (PAPER.sky,)
    parts = tuple(
        Bars(
            "", heads[k : k + 1] - half, heads[k : k + 1] + half, entropy[k : k + 1], c
        )
        for k, c in zip(range(len(entropy)), colours, strict=False)
    )
    return PlotPanel(
        Axis("head", (0.4, len(entropy) + 0.6), whole=True),
        Axis("entropy", (0.0, 1.15 * most), "nats"),
        parts,
        (Rule(most, f"log n = {most:.2f}", PAPER.muted, vertical=False),),
        "attention entropy",
        0.3,
        data=(Column("head", heads), Column("attention entropy", entropy, "nats")),
    )


def modes_figure(
    now: SpectralLines,
    first: SpectralLines | None,
    formula: str,
    *,
    log: bool,
    caption: tuple[str, ...] = (),
) -> Figure:
    """Return the energies of modes over their frequency, and those of the start."""
    top = max(float(s.energy.max(initial=0.0)) for s in (now, first) if s is not None)
    top = top if top > 0 else 1.0
    span = (top / 10**LOG_DECADES, 2 * top) if log else (0.0, HEADROOM * top)
    most = float(now.frequency.max(initial=0.0)) or 1.0
    half = _half_width(now.frequency, most)
    parts = [_mode_bars("now", now, half, PAPER.accent)]
    columns = [
        Column("frequency ω", now.frequency),
        Column("modes", now.count),
        Column("energy", np.asarray(now.energy, float)),
    ]
    if first is not None and len(first.energy) == len(now.energy):
        parts.append(_mode_bars("first frame", first, half, PAPER.muted, outlined=True))
        columns.append(Column("energy, first frame", np.asarray(first.energy, float)))
    plot = PlotPanel(
        Axis("frequency ω", (-2 * half, most + 2 * half)),
        Axis("energy", span, log=log),
        tuple(parts),
        note=formula.partition(" by ")[0],
        height=0.55,
        data=tuple(columns),
    )
    return Figure("modes", (plot,), caption)


def _half_width(frequency: Floats, most: float) -> float:
    apart = np.diff(frequency)
    room = float(np.quantile(apart, 0.1)) if len(apart) else most
    return min(max(0.4 * room, 0.003 * most), 0.02 * most)


def _mode_bars(
    name: str, lines: SpectralLines, half: float, colour: str, *, outlined: bool = False
) -> Bars:
    w, energy = lines.frequency, np.asarray(lines.energy, float)
    return Bars(name, w - half, w + half, energy, colour, outlined)


def checks_figure(checks: Sequence[Check], caption: tuple[str, ...] = ()) -> Figure:
    """Return the checks as a table: name, value and bound."""
    rows = tuple(
        (
            f"{'✓' if c.holds else '✗'}  {c.name}",
            check_value(c.value),
            "" if math.isnan(c.value) else check_value(c.bound),
        )
        for c in checks
    )
    columns = (
        Column("check", [c.name for c in checks]),
        Column("holds", ["yes" if c.holds else "no" for c in checks]),
        Column("value", [c.value for c in checks]),
        Column("at most", [c.bound for c in checks]),
    )
    marks = tuple(PAPER.text if c.holds else PAPER.bad for c in checks)
    table = Table(("check", "value", "at most"), rows, marks, columns)
    return Figure("checks", (table,), caption)
