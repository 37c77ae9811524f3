"""Interventions: heads or MLPs that are off, frozen, the identity, or at another β."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.models.edited_halves import edited_halves
from sim.models.half_layers import AttentionHalf
from sim.models.intervention import Intervention, check_place
from sim.models.safetensors import finite
from sim.models.transformer import Pass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import AnyArray
    from sim.models.transformer import Transformer

__all__ = [
    "Edited",
    "Intervention",
    "Moved",
    "check_place",
    "forward",
    "moved",
    "states_moved",
]

NO_OP = 1e-6  # of a state's length: below, nothing has moved but rounding


def forward(
    model: Transformer,
    ids: Sequence[int],
    dtype: Any = np.float32,
    edits: Sequence[Intervention] = (),
) -> Pass:
    """Return what a model does with tokens; heads edited by `edits`, in order.

    Raises
    ------
    ValueError
        See `Transformer.embed`; or if there is no such layer or head, or a state is
        not finite.
    """
    cast = model.cast(np.dtype(dtype))
    with np.errstate(over="ignore", invalid="ignore"):  # said below, once
        found = Edited(cast, tuple(edits), ids).run(cast.embed(ids, dtype))
    finite(found.updates, "the forward pass of this sentence")
    finite(found.final, "the last states of this sentence")
    return found


@dataclass(frozen=True)
class Edited:
    """The forward pass of some tokens with interventions."""

    model: Transformer
    edits: tuple[Intervention, ...]
    ids: Sequence[int]

    def run(self, x: AnyArray) -> Pass:
        """Return the pass that begins at the states `x`: (n, d)."""
        model = self.model
        for edit in self.edits:
            edit.check(model.layers, model.heads)
        found = _room(model, x)
        found.states[0] = x
        for k, half in enumerate(edited_halves(model.halves, self.edits, x)):
            z, layer = half.input(x), k // 2
            if isinstance(half, AttentionHalf):
                p = half.weights(z)
                outputs = half.head_outputs(z, p)
                found.attention[layer] = p
                half.parts(outputs, found.parts[layer])
                u = half.joined(outputs)
            else:
                u = half.update(z)
            x = half.with_update(x, u)
            found.updates[k] = u
            found.states[k + 1] = x
        return found if model.last is None else replace(found, final=model.last(x))


def _room(model: Transformer, x: AnyArray) -> Pass:
    """Return a pass from the states `x`, (n, d), that has yet to be filled.

    Its arrays are made at once: joining those of layers would copy each again.
    """
    (n, d), layers, heads = x.shape, model.layers, model.heads
    states = np.empty((2 * layers + 1, n, d), x.dtype)
    return Pass(
        states,
        np.empty((layers, heads, n, n), x.dtype),
        np.empty((layers, heads, n, d), x.dtype),
        np.empty((2 * layers, n, d), x.dtype),
        states[-1],
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """How far interventions moved the last states.

    Attributes
    ----------
    by_token : array, shape (n,)
        |x − x₀|/|x₀| for each token, x₀ without interventions.
    """

    by_token: AnyArray

    @property
    def mean(self) -> float:
        """The mean over tokens."""
        return float(self.by_token.mean())

    @property
    def nothing(self) -> bool:
        """Whether nothing moved but by rounding."""
        return bool(self.by_token.max() < NO_OP)

    def __str__(self) -> str:
        if self.nothing:
            return "no effect: the final states are the same"
        return f"the final states moved by {self.mean:.3g} of their length on average"


def moved(before: Pass, after: Pass) -> Moved:
    """Return how far the last states of two passes are apart."""
    return states_moved(before.states[-1], after.states[-1])


def states_moved(before: AnyArray, after: AnyArray) -> Moved:
    """Return how far states, (n, d), are from those without interventions."""
    x, y = before.astype(float), after.astype(float)
    return Moved(np.linalg.norm(y - x, axis=-1) / np.linalg.norm(x, axis=-1))
