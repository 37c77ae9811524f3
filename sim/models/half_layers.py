"""Half layers of a transformer: attention or an MLP, its residual and its norm."""

from __future__ import annotations

import abc
import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from sim.models.functions import Norm, RotaryAngles, causal, softmax

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import AnyArray

MATRIX = 2  # axes


@dataclass(frozen=True, slots=True)
class Affine:
    """x ↦ x W + b for rows x: weight (d, e), bias (e,) or none."""

    weight: AnyArray
    bias: AnyArray | None = None

    def __call__(self, x: AnyArray) -> AnyArray:
        """Apply it to each row: (..., d) -> (..., e)."""
        # A table of rows, as checkpoints have them, is read faster from the left.
        turned = self.weight.flags.f_contiguous and x.ndim == MATRIX
        y = (self.weight.T @ x.T).T if turned else x @ self.weight
        if self.bias is not None:
            y += self.bias
        return y

    def cast(self, dtype: Any) -> Affine:
        """Return it with numbers of `dtype`."""
        bias = None if self.bias is None else np.asarray(self.bias, dtype)
        return Affine(np.asarray(self.weight, dtype), bias)


@dataclass(frozen=True)
class HalfLayer(abc.ABC):
    """One residual update of all tokens.

    Attributes
    ----------
    norm : Norm
        The normalisation, after the residual or before the update.
    pre : bool
        Whether it is before: x ← x + u(N(x)), else x ← N(x + u(x)).
    """

    norm: Norm
    pre: bool

    def input(self, x: AnyArray) -> AnyArray:
        """Return what the update reads: (..., n, d) -> (..., n, d)."""
        return self.norm(x) if self.pre else x

    @abc.abstractmethod
    def update(self, z: AnyArray) -> AnyArray:
        """Return u(z), what the half layer adds: (..., n, d) -> (..., n, d)."""

    def with_update(self, x: AnyArray, u: AnyArray) -> AnyArray:
        """Return the states after the update `u`, all of shape (..., n, d)."""
        return x + u if self.pre else self.norm(x + u)

    def apply(self, x: AnyArray) -> AnyArray:
        """Return the states after this half layer: (..., n, d) -> (..., n, d)."""
        return self.with_update(x, self.update(self.input(x)))

    def cast(self, dtype: Any) -> Self:
        """Return it with numbers of `dtype`."""
        parts = {
            f.name: part.cast(dtype)
            for f in dataclasses.fields(self)
            if isinstance(part := getattr(self, f.name), Affine | Norm)
        }
        return dataclasses.replace(self, **parts)


@dataclass(frozen=True)
class AttentionHalf(HalfLayer):
    """u(z) = Σ_h softmax(⟨zᵢWq, zⱼWk⟩/√e) z Wv Wo + b: heads add up.

    Attributes
    ----------
    query, key, value : Affine
        Into the heads, h·e columns; keys and values may have fewer heads, which
        several queries then share.
    out : Affine
        From the heads, h·e rows.
    heads : int
        Their number h.
    masked : bool
        Whether no token attends to later ones.
    rotary : Rotary, optional
        The rotation of queries and keys by their positions.
    """

    query: Affine
    key: Affine
    value: Affine
    out: Affine
    heads: int
    masked: bool
    rotary: RotaryAngles | None = None

    @property
    def width(self) -> int:
        """Columns of a head, e."""
        return self.query.weight.shape[1] // self.heads

    def scores(self, z: AnyArray) -> AnyArray:
        """Return ⟨qᵢ, kⱼ⟩/√e before the mask: (..., n, d) -> (..., h, n, n)."""
        q, k = self._split(self.query(z)), self._split(self.key(z))
        if self.rotary is not None:
            q, k = self.rotary(q), self.rotary(k)
        q = q * q.dtype.type(1 / math.sqrt(self.width))
        return q @ self._shared(k).swapaxes(-1, -2)

    def weights_of(self, scores: AnyArray) -> AnyArray:
        """Return the attention of scores: (..., h, n, n)."""
        if self.masked:
            scores = scores + causal(scores.shape[-1], scores.dtype.type)
        return softmax(scores)

    def weights(self, z: AnyArray) -> AnyArray:
        """Return the attention, rows that sum to 1: (..., n, d) -> (..., h, n, n)."""
        return self.weights_of(self.scores(z))

    def head_outputs(self, z: AnyArray, weights: AnyArray) -> AnyArray:
        """Return Σⱼ p_ij vⱼ: (..., n, d), (..., h, n, n) -> (..., h, n, e)."""
        return weights @ self._shared(self._split(self.value(z)))

    def joined(self, outputs: AnyArray) -> AnyArray:
        """Return the update that heads' outputs add up to: (..., h, n, e) -> …n, d."""
        y = outputs.swapaxes(-2, -3)
        return self.out(y.reshape(*y.shape[:-2], self.heads * self.width))

    def parts(self, outputs: AnyArray, room: AnyArray | None = None) -> AnyArray:
        """Return what each head adds, without b: (..., h, n, e) -> (..., h, n, d).

        In `room`, if given.
        """
        out = self.out.weight.reshape(self.heads, self.width, -1)
        return np.matmul(outputs, out, out=room)

    def update(self, z: AnyArray) -> AnyArray:
        return self.joined(self.head_outputs(z, self.weights(z)))

    def head(self, index: int) -> tuple[AnyArray, AnyArray, AnyArray]:
        """Return Wq/√e, Wk, (d, e), and Wv·Wo, (d, d), of one head: rows x times them.

        Biases and rotations are left out.
        """
        value, out = self.value_and_out(index)
        return *self.query_and_key(index), value @ out

    def query_and_key(self, index: int) -> tuple[AnyArray, AnyArray]:
        """Return Wq/√e and Wk, (d, e) each, of one head."""
        here = slice(index * self.width, (index + 1) * self.width)
        q = self.query.weight[:, here] / math.sqrt(self.width)
        return q, self.key.weight[:, self._shared_columns(index)]

    def value_and_out(self, index: int) -> tuple[AnyArray, AnyArray]:
        """Return Wv, (d, e), and Wo, (e, d), of one head."""
        here = slice(index * self.width, (index + 1) * self.width)
        return self.value.weight[:, self._shared_columns(index)], self.out.weight[here]

    def _shared_columns(self, index: int) -> slice:
        """Return the columns of the keys and values that a head's queries share."""
        shared = index * (self.key.weight.shape[1] // self.width) // self.heads
        return slice(shared * self.width, (shared + 1) * self.width)

    def _split(self, y: AnyArray) -> AnyArray:
        """Return columns by head: (..., n, h·e) -> (..., h, n, e)."""
        return y.reshape(*y.shape[:-1], -1, self.width).swapaxes(-2, -3)

    def _shared(self, y: AnyArray) -> AnyArray:
        """Repeat keys or values that several queries share: (..., h, n, e)."""
        times = self.heads // y.shape[-3]
        return y if times == 1 else np.repeat(y, times, axis=-3)


@dataclass(frozen=True)
class MlpHalf(HalfLayer):
    """u(z) = σ(z W₁ + b₁) W₂ + b₂; with a gate, (σ(z G) ⊙ (z W₁)) W₂.

    Attributes
    ----------
    up, down : Affine
        W₁ and W₂.
    gate : Affine or None
        G.
    activation : callable
        σ, entry by entry.
    """

    up: Affine
    down: Affine
    activation: Callable[[AnyArray], AnyArray]
    gate: Affine | None = None

    def update(self, z: AnyArray) -> AnyArray:
        if self.gate is None:
            return self.down(self.activation(self.up(z)))
        return self.down(self.activation(self.gate(z)) * self.up(z))
