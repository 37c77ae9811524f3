"""Half layers with interventions: heads or MLPs that do something else."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.models.half_layers import AttentionHalf, MlpHalf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import AnyArray
    from sim.models.half_layers import HalfLayer
    from sim.models.intervention import Intervention

Edits = tuple["Intervention", ...]


@dataclass(frozen=True)
class EditedAttention(AttentionHalf):
    """Attention with interventions on its heads; see `Intervention`.

    Attributes
    ----------
    edits : tuple of Intervention
        Those that concern it, in order.
    skip : bool
        Whether its update is added to the states, and does not take their place.
    frozen : array, shape (..., h, n, n), optional
        The attention of heads that are frozen.
    """

    edits: Edits = ()
    skip: bool = True
    frozen: AnyArray | None = None

    def weights_of(self, scores: AnyArray) -> AnyArray:
        for edit in self.edits:
            if edit.action == "beta":
                scores[..., edit.heads(), :, :] *= edit.beta
        p = super().weights_of(scores)
        for edit in self.edits:
            here = (..., edit.heads(), slice(None), slice(None))
            if edit.action == "identity":
                p[here] = np.eye(p.shape[-1], dtype=p.dtype)
            if edit.action == "frozen":
                assert self.frozen is not None
                p[here] = self.frozen[here]
        return p

    def head_outputs(self, z: AnyArray, weights: AnyArray) -> AnyArray:
        outputs = super().head_outputs(z, weights)
        for edit in self.edits:
            if edit.action == "off":
                outputs[..., edit.heads(), :, :] = 0
        return outputs

    def with_update(self, x: AnyArray, u: AnyArray) -> AnyArray:
        return super().with_update(x if self.skip else np.zeros_like(x), u)


@dataclass(frozen=True)
class EditedMlp(MlpHalf):
    """An MLP with interventions; attributes as of `EditedAttention`."""

    edits: Edits = ()
    skip: bool = True

    @property
    def leaves_states(self) -> bool:
        """Whether it leaves the states as they are."""
        return any(edit.action == "identity" for edit in self.edits)

    def update(self, z: AnyArray) -> AnyArray:
        if self.leaves_states:
            return np.zeros_like(z)
        u = super().update(z)
        for edit in self.edits:
            u = u * u.dtype.type(0 if edit.action == "off" else edit.beta)
        return u

    def with_update(self, x: AnyArray, u: AnyArray) -> AnyArray:
        if self.leaves_states:
            return x
        return super().with_update(x if self.skip else np.zeros_like(x), u)


def edited_halves(
    halves: Sequence[HalfLayer],
    edits: Sequence[Intervention],
    x: AnyArray,
    first: int = 0,
) -> tuple[HalfLayer, ...]:
    """Return half layers with interventions, for a pass that begins at the states `x`.

    Parameters
    ----------
    halves : sequence of HalfLayer
        Attention and MLP in turn; the same objects where nothing concerns them.
    edits : sequence of Intervention
        In order.
    x : array, shape (..., n, d)
        States before the half layer `first`: frozen attention is that of the pass
        from there without interventions.
    first : int
        Those before take no part.
    """
    frozen: dict[int, AnyArray] = {}
    if any(edit.action == "frozen" for edit in edits):
        frozen = attention_of_pass(halves, x, first)
    out: list[HalfLayer] = []
    for k, half in enumerate(halves):
        part = "attention" if isinstance(half, AttentionHalf) else "mlp"
        here = tuple(e for e in edits if e.concerns(k // 2, part))
        skip = not any(e.concerns(k // 2, "skip") for e in edits)
        own = {f.name: getattr(half, f.name) for f in dataclasses.fields(half)}
        if not here and skip:
            out.append(half)
        elif isinstance(half, AttentionHalf):
            kept = frozen.get(k)
            out.append(EditedAttention(**own, edits=here, skip=skip, frozen=kept))
        else:
            out.append(EditedMlp(**own, edits=here, skip=skip))
    return tuple(out)


def attention_of_pass(
    halves: Sequence[HalfLayer], x: AnyArray, first: int = 0
) -> dict[int, AnyArray]:
    """Return the attention, (..., h, n, n), of each half layer that has it, by place.

    Of the pass that begins at the states `x` before the half layer `first`.
    """
    out: dict[int, AnyArray] = {}
    for k, half in enumerate(halves):
        if k < first:
            continue
        if isinstance(half, AttentionHalf):
            out[k] = half.weights(half.input(x))
        x = half.apply(x)
    return out


def last_states(halves: Sequence[HalfLayer], x: AnyArray, first: int = 0) -> AnyArray:
    """Return the states after all half layers from `first` on: (..., n, d)."""
    for half in halves[first:]:
        x = half.apply(x)
    return x
