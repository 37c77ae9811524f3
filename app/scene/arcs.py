"""Arcs of attention: the fewest weights of a row or column that make most of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.scene.scene import Lines
from sim.measure import token_weights

if TYPE_CHECKING:
    from app.document.attention_look import AttentionLook
    from sim.array_types import Floats, Ints, Single
    from sim.frame import Frame

ARC_SHARE = 0.9  # of a row or column that its arcs make up
MAX_ARCS = 24  # of a token: more cannot be followed by eye
SLACK = 1e-9  # of that share, lost in a sum
MIN_ARC_LENGTH = 0.06  # globe radii: beads hide shorter arcs


@dataclass(frozen=True, slots=True)
class TokenArcs:
    """The arcs of one token.

    Attributes
    ----------
    token : int
        Its id.
    ends : int, shape (k,)
        Ids of the tokens at the other ends.
    weights : float, shape (k,)
        Their weights, as they are in the matrix.
    total : float
        Σ|w| over the whole row or column.
    own : float
        Share of the token itself in it, where that is among the large ones.
    beside : float
        Share of large weights of tokens too near for an arc.
    others : int
        Number of those.
    capped : bool
        Whether more weights are needed for `ARC_SHARE` than have arcs.
    incoming : bool
        Whether the others attend to the token.
    """

    token: int
    ends: Ints
    weights: Floats
    total: float
    own: float
    incoming: bool
    beside: float = 0.0
    others: int = 0
    capped: bool = False

    @property
    def drawn(self) -> float:
        """Share of the row or column that the arcs have."""
        return float(np.abs(self.weights).sum()) / (self.total or 1.0)

    def without_near(self, frame: Frame, points: Single) -> TokenArcs:
        """Return the arcs that beads do not hide; tokens are at `points`, (n, 3)."""
        rows = frame.rows_of((self.token, *self.ends.tolist()))
        ends = [rows[i] for i in self.ends.tolist()]
        apart = np.linalg.norm(points[ends] - points[rows[self.token]], axis=1)
        far = apart > MIN_ARC_LENGTH
        beside = float(np.abs(self.weights[~far]).sum()) / (self.total or 1.0)
        return replace(
            self,
            ends=self.ends[far],
            weights=self.weights[far],
            beside=beside,
            others=int((~far).sum()),
        )


def weights_of(frame: Frame, token: int, look: AttentionLook) -> Floats | None:
    """Return the row or column of a token as `look` has it: (n,); None if not known."""
    heads = (frame.columns if look.incoming else frame.rows).get(token)
    if heads is None or heads.shape[-1] != len(frame.x):
        return None
    return token_weights.of_heads(np.asarray(heads), look.head, look.minus)


def token_arcs(
    frame: Frame, chosen: tuple[int, ...], look: AttentionLook
) -> tuple[TokenArcs, ...]:
    """Return the arcs of the chosen tokens, by id, whose weights are known."""
    out: list[TokenArcs] = []
    for token, row in frame.rows_of(chosen).items():
        weights = weights_of(frame, token, look)
        if weights is None:
            continue
        few = token_weights.fewest(weights, ARC_SHARE, MAX_ARCS)
        total, others = float(np.abs(weights).sum()), few[few != row]
        covered = float(np.abs(weights[few]).sum())
        capped = covered < (1 - SLACK) * ARC_SHARE * total
        own = float(np.abs(weights[few[few == row]]).sum()) / (total or 1.0)
        parts = token, frame.ids[others], weights[others], total, own
        out.append(TokenArcs(*parts, look.incoming, capped=capped))
    return tuple(out)


def arc_lines(
    frame: Frame, points: Single, arcs: tuple[TokenArcs, ...]
) -> Lines | None:
    """Return arcs as lines from the token that attends, wide where it attends much.

    `points`, (n, 3), are of the tokens of `frame`; None where there is no arc.
    """
    starts, ends, weights = list[int](), list[int](), list[float]()
    rows = frame.rows_of((*(a.token for a in arcs), *arc_ends(arcs)))
    for one in arcs:
        for end, weight in zip(one.ends.tolist(), one.weights.tolist(), strict=True):
            here, there = rows[one.token], rows[end]
            starts.append(there if one.incoming else here)
            ends.append(here if one.incoming else there)
            weights.append(weight)
    if not weights:
        return None
    w = np.array(weights)
    width = (np.abs(w) / np.abs(w).max()).astype(np.float32)
    sign = np.sign(w).astype(np.float32) if w.min() < 0 else None
    return Lines(points[starts], points[ends], width, sign)


def arc_ends(arcs: tuple[TokenArcs, ...]) -> list[int]:
    """Return the ids of the tokens at the other ends of arcs."""
    return [i for one in arcs for i in one.ends.tolist()]


def lit_tokens(arcs: tuple[TokenArcs, ...], frame: Frame) -> Ints:
    """Return the rows of tokens with arcs, and of those at their other ends."""
    ids = (*(a.token for a in arcs), *arc_ends(arcs))
    return np.array(list(frame.rows_of(ids).values()), np.int64)
