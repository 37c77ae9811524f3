"""A matrix as a picture: its order, its scale, its colours.  No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.document.attention_look import AttentionLook
from app.theme.palette import LONE, colour_map, cosine_map, diverging_map
from sim.masks.causal import Causal
from sim.measure import token_weights

if TYPE_CHECKING:
    from app.theme.palette import Theme
    from sim.array_types import AnyArray, Pixels
    from sim.frame import Frame
    from sim.scenario import Scenario


TOP_QUANTILE = 0.995  # has the brightest colour; lone tokens attend to themselves
MAX_OVER_TOP = 20.0  # ratio of weights with the brightest colour
SHADE_EXPONENT = 0.6  # below 1, so that small weights can be seen
COSINE_EXPONENT = 1.0  # so that cosines near ±1 look different, too
# Ends of the colour scale, times a power of ten.
ROUND_TOPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
NO_CHOICE = AttentionLook()
ORDER_TEXTS = {
    "label": "by name",
    "angle": "by longitude",
    "unnamed": "index: no names",
}


@dataclass(frozen=True)
class MatrixImage:
    """A matrix in the order in which it is shown.

    Attributes
    ----------
    tokens : int, shape (s,)
        The token of each row and column.
    values : float, shape (s, s)
        Rows attend; entries of a graph count its edges.
    cuts : int, shape (c,)
        Where a new cluster starts.
    graph : bool
        Whether this is the adjacency matrix of a graph.
    order : str
        By what tokens are ordered; see `AttentionLook`.  "unnamed" where that is by
        names that they do not have.
    signed : bool
        Whether values are of either sign: differences, or cosines.
    cosines : bool
        Whether values are cosines, on a linear scale from −1 to 1.
    """

    tokens: AnyArray
    values: AnyArray
    cuts: AnyArray
    graph: bool
    order: str = "cluster"
    signed: bool = False
    cosines: bool = False

    @property
    def limit(self) -> float:
        """The value with the last colour of the scale."""
        return 1.0 if self.cosines else colour_limit(self.values)

    def indices(self, values: AnyArray, top: float) -> AnyArray:
        """Return the indices of `values` in the colour map, whose last is of `top`."""
        exponent = COSINE_EXPONENT if self.cosines else SHADE_EXPONENT
        return colour_indices(values, top, signed=self.signed, exponent=exponent)

    def colours(self, theme: Theme) -> Pixels:
        """Return the colour map in `theme`: uint8 (256, 3)."""
        if self.cosines:
            return cosine_map(theme)
        return diverging_map(theme) if self.signed else colour_map()

    @property
    def order_text(self) -> str:
        """By what tokens are ordered, in words."""
        return ORDER_TEXTS.get(self.order, f"by {self.order}")

    @property
    def lines(self) -> AnyArray:
        """The cuts beside a block of at least two tokens: int (l,)."""
        sizes = np.diff(self.cuts, prepend=0, append=len(self.tokens))
        return self.cuts[(sizes[:-1] > 1) | (sizes[1:] > 1)]


def is_causal(scenario: Scenario) -> bool:
    """Return whether tokens attend to earlier ones only."""
    heads = scenario.dynamics.attention_heads
    return heads is not None and isinstance(heads.mask, Causal)


def has_attention(scenario: Scenario) -> bool:
    """Return whether the law has heads that attend among the tokens."""
    law = scenario.dynamics
    return law.attention_heads is not None and law.self_attending


def has_graph(scenario: Scenario) -> bool:
    """Return whether the law is one on a graph."""
    return scenario.dynamics.topology is not None


def cluster_order(colours: AnyArray, labels: AnyArray) -> AnyArray:
    """Return the order of tokens: int (n,).

    Those of one colour are together, large colours first and tokens without one last;
    within a colour those of one cluster, large clusters first.
    """
    keys: list[AnyArray] = [np.arange(len(labels))]
    for groups in (labels, colours):
        _, which, sizes = np.unique(groups, return_inverse=True, return_counts=True)
        keys += [which, -sizes[which]]
    return np.lexsort((*keys, colours == LONE))


def order_in_force(scenario: Scenario, look: AttentionLook) -> str:
    """Return by what the matrix of `scenario` is ordered."""
    if look.order != "auto":
        return look.order
    return "index" if is_causal(scenario) else "cluster"


def attention_image(
    frame: Frame,
    colours: AnyArray,
    look: AttentionLook = NO_CHOICE,
    points: AnyArray | None = None,
) -> MatrixImage | None:
    """Return the attention of `frame` in order: of one head, all, or a difference.

    Parameters
    ----------
    frame : Frame
        Its matrix is among a sample of the tokens.
    colours : int, shape (n,)
        The number of each token's colour; LONE for none.  A cluster has one colour.
    look : AttentionLook
        The heads and the order.
    points : float, shape (n, 3), optional
        Where tokens are drawn, for an order by angle; by default their coordinates.
    """
    if frame.matrix is None or frame.sample is None:
        return None
    values = token_weights.of_heads(np.asarray(frame.matrix), look.head, look.minus)
    by = _by(frame, look)
    order, cuts = _order(frame, frame.sample, by, colours, points)
    tokens, values = frame.sample[order], values[np.ix_(order, order)]
    signed = 0 < look.minus <= len(frame.matrix)
    return MatrixImage(tokens, values, cuts, graph=False, order=by, signed=signed)


def gram_image(
    frame: Frame,
    colours: AnyArray,
    look: AttentionLook = NO_CHOICE,
    points: AnyArray | None = None,
) -> MatrixImage | None:
    """Return the cosines of `frame` in the order of `attention_image`."""
    if frame.gram is None:
        return None
    sample, by = frame.gram.sample, _by(frame, look)
    order, cuts = _order(frame, sample, by, colours, points)
    values = frame.gram.values[np.ix_(order, order)]
    return MatrixImage(
        sample[order], values, cuts, graph=False, order=by, signed=True, cosines=True
    )


def _by(frame: Frame, look: AttentionLook) -> str:
    """Return by what the tokens of a frame are ordered; see `MatrixImage`."""
    by = order_in_force(frame.scenario, look)
    return "unnamed" if by == "label" and not frame.names else by


def _order(
    frame: Frame, sample: AnyArray, by: str, colours: AnyArray, points: AnyArray | None
) -> tuple[AnyArray, AnyArray]:
    """Return the order of `sample`, (s,), and where clusters start: int (s,), (c,)."""
    cuts = np.zeros(0, int)
    if by == "cluster":
        here = colours[sample]
        labels = here if frame.labels is None else np.asarray(frame.labels)[sample]
        order = cluster_order(here, labels)
        cuts = np.flatnonzero(np.diff(labels[order])) + 1
    elif by == "label":
        names = [frame.names[k].casefold() for k in sample]
        order = np.array(sorted(range(len(names)), key=names.__getitem__))
    elif by == "angle":
        order = np.argsort(longitude(frame, points)[sample], kind="stable")
    else:
        order = np.arange(len(sample))
    return order, cuts


def longitude(frame: Frame, points: AnyArray | None) -> AnyArray:
    """Return the angle of each token around the pole, from −π to π: (n,)."""
    x = frame.x if points is None or len(points) != len(frame.x) else points
    return np.arctan2(x[:, 1], x[:, 0])


def block_means(values: AnyArray, most: int) -> AnyArray:
    """Return means of blocks, so that the side is at most `most`: (s, s) -> (k, k)."""
    s = len(values)
    k = -(-s // max(most, 1))
    if k == 1:
        return values
    starts = np.arange(0, s, k)
    sums = np.add.reduceat(np.add.reduceat(values, starts, axis=0), starts, axis=1)
    counts = np.diff(np.append(starts, s)).astype(float)
    return sums / (counts[:, None] * counts[None, :])


def colour_limit(values: AnyArray) -> float:
    """Return a round number that hardly any |value| exceeds; 1 for a matrix of zeros.

    None exceeds it by more than `MAX_OVER_TOP`, so that equal colours mean similar
    values.
    """
    size = np.abs(values)
    most = float(size.max(initial=0.0))
    high = max(float(np.quantile(size, TOP_QUANTILE)), most / MAX_OVER_TOP)
    if not np.isfinite(high) or high <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(high))
    return float(next(r for r in ROUND_TOPS if r * power >= high * (1 - 1e-9)) * power)


def colour_indices(
    values: AnyArray,
    top: float,
    *,
    signed: bool = False,
    exponent: float = SHADE_EXPONENT,
) -> AnyArray:
    """Return the index of each value in the colour map: uint8, of the same shape.

    From 0 to `top`; where `signed` from −top to `top`, with 0 in the middle.
    """
    clean = np.nan_to_num(values)
    share = np.clip(np.abs(clean) / top, 0, 1) ** exponent
    if signed:
        share = 0.5 + 0.5 * np.sign(clean) * share
    else:
        share = np.where(clean > 0, share, 0.0)
    return np.ascontiguousarray((share * 255).astype(np.uint8))
