"""Spectra of the two matrices of a head: D = QᵀK and V·O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.models.interventions import check_place

if TYPE_CHECKING:
    from sim.array_types import AnyArray, Complexes
    from sim.models.transformer import Transformer

ROUNDING = 1e-9  # of the largest: by less, parts of eigenvalues are equal


@dataclass(frozen=True, slots=True)
class HeadSpectra:
    """Eigenvalues of a head's matrices, all but the d − e that are 0.

    Biases and rotations are left out, as in `AttentionHalf.head`.

    Attributes
    ----------
    score : complex, shape (e,)
        Of D = QᵀK, by falling real part; 1/√e is in Q, so that ⟨x,Dy⟩ is a score.
    value : complex, shape (e,)
        Of V·O, which says what a head adds of a token it attends to.
    dimension : int
        d.
    pull : float
        tr(V·O)/(|V·O|√e), from −1 to 1: above 0 where V·O pulls to what is attended to.
    """

    score: Complexes
    value: Complexes
    dimension: int
    pull: float


def head_spectra(model: Transformer, layer: int, head: int) -> HeadSpectra:
    """Return the spectra of a head; layer and head are counted from 0.

    The nonzero eigenvalues of a product of d × e and e × d matrices are those of the
    e × e product in the other order.

    Raises
    ------
    ValueError
        If there is no such layer or head.
    """
    check_place("layer", layer, model.layers)
    check_place("head", head, model.heads)
    half = model.attention(layer)
    q, k = (np.asarray(m, np.float64) for m in half.query_and_key(head))
    v, o = (np.asarray(m, np.float64) for m in half.value_and_out(head))
    return HeadSpectra(_falling(k.T @ q), _falling(o @ v), len(q), value_trace(v, o))


def value_trace(v: AnyArray, o: AnyArray) -> float:
    """Return tr(V·O)/(|V·O|√e) of v, (d, e), and o, (e, d).

    By tr(V·O) = tr(O·V) and |V·O|² = tr(VᵀV·O·Oᵀ), without the d × d matrix.
    """
    v, o = (np.asarray(m, np.float64) for m in (v, o))
    square = float(np.vdot(v.T @ v, o @ o.T))
    return float(np.vdot(v.T, o)) / np.sqrt(max(square, 1e-300) * v.shape[1])


def _falling(matrix: AnyArray) -> Complexes:
    """Return eigenvalues by falling real part, the upper one of a pair first."""
    found: Complexes = np.linalg.eigvals(matrix).astype(complex)
    size = ROUNDING * np.abs(found).max(initial=1e-300)
    order = np.lexsort((-found.imag, -np.round(found.real / size)))
    return found[order]
