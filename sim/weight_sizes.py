"""How large the matrices of a law are: their shape, and their norm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.mlps.composed import Composed
from sim.seed import Seed
from sim.settings.knobs import get
from sim.weights import Weights

if TYPE_CHECKING:
    from sim.scenario import Scenario

MAX_ENTRIES = 100_000  # of all matrices: their norms take a few milliseconds
MAX_DRAWN = 2_000_000  # entries, which are drawn in as long
MAX_SIZES = 32  # kept, for a symbol that is looked at while other settings change
HEADS, MLP = "dynamics.heads", "dynamics.heads.mlp"


@dataclass(frozen=True, slots=True)
class MatrixSize:
    """The matrices that a setting stands for.

    Attributes
    ----------
    count, rows, columns : int
        How many there are, and their shape.
    norm : float
        The largest singular value of them all; NaN where it would take too long.
    """

    count: int
    rows: int
    columns: int
    norm: float


def matrix_size(scenario: Scenario, path: str, d: int) -> MatrixSize | None:
    """Return the size of the matrices at `path`, such as V, for tokens in R^d.

    None where the setting is no matrix, the tokens do not fit it, or drawing it would
    take too long.
    """
    weights = get(scenario, path)
    if not isinstance(weights, Weights):
        return None
    name = path.rpartition(".")[2]
    seed, count = Seed(scenario.seed), _count(scenario, path)
    if count * d * d > MAX_DRAWN:
        return None
    try:
        if not path.startswith(MLP):
            return _size(weights, count, d, seed, name)
        first = _size(get(scenario, f"{MLP}.first"), count, d, seed, "mlp first")
        if name == "first":
            return first
        return _size(weights, count, first.rows, seed, "mlp second")
    except (ValueError, OSError):
        return None


def _count(scenario: Scenario, path: str) -> int:
    """Return how many matrices the law draws for a setting."""
    heads = scenario.dynamics.attention_heads
    if heads is None or not path.startswith(HEADS):
        return int(getattr(get(scenario, path.rpartition(".")[0]), "count", 1))
    one = path.startswith(MLP) and not isinstance(heads.mlp, Composed)
    return heads.depth.layers * (1 if one else heads.count)


@lru_cache(maxsize=MAX_SIZES)
def _size(weights: Weights, count: int, d: int, seed: Seed, name: str) -> MatrixSize:
    drawn = weights.draw(count, d, seed.rng(name))
    large = drawn.size > MAX_ENTRIES
    norm = math.nan if large else float(np.linalg.norm(drawn, 2, axis=(1, 2)).max())
    return MatrixSize(count, drawn.shape[1], drawn.shape[2], norm)
