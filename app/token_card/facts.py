"""The numbers on the card of a token, from a frame and its scene.  No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.annotations.number_format import fixed, minus, percent
from app.scene import matrix_order
from app.scene.arcs import ARC_SHARE, weights_of
from app.scene.builder import MAX_COLOURED_BY_CLUSTER
from app.scene.scene_info import token_text
from sim.measure import token_place, token_weights
from sim.measure.attention_matrix import MAX_TOKENS_BY_ROWS
from sim.measure.clusters import cluster_rule

if TYPE_CHECKING:
    from app.document.attention_look import AttentionLook
    from sim.array_types import Floats
    from sim.frame import Frame

ROWS = 10  # weights on the card
MAX_COUNTED = 4096  # weights that are counted for the share


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight: the token at its other end, and whether that is the token itself."""

    token: int
    name: str
    value: float
    own: bool


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What the card says of a token.

    Attributes
    ----------
    token, row : int
        Its id, and its row of x.
    name : str
        Its name, or its number.
    lines : tuple of (str, str)
        What is known, and its value.
    weights : tuple of Weight
        The largest weights by size, the largest first.
    heading, total : str
        What they are, and which share they have.
    covered : int
        How many of them make 90 % of the row or column; 0 if more than are listed.
    why_not : str
        Why there are no weights; empty if there are.
    signed : bool
        Whether weights are differences of heads, or of either sign.
    """

    token: int
    row: int
    name: str
    lines: tuple[tuple[str, str], ...]
    weights: tuple[Weight, ...] = ()
    heading: str = ""
    total: str = ""
    covered: int = 0
    why_not: str = ""
    signed: bool = False


def token_facts(frame: Frame, token: int, look: AttentionLook) -> TokenFacts | None:
    """Return what is known of the token of an id; None where it is not in the frame."""
    row = frame.rows_of((token,)).get(token)
    if row is None:
        return None
    name = token_text(token, row, frame.names)
    weights = weights_of(frame, token, look)
    lines = [("Token", f"number {token + 1} of {frame.id_count:,}")]
    if frame.groups and frame.groups[row]:
        lines.append(("Group", frame.groups[row]))
    lines += _cluster_lines(frame, row)
    if weights is not None and not look.minus:
        lines.append(("Entropy", entropy_text(weights)))
    lines.append(("Began", _began(frame, row)))
    if weights is None:
        why = _why_not(frame, look)
        return TokenFacts(token, row, name, tuple(lines), why_not=why)
    parts = _weights(frame, row, weights, look)
    signed = bool(look.minus) or float(weights.min(initial=0.0)) < 0
    return TokenFacts(token, row, name, tuple(lines), *parts, signed=signed)


def _weights(
    frame: Frame, row: int, weights: Floats, look: AttentionLook
) -> tuple[tuple[Weight, ...], str, str, int]:
    """Return the largest weights, what they are, their share, and how many make it."""
    n, size = len(weights), float(np.abs(weights).sum())
    places = token_weights.largest(weights, ROWS).tolist()
    found = tuple(
        Weight(
            int(frame.ids[k]),
            token_text(int(frame.ids[k]), k, frame.names),
            float(weights[k]),
            k == row,
        )
        for k in places
    )
    few = len(token_weights.fewest(weights, ARC_SHARE, min(n, MAX_COUNTED)))
    share = float(np.abs(weights[places]).sum()) / (size or 1.0)
    count = f"over {MAX_COUNTED:,}" if few == MAX_COUNTED < n else f"{few:,}"
    what = "column" if look.incoming else "row"
    total = f"{percent(share)} of the {what}; {count} make {percent(ARC_SHARE)} of it"
    parts = (*frame.rows.values(), *frame.columns.values())
    heads = look.heads_text.capitalize() if len(parts[0]) > 1 else "Largest weights"
    return found, heads, total, few if few <= len(found) else 0


def _cluster_lines(frame: Frame, row: int) -> list[tuple[str, str]]:
    """Return the size of a token's cluster, and cosines to its centre."""
    if frame.labels is None:
        most = MAX_COLOURED_BY_CLUSTER
        text = f"not counted above {most:,} tokens" if len(frame.x) > most else "–"
        return [("Cluster", text)]
    labels = np.asarray(frame.labels)
    own, least, size = token_place.centre_cosines(frame.x, labels, row)
    if size == 1:
        rule = cluster_rule(frame.scenario.space)
        return [("Cluster", f"alone by {rule}")]
    place = f"{int(labels[row]) + 1} of {int(labels.max()) + 1}, {size:,} tokens"
    cosines = f"cos {own:.5f}, least {least:.5f}"
    return [("Cluster", place), ("Its centre", minus(cosines))]


def entropy_text(weights: Floats) -> str:
    """Return the entropy of weights, also as a number of equal ones."""
    found = token_weights.entropy(weights)
    if math.isnan(found):
        return "none: weights of both signs"
    return f"{found:.3f} nats: as {fixed(math.exp(found), 1)} tokens"


def _began(frame: Frame, row: int) -> str:
    """Return how far a token is from its start, and whose start was the nearest."""
    if frame.first is None:
        return "–"
    now, first = frame.x[row], np.asarray(frame.first)
    if frame.scenario.space.bounded:
        away = f"{token_place.angle(first[row], now):.1f}° away"
    else:
        away = f"{float(np.linalg.norm(now - first[row])):.3g} away"
    other = token_place.nearest(first, row)
    if other is None:
        return away
    return f"{away}, near {token_text(int(frame.ids[other]), other, frame.names)}"


def _why_not(frame: Frame, look: AttentionLook) -> str:
    """Return why the weights of a token are not known."""
    law, n = frame.scenario.dynamics, len(frame.x)
    if not matrix_order.has_attention(frame.scenario):
        return f"{law.title or law.kind} has no attention among the tokens."
    if look.incoming and n > MAX_TOKENS_BY_ROWS:
        return (
            f"Left out: with this law a column takes the whole matrix, which is "
            f"computed for at most {MAX_TOKENS_BY_ROWS:,} tokens; there are {n:,}."
        )
    return "…"
