"""Information about a scene, for captions, legends, labels and the other views."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.document.attention_look import AttentionLook
from app.scene.geometry import Scales
from app.scene.globe_fields import NOT_PAINTED, Painted
from app.scene.projector import Projected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.scene.arcs import TokenArcs
    from app.scene.colouring import Legend
    from sim.array_types import Ints, Single
    from sim.frame import Frame


NO_EDGES, ATTENTION = Scales(), AttentionLook()
NO_TOKENS = Projected(np.zeros((0, 3), np.float32), True)


@dataclass(frozen=True, slots=True)
class SceneInfo:
    """The tokens of a frame as drawn; m of n are in the picture.

    Attributes
    ----------
    frame : Frame, optional
        The frame; None before the first.
    chosen : tuple of int
        Ids of the chosen tokens that are there.
    numbers : int, shape (n,)
        Colour number of each token: its group, head or cluster, -1 for none.
    cluster_ids : int, shape (n,)
        Stable id of the clusters that share a colour, -1 for a token without one.
    colours : float32, shape (n, 4)
        sRGB and alpha, as drawn.
    projected : Projected
        Where tokens are drawn, (m, 3), and by which projection.
    drawn : int
        How many tokens are in the picture, m.
    sampled : int, shape (m,), optional
        Which they are, ascending; None for all.
    legend : Legend, optional
        What the colours mean; None where no legend is needed.
    scales : Scales
        What the colour and the width of edges mean.
    reason : str
        Why tokens are not coloured by `look.colour`; empty if they are.
    arcs : tuple of TokenArcs
        What the arcs of the chosen tokens show.
    attention : AttentionLook
        How attention is looked at.
    painted : Painted
        What the globe is painted with.
    ringed : bool
        Whether there are rings around tokens at one place.
    """

    frame: Frame | None
    chosen: tuple[int, ...]
    numbers: Ints
    cluster_ids: Ints
    colours: Single
    projected: Projected
    drawn: int
    sampled: Ints | None = None
    legend: Legend | None = None
    scales: Scales = NO_EDGES
    reason: str = ""
    arcs: tuple[TokenArcs, ...] = ()
    attention: AttentionLook = ATTENTION
    painted: Painted = NOT_PAINTED
    ringed: bool = False

    @property
    def labels(self) -> Ints:
        """The cluster of each token, by the rule that counts them: int (n,).

        Where they are not counted, those of one colour; -1 for a token in none.
        """
        known = None if self.frame is None else self.frame.labels
        return self.cluster_ids if known is None else np.asarray(known)

    @property
    def points(self) -> Single:
        """Positions of the drawn tokens: (m, 3)."""
        return self.projected.points

    @property
    def share(self) -> float | None:
        """Share of the variance that is shown, None where all is."""
        return self.projected.share


def token_text(token: int, row: int, names: tuple[str, ...]) -> str:
    """Return the name of a token in a row of x, or its number if it has none."""
    return (names[row] if names else "") or f"token {token + 1}"


def own_text(token: int, row: int, names: tuple[str, ...]) -> str:
    """Return the name of a token, with its number where another is called so too."""
    name = token_text(token, row, names)
    return numbered(name, token) if names.count(name) > 1 else name


def numbered(name: str, token: int) -> str:
    """Return the name of a token that shares it, with its number."""
    return f"{name} (token {token + 1})"


def own_texts(ids: Iterable[int], names: tuple[str, ...]) -> dict[int, str]:
    """Return `own_text` of all tokens, by id."""
    known, texts = Counter(names), dict[int, str]()
    for row, token in enumerate(ids):
        name = token_text(token, row, names)
        texts[token] = numbered(name, token) if known[name] > 1 else name
    return texts


_NONE = np.zeros(0, np.int64)
NO_SCENE = SceneInfo(None, (), _NONE, _NONE, np.zeros((0, 4), np.float32), NO_TOKENS, 0)
