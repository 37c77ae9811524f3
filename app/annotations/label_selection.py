"""Which tokens to label: one for each cluster, and those far from that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.annotations.labels import Label
from app.scene.scene_info import token_text
from app.theme.palette import LONE
from sim.tokens.present import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.array_types import Bools, Floats, Ints


STRONG_LABEL_TOKENS = 4  # tokens whose label is strong
ALL_NAMED_TOKENS = 40  # so few have labels behind the globe, too
LIMB_FADE = 0.12  # of the facing, over which labels fade towards the horizon
FAR_OPACITY = 0.45  # of a label behind the globe
CHOSEN_RANK = -1e6  # rank of a chosen token
FAR_RANK = 1e3  # added to the rank of a label behind the globe


def token_labels(
    names: tuple[str, ...],
    xy: Floats,
    facing: Floats,
    cluster_ids: Ints,
    *,
    close: float,
    chosen: tuple[int, ...] = (),
    shown: Iterable[int] = (),
    chosen_only: bool = False,
    ids: Ints | None = None,
) -> list[Label]:
    """Return one label for each cluster, and one for each of its tokens farther away.

    Behind the horizon labels are faint; of more than 40 tokens only clusters of at
    least four have one there.

    Parameters
    ----------
    names : tuple of str
        Of all tokens; without names, chosen tokens are labelled by their numbers.
    xy, facing : shape (n, 2) and (n,)
        Where they are on screen; positive before the horizon.
    cluster_ids : int, shape (n,)
        The cluster of each, any negative number for a lone token.
    close : float
        Pixels from the labelled token within which others get no label.
    chosen, shown : tokens
        Those that are chosen; those labelled in the last frame, which stay labelled.
    chosen_only : bool
        Whether only the chosen tokens are labelled.
    ids : int, shape (n,), optional
        The numbers by which tokens are `chosen` and `shown`; those of the rows if None.
    """
    tokens = np.arange(len(xy)) if ids is None else ids
    marked = [
        Label(
            k,
            token_text(k, i, names),
            (float(xy[i, 0]), float(xy[i, 1])),
            CHOSEN_RANK,
            alpha=_opacity(float(facing[i]), plain=False),
            strong=True,
        )
        for k, i in rows_of(tokens, chosen).items()
    ]
    if chosen_only or not names:
        return marked
    labelled = np.isin(tokens, np.fromiter(shown, int))
    head, represented = _heads(xy, facing, cluster_ids, close, labelled)
    out = list(marked)
    few = len(xy) <= ALL_NAMED_TOKENS
    seen = (facing > 0) | (represented >= STRONG_LABEL_TOKENS) | few
    rows = np.flatnonzero((represented >= 0) & seen)
    columns = (
        rows,
        tokens[rows],
        xy[rows],
        facing[rows],
        represented[rows],
        head[rows],
    )
    for i, token, at, front, count, is_head in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        if token in chosen or not names[i]:
            continue
        others = count - 1 if is_head else 0
        rank = float(-count) if others else 1.0
        rank += 0.0 if front > 0 else FAR_RANK
        strong = count >= STRONG_LABEL_TOKENS
        alpha = _opacity(front, plain=not (strong or few))
        out.append(
            Label(token, names[i], tuple(at), rank - front, others, alpha, strong)
        )
    return out


def _opacity(facing: float, *, plain: bool) -> float:
    """Return that of a label, which only a `plain` one loses behind the horizon."""
    near = min(1.0, max(0.0, facing / LIMB_FADE))
    return 0.92 * near if plain else FAR_OPACITY + (1 - FAR_OPACITY) * near


def _heads(
    xy: Floats, facing: Floats, cluster_ids: Ints, close: float, shown: Bools
) -> tuple[Bools, Ints]:
    """Return which tokens label a cluster, bool (n,), and for how many: int (n,).

    A cluster's label is that of a token labelled before, else of the one nearest its
    centre.  The count is 0 for tokens farther away, which have their own labels, and
    -1 for those without a label.  A cluster across the horizon has one on each side.
    """
    n = len(xy)
    group = np.where(
        cluster_ids < 0, cluster_ids.max(initial=LONE) + 1 + np.arange(n), cluster_ids
    )
    _, g = np.unique(2 * group + (facing > 0), return_inverse=True)
    size = np.bincount(g)
    middle = np.stack([np.bincount(g, xy[:, k]) / size for k in (0, 1)], -1)
    off = np.linalg.norm(xy - middle[g], axis=1)
    order = np.lexsort((np.where(shown & (off < 2 * close), -1.0, off), g))
    first = order[np.unique(g[order], return_index=True)[1]]
    tight = np.linalg.norm(xy - xy[first][g], axis=1) < close
    head, represented = np.zeros(n, bool), np.where(tight, -1, 0)
    head[first] = True
    represented[first] = np.bincount(g[tight], minlength=len(size))
    return head, represented
