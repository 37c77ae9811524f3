"""Which tokens to label: one of each cluster, and each that is apart from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.annotations.labels import Label
from app.theme.palette import LONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.array_types import Bools, Floats, Ints


STRONG_LABEL_TOKENS = 4  # tokens whose label is strong
LIMB_FADE = 0.12  # of the facing, over which words fade towards the horizon
FAR_OPACITY = 0.45  # opacity of a word behind the globe
CHOSEN_RANK = -1e6  # rank of a chosen token
FAR_RANK = 1e3  # rank added to a word behind the globe


def of_tokens(
    names: tuple[str, ...],
    xy: Floats,
    facing: Floats,
    cluster_ids: Ints,
    *,
    close: float,
    chosen: tuple[int, ...] = (),
    shown: Iterable[int] = (),
    alone: bool = False,
) -> list[Label]:
    """Return one label for each cluster, and one for each token apart from it.

    Tokens behind the horizon are named, faintly, where a cluster has a crowd.

    Parameters
    ----------
    names : tuple of str
        Of all tokens; without them the chosen are named by their numbers.
    xy, facing : shape (n, 2) and (n,)
        Where they are on screen; positive before the horizon.
    cluster_ids : int, shape (n,)
        The cluster of each, any negative number for a lone token.
    close : float
        Pixels from the labelled token within which others get no label.
    chosen, shown : tokens
        Those that are chosen; those named in the last frame, who go on speaking.
    alone : bool
        Whether the chosen are named and no others.
    """
    marked = [
        _label(
            i, names[i] if names else f"token {i + 1}", xy, facing, CHOSEN_RANK, 0, True
        )
        for i in chosen
        if i < len(xy)
    ]
    if alone or not names:
        return marked
    head, voice = _heads(xy, facing, cluster_ids, close, set(shown))
    out = list(marked)
    for i in np.flatnonzero(
        (voice >= 0) & ((facing > 0) | (voice >= STRONG_LABEL_TOKENS))
    ).tolist():
        if i in chosen:
            continue
        more = int(voice[i]) - 1 if head[i] else 0
        rank = float(-voice[i]) if more else 1.0
        rank += 0.0 if facing[i] > 0 else FAR_RANK
        strong = voice[i] >= STRONG_LABEL_TOKENS
        out.append(
            _label(i, names[i], xy, facing, rank - float(facing[i]), more, strong)
        )
    return out


def _label(
    i: int, text: str, xy: Floats, facing: Floats, rank: float, more: int, strong: bool
) -> Label:
    near = min(1.0, max(0.0, float(facing[i]) / LIMB_FADE))
    alpha = (FAR_OPACITY + (1 - FAR_OPACITY) * near) if strong else 0.92 * near
    return Label(i, text, (float(xy[i, 0]), float(xy[i, 1])), rank, more, alpha, strong)


def _heads(
    xy: Floats, facing: Floats, cluster_ids: Ints, close: float, shown: set[int]
) -> tuple[Bools, Ints]:
    """Return which tokens have labels, bool (n,), and for how many: int (n,), or -1.

    A cluster's speaker is the one on show, else the one in its middle.  0 is for
    tokens that are apart and have their own labels.  A cluster that the horizon cuts
    has a speaker on either side.
    """
    n = len(xy)
    group = np.where(
        cluster_ids < 0, cluster_ids.max(initial=LONE) + 1 + np.arange(n), cluster_ids
    )
    _, g = np.unique(2 * group + (facing > 0), return_inverse=True)
    size = np.bincount(g)
    middle = np.stack([np.bincount(g, xy[:, k]) / size for k in (0, 1)], -1)
    off = np.linalg.norm(xy - middle[g], axis=1)
    loyal = np.isin(np.arange(n), np.fromiter(shown, int, len(shown)))
    order = np.lexsort((np.where(loyal & (off < 2 * close), -1.0, off), g))
    first = order[np.unique(g[order], return_index=True)[1]]
    tight = np.linalg.norm(xy - xy[first][g], axis=1) < close
    head, voice = np.zeros(n, bool), np.where(tight, -1, 0)
    head[first] = True
    voice[first] = np.bincount(g[tight], minlength=len(size))
    return head, voice
