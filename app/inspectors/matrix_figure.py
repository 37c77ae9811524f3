"""Figures of attention, of a graph's adjacency, and of the Gram matrix; no widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.annotations.number_format import tick_labels
from app.figures.figure import Figure, HeatMap
from app.figures.parts import Column
from app.figures.ticks import round_values
from app.scene import matrix_order
from app.scene.graph_matrix import graph_image
from app.theme.palette import PAPER, colour_map, token_colours

if TYPE_CHECKING:
    from app.document.attention_look import AttentionLook
    from app.scene.matrix_order import MatrixImage
    from app.scene.scene_info import SceneInfo
    from sim.array_types import AnyArray, Pixels
    from sim.frame import Frame

MAX_NAMES = 32  # with more tokens, only the first and the last rows have a number
SCALE_TICKS = 6
SCALE_STEPS = 256


def matrix_figure(
    frame: Frame, info: SceneInfo, look: AttentionLook, caption: tuple[str, ...] = ()
) -> Figure | None:
    """Return the matrix of a head, of all, or a difference; None without a matrix.

    The rows and columns have the order of the window, and the data are those of all
    tokens in it: where there are more than 288, of a sample.
    """
    image = matrix_order.attention_image(frame, info.cluster_ids, look, info.points)
    if image is None:
        graph = not matrix_order.has_attention(frame.scenario)
        image = graph_image(frame) if graph else None
    if image is None:
        return None
    if image.graph:
        panel = _panel(frame, info, image, ("token", "token", ""))
        return Figure("graph", (panel,), caption)
    texts = "token i (attends)", "token j", _label(frame, look)
    return Figure("attention", (_panel(frame, info, image, texts),), caption)


def gram_figure(
    frame: Frame, info: SceneInfo, look: AttentionLook, caption: tuple[str, ...] = ()
) -> Figure | None:
    """Return the cosines of the tokens, ordered as in the window; None without any."""
    image = matrix_order.gram_image(frame, info.cluster_ids, look, info.points)
    if image is None:
        return None
    texts = "token i", "token j", "cosine of xᵢ and xⱼ"
    return Figure("gram", (_panel(frame, info, image, texts),), caption)


def _panel(
    frame: Frame, info: SceneInfo, image: MatrixImage, texts: tuple[str, str, str]
) -> HeatMap:
    """Return the heat map of `image`, with the texts of its rows, columns and scale."""
    top = image.limit
    tokens = image.tokens.tolist()
    names = [token_name(frame, token) for token in tokens]
    columns = [Column("token", names)]
    columns += [Column(names[k], image.values[:, k]) for k in range(len(names))]
    rows, across, label = texts
    return HeatMap(
        image.colours(PAPER)[image.indices(image.values, top)],
        _strip(info)[image.tokens],
        tuple(image.cuts.tolist()) if len(image.cuts) < len(tokens) / 2 else (),
        _ticks(frame, tokens),
        rows,
        across,
        None if image.graph else _scale(image, top),
        () if image.graph else scale_texts(image.values, top, signed=image.signed),
        label,
        note=_note(frame, image),
        data=tuple(columns),
    )


def token_name(frame: Frame, token: int) -> str:
    """Return the name of a token, or its number from 1."""
    return frame.names[token] if frame.names else f"token {token + 1}"


def _scale(image: MatrixImage, top: float) -> Pixels:
    """Return the colours of the scale from its low to its high end: uint8 (256, 3)."""
    steps = np.linspace(-top if image.signed else 0.0, top, SCALE_STEPS)
    return image.colours(PAPER)[image.indices(steps, top)]


def _label(frame: Frame, look: AttentionLook) -> str:
    heads = 1 if frame.matrix is None else len(frame.matrix)
    return "attention Aᵢⱼ" if heads == 1 else f"Aᵢⱼ, {look.heads_text}"


def _strip(info: SceneInfo) -> Pixels:
    """Return the colours of tokens on paper: uint8 (n, 3)."""
    ramp = info.legend is not None and not info.legend.names
    known = len(info.numbers) == len(info.colours) and not ramp
    rgba = token_colours(PAPER, info.numbers) if known else info.colours
    return np.round(rgba[:, :3] * 255).astype(np.uint8)


def _ticks(frame: Frame, tokens: list[int]) -> tuple[tuple[float, str], ...]:
    if frame.names and len(tokens) <= MAX_NAMES:
        return tuple((k, frame.names[token]) for k, token in enumerate(tokens))
    return tuple(
        (k, str(tokens[k] + 1)) for k in range(len(tokens)) if len(tokens) <= MAX_NAMES
    )


def ramp(top: float) -> Pixels:
    """Return the colours of weights from 0 to `top`: uint8 (256, 3)."""
    steps = np.linspace(0.0, top, SCALE_STEPS)
    return colour_map()[matrix_order.colour_indices(steps, top)]


def scale_texts(
    values: AnyArray, top: float, *, signed: bool = False
) -> tuple[tuple[float, str], ...]:
    """Return the texts of the scale of values, at places in [0, 1]."""
    low = -top if signed else 0.0
    shown = round_values(low, top, SCALE_TICKS, whole=False)
    texts = tick_labels(shown)
    above = float(values.max(initial=0.0)) > top * (1 + 1e-9)
    if above and shown[-1] == top:
        texts[-1] = f"≥ {texts[-1]}"
    places = [(v - low) / (top - low) for v in shown]
    return tuple(zip(places, texts, strict=True))


def _note(frame: Frame, image: MatrixImage) -> str:
    n = len(frame.x)
    if image.graph:
        return "neighbours of the graph side by side"
    some = f"{len(image.tokens)} of {n:,} " if len(image.tokens) < n else ""
    return f"{some}tokens by {image.order}"
