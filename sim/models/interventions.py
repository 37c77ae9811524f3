"""Interventions: heads or MLPs that are off, frozen, the identity, or at another β."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from sim.models.half_layers import AttentionHalf
from sim.models.transformer import Pass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import AnyArray
    from sim.models.half_layers import HalfLayer
    from sim.models.transformer import Transformer

Action = Literal["off", "frozen", "identity", "beta"]
Part = Literal["attention", "mlp", "skip"]
NO_OP = 1e-6  # of a state's length: below, nothing has moved but rounding


@dataclass(frozen=True, slots=True)
class Intervention:
    """One change of the forward pass.

    Attributes
    ----------
    action : str
        ``"off"``: adds nothing.  ``"frozen"``: attention as in the pass without
        interventions.  ``"identity"``: a head attends to its own token alone; an MLP
        leaves the states as they are, with the norm that follows it.  ``"beta"``:
        scores, or what an MLP adds, times `beta`.
    layer, head : int or None
        Which, counted from 0; None means all.
    part : str
        ``"attention"``, ``"mlp"``, or ``"skip"``: off, a half layer's update takes the
        place of the states instead of being added to them.
    beta : float
        β of the action ``"beta"``.
    """

    action: Action
    layer: int | None = None
    head: int | None = None
    part: Part = "attention"
    beta: float = 1.0

    def check(self, layers: int, heads: int) -> None:
        """Check that a model has what it names.

        Raises
        ------
        ValueError
            If it has not, or the action is unknown.
        """
        if self.action not in get_args(Action) or self.part not in get_args(Part):
            raise ValueError(
                f"no intervention {self.action!r} on {self.part!r}; there are "
                f"{', '.join(get_args(Action))} on {' and '.join(get_args(Part))}."
            )
        for name, got, count in (
            ("layer", self.layer, layers),
            ("head", self.head, heads),
        ):
            if got is not None:
                check_place(name, got, count)
        if self.part == "skip" and (self.head is not None or self.action != "off"):
            raise ValueError("the skip of a layer can only be off, for all its heads.")
        if self.part == "mlp" and (self.head is not None or self.action == "frozen"):
            raise ValueError("an MLP has no heads, and no attention to be frozen.")

    def concerns(self, layer: int, part: Part) -> bool:
        """Whether it changes a part of a layer."""
        return self.part == part and self.layer in (None, layer)

    def heads(self) -> slice:
        """Return the heads that it changes."""
        return slice(None) if self.head is None else slice(self.head, self.head + 1)


def check_place(name: str, got: int, count: int) -> None:
    """Check that a model has a layer or a head.

    Raises
    ------
    ValueError
        If it has not.
    """
    if not 0 <= got < count:
        raise ValueError(
            f"the {name} must be from 0 to {count - 1} (counted from 0), got {got}."
        )


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
        See `Transformer.embed`; or if there is no such layer or head.
    """
    cast = model.cast(np.dtype(dtype))
    return Edited(cast, tuple(edits), ids).run(cast.embed(ids, dtype))


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
        states, attention, parts, updates = [x], [], [], []
        frozen = self._frozen(x)
        for k, half in enumerate(model.halves):
            z = half.input(x)
            if isinstance(half, AttentionHalf):
                p, outputs = self._attend(half, k // 2, z, frozen)
                attention.append(p)
                parts.append(half.parts(outputs))
                u = half.joined(outputs)
                x = self._with_update(half, k // 2, x, u)
            else:
                u, x = self._perceptron(half, k // 2, x, z)
            updates.append(u)
            states.append(x)
        final = x if model.last is None else model.last(x)
        return Pass(
            np.array(states),
            np.array(attention),
            np.array(parts),
            np.array(updates),
            final,
        )

    def _frozen(self, x: AnyArray) -> AnyArray | None:
        """Return the attention of the pass without interventions, if one needs it."""
        if not any(edit.action == "frozen" for edit in self.edits):
            return None
        return Edited(self.model, (), self.ids).run(x).attention

    def _attend(
        self, half: AttentionHalf, layer: int, z: AnyArray, frozen: AnyArray | None
    ) -> tuple[AnyArray, AnyArray]:
        """Return attention and outputs of the heads: (h, n, n) and (h, n, e)."""
        edits = [e for e in self.edits if e.concerns(layer, "attention")]
        scores = half.scores(z)
        for edit in edits:
            if edit.action == "beta":
                scores[edit.heads()] *= edit.beta
        p = half.weights_of(scores)
        for edit in edits:
            if edit.action == "identity":
                p[edit.heads()] = np.eye(len(z), dtype=p.dtype)
            if edit.action == "frozen":
                assert frozen is not None
                p[edit.heads()] = frozen[layer][edit.heads()]
        outputs = half.head_outputs(z, p)
        for edit in edits:
            if edit.action == "off":
                outputs[edit.heads()] = 0
        return p, outputs

    def _perceptron(
        self, half: HalfLayer, layer: int, x: AnyArray, z: AnyArray
    ) -> tuple[AnyArray, AnyArray]:
        """Return the update and the next states, each (n, d)."""
        edits = [e for e in self.edits if e.concerns(layer, "mlp")]
        if any(edit.action == "identity" for edit in edits):
            return np.zeros_like(x), x
        u = half.update(z)
        for edit in edits:
            u = u * u.dtype.type(0 if edit.action == "off" else edit.beta)
        return u, self._with_update(half, layer, x, u)

    def _with_update(
        self, half: HalfLayer, layer: int, x: AnyArray, u: AnyArray
    ) -> AnyArray:
        """Return the states after an update, without the skip if that is off."""
        off = any(edit.concerns(layer, "skip") for edit in self.edits)
        return half.with_update(np.zeros_like(x) if off else x, u)


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
    x, y = before.states[-1].astype(float), after.states[-1].astype(float)
    return Moved(np.linalg.norm(y - x, axis=-1) / np.linalg.norm(x, axis=-1))
