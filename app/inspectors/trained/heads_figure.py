"""The figure of attention by head; no widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.figures.figure import Figure, HeatMap, Picture
from app.figures.parts import Column, PlacedText
from app.inspectors.matrix_figure import MAX_NAMES, ramp, scale_texts
from app.inspectors.trained.head_attention import head_name
from app.inspectors.trained.head_grid import grid_pixels
from app.scene import matrix_order
from app.theme.palette import PAPER, colour_map, rgb
from sim.models.measures import attention_entropy

if TYPE_CHECKING:
    from app.inspectors.trained.head_attention import HeadAttention
    from sim.array_types import AnyArray

MAX_ALL = 64  # tokens, up to which the data have the attention of every head
STEP, GAP = 96, 8  # pixels of a cell, and between cells
EDGE = 0.06  # room for numbers, in widths of the picture


def heads_figure(
    found: HeadAttention, layer: int, head: int, caption: tuple[str, ...] = ()
) -> Figure:
    """Return the attention of a head, from 1, and of all heads as small pictures.

    The data are the attention of the head, the entropy of every head, and of up to
    `MAX_ALL` tokens the attention of every head, a row for each token that attends.
    """
    values = found.of(layer, head)
    name = head_name(layer, head)
    return Figure("heads", (_large(found, values, name), _small(found)), caption)


def _large(found: HeadAttention, values: AnyArray, name: str) -> HeatMap:
    top = matrix_order.colour_limit(values)
    names, n = found.names, len(found.names)
    strip = np.tile(np.round(rgb(PAPER.lone) * 255).astype(np.uint8), (n, 1))
    columns = [Column("token", names)]
    columns += [Column(f"{names[k]} ({k + 1})", values[:, k]) for k in range(n)]
    return HeatMap(
        colour_map()[matrix_order.colour_indices(values, top)],
        strip,
        (),
        tuple(enumerate(names)) if n <= MAX_NAMES else (),
        "token i (attends)",
        "token j, in the same order",
        ramp(top),
        scale_texts(values, top),
        "attention Aᵢⱼ",
        note=name,
        data=tuple(columns),
    )


def _small(found: HeadAttention) -> Picture:
    layers, heads = found.attention.shape[:2]
    drawn = grid_pixels(found.attention, (STEP, STEP), GAP, PAPER)
    off = round(EDGE * (drawn.shape[1] / (1 - EDGE)))
    pixels = np.full((drawn.shape[0] + off, drawn.shape[1] + off, 3), 255, np.uint8)
    pixels[off:, off:] = drawn
    wide = pixels.shape[1]
    texts = [
        PlacedText(
            str(k + 1),
            ((off + (k + 0.5) * STEP) / wide, 0.6 * EDGE),
            PAPER.text,
            halo=False,
            centred=True,
        )
        for k in range(heads)
    ]
    texts += [
        PlacedText(
            str(k + 1),
            (0.4 * EDGE, (off + (k + 0.5) * STEP) / wide),
            PAPER.text,
            halo=False,
            centred=True,
        )
        for k in range(layers)
    ]
    texts.append(
        PlacedText("layer ↓ head →", (0.0, 0.2 * EDGE), PAPER.muted, halo=False)
    )
    entropy = attention_entropy(found.attention)
    which = np.indices((layers, heads)).reshape(2, -1) + 1
    columns = (
        Column("layer", which[0]),
        Column("head", which[1]),
        Column("mean entropy", entropy.reshape(-1), "nats"),
    )
    return Picture(pixels, tuple(texts), data=(*columns, *_every_head(found)))


def _every_head(found: HeadAttention) -> tuple[Column, ...]:
    """Return the attention of all heads, rows by layer, head and token."""
    layers, heads, n = found.attention.shape[:3]
    if n > MAX_ALL:
        return ()
    layer, head, token = np.indices((layers, heads, n)).reshape(3, -1)
    rows = found.attention.reshape(-1, n)
    names = found.names
    return (
        Column("layer of row", layer + 1),
        Column("head of row", head + 1),
        Column("token i of row", [names[k] for k in token]),
        *(Column(f"to {names[k]} ({k + 1})", rows[:, k]) for k in range(n)),
    )
