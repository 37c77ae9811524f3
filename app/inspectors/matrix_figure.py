"""The figure of the attention matrix, or of a graph's adjacency; no widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.annotations.number_format import tick_labels
from app.figures.figure import Figure, HeatMap
from app.figures.parts import Column
from app.figures.ticks import round_values
from app.scene import matrix_order
from app.theme.palette import PAPER, colour_map, diverging_map, token_colours

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
        image = matrix_order.graph_image(frame) if graph else None
    if image is None:
        return None
    top = matrix_order.colour_limit(image.values)
    tokens = image.tokens.tolist()
    names = [token_name(frame, token) for token in tokens]
    columns = [Column("token", names)]
    columns += [Column(names[k], image.values[:, k]) for k in range(len(names))]
    panel = HeatMap(
        _cells(image.values, top, signed=image.signed),
        _strip(info)[image.tokens],
        tuple(image.cuts.tolist()) if len(image.cuts) < len(tokens) / 2 else (),
        _ticks(frame, tokens),
        "token i (attends)" if not image.graph else "token",
        "token j" if not image.graph else "token",
        None if image.graph else ramp(top, signed=image.signed),
        () if image.graph else scale_texts(image.values, top, signed=image.signed),
        "" if image.graph else _label(frame, look),
        note=_note(frame, image),
        data=tuple(columns),
    )
    return Figure("graph" if image.graph else "attention", (panel,), caption)


def token_name(frame: Frame, token: int) -> str:
    """Return the name of a token, or its number from 1."""
    return frame.names[token] if frame.names else f"token {token + 1}"


def _cells(values: AnyArray, top: float, *, signed: bool) -> AnyArray:
    """Return the colours of values: uint8, of their shape and (3,)."""
    table = diverging_map(PAPER) if signed else colour_map()
    return table[matrix_order.colour_indices(values, top, signed=signed)]


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


def ramp(top: float, *, signed: bool = False) -> AnyArray:
    """Return the colours of the scale from its low to its high end: uint8 (256, 3)."""
    low = -top if signed else 0.0
    return _cells(np.linspace(low, top, SCALE_STEPS), top, signed=signed)


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
