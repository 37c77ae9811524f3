"""How Σⱼ e^{⟨aᵢ,bⱼ⟩} yⱼ is computed, never storing the n × n matrix.

May import `sim.jit`, masks and what is below them; never attention.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod, sqrt
from typing import TYPE_CHECKING

from sim.arrays import namespace
from sim.jit.row_norms import squared_norm_range
from sim.masks.full import Full

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.masks import Rule

MATRIX = 2  # axes of one run and head


@dataclass(frozen=True, slots=True)
class Sums:
    """Softmax-weighted sums of each query over the keys.

    With w_ij = e^{s_ij} over the pairs that the mask allows,

    Attributes
    ----------
    top : Array, shape (..., n, 1)
        A number near the largest score of row i, subtracted before every exponential.
    mass : Array, shape (..., n, 1)
        Zᵢ e^{-topᵢ} = Σⱼ w_ij e^{-topᵢ}.
    mean : Array, shape (..., n, d)
        Σⱼ w_ij yⱼ / Zᵢ.
    """

    top: Array
    mass: Array
    mean: Array

    @property
    def log_z(self) -> Array:
        """Return log Zᵢ: (..., n, 1)."""
        return self.top + namespace(self.mass).log(self.mass)


@dataclass(frozen=True)
class Problem:
    """Sums that are asked for: scores s_ij = c⟨aᵢ,bⱼ⟩, and values yⱼ.

    Passing one array as queries, keys and values says more than three equal ones: that
    scores are symmetric, and that keys need not be read twice.

    Attributes
    ----------
    queries : Array, shape (..., n, e)
        aᵢ.
    keys : Array, shape (..., m, e)
        bⱼ.
    values : Array, shape (..., m, d)
        yⱼ.
    scale : float
        c, such as the inverse temperature.
    mask : Rule, optional
        Which pairs count; all by default.
    known_lengths : tuple of float, optional
        `lengths`, where they are known and need not be measured.
    """

    queries: Array
    keys: Array
    values: Array
    scale: float = 1.0
    mask: Rule | None = None
    known_lengths: tuple[float, float, float, float] | None = None

    @cached_property
    def kind(self) -> str:
        """Name of the type of the numbers."""
        return str(self.queries.dtype).rpartition(".")[2]

    @property
    def library(self) -> str:
        """Name of the library of the arrays."""
        return namespace(self.queries).__name__

    @cached_property
    def shape(self) -> tuple[int, int, int, int]:
        """How many queries and keys, and the dimensions of keys and values."""
        n, width = self.queries.shape[-2:]
        return n, self.keys.shape[-2], width, self.values.shape[-1]

    @cached_property
    def leading(self) -> tuple[int, ...]:
        """Shape of the axes before: runs of a batch, and heads."""
        shapes = (a.shape[:-2] for a in (self.queries, self.keys, self.values))
        return _broadcast(*shapes)

    @property
    def batch(self) -> bool:
        """Whether there are many runs: an axis before that of heads."""
        return self.queries.ndim > MATRIX + 1

    @property
    def pairs(self) -> int:
        """How many scores there are."""
        n, m, _, _ = self.shape
        return n * m * prod(self.leading)

    @property
    def full(self) -> bool:
        """Whether every pair counts."""
        return self.mask is None or isinstance(self.mask, Full)

    @property
    def symmetric(self) -> bool:
        """Whether w_ij = w_ji, and values are the keys."""
        return self.queries is self.keys is self.values and self.full

    @cached_property
    def lengths(self) -> tuple[float, float, float, float]:
        """Smallest and largest |a|, smallest and largest |b|."""
        if self.known_lengths is not None:
            return self.known_lengths
        a = squared_norm_range(self.queries)
        b = a if self.queries is self.keys else squared_norm_range(self.keys)
        return sqrt(a[0]), sqrt(a[1]), sqrt(b[0]), sqrt(b[1])

    @cached_property
    def max_score(self) -> float:
        """The bound |c| max|a| max|b| on the size of a score."""
        return abs(self.scale) * self.lengths[1] * self.lengths[3]

    @property
    def choice_key(self) -> tuple[object, ...]:
        """All that the choice of a method looks at, besides what the mask says."""
        q, b, y = self.queries, self.keys, self.values
        same = type(q), q.dtype, q is b, b is y
        return same, q.shape, b.shape, y.shape, self.scale, self.lengths


def each(problem: Problem) -> list[Problem]:
    """Split runs and heads; equal arrays stay one array."""
    given = (problem.queries, problem.keys, problem.values)
    if all(a.ndim == MATRIX for a in given):
        return [problem]
    wide = {id(a): _runs(a, problem.leading) for a in given}
    count = prod(problem.leading)
    known = problem.lengths if count == 1 else None  # those of the same tokens
    out: list[Problem] = []
    for k in range(count):
        rows = {name: a[k] for name, a in wide.items()}
        q, b, y = (rows[id(a)] for a in given)
        out.append(Problem(q, b, y, problem.scale, problem.mask, known))
    return out


def _runs(a: Array, leading: tuple[int, ...]) -> Array:
    shape = a.shape[-2:]
    if a.shape[:-2] != leading:
        a = namespace(a).broadcast_to(a, (*leading, *shape))
    return a.reshape(-1, *shape)


def assembled(problem: Problem, parts: list[Sums]) -> Sums:
    """Put the sums of the parts of `each` together, in the type of `problem`."""
    shape = (*problem.leading, problem.shape[0], -1)

    def whole(arrays: list[Array]) -> Array:
        one = arrays[0] if len(arrays) == 1 else namespace(arrays[0]).stack(arrays)
        return one.astype(problem.kind, copy=False).reshape(shape)

    return Sums(
        whole([p.top for p in parts]),
        whole([p.mass for p in parts]),
        whole([p.mean for p in parts]),
    )


def _broadcast(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(shapes)) == 1:
        return shapes[0]
    wide = max(map(len, shapes))
    rows = [(1,) * (wide - len(s)) + tuple(s) for s in shapes]
    return tuple(max(sizes) for sizes in zip(*rows, strict=True))
