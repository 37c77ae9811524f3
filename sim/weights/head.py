"""Matrices of one head of a trained transformer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from sim.models.model_settings import PATH, SHA256, checked_model
from sim.settings.knobs import Knob
from sim.weights import Weights

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import AnyArray

MATRICES = ("query", "key", "value")


@dataclass(frozen=True)
class Head(Weights):
    """Wq/√e or Wk, (e, d), or V·O, (d, d), of head l.h, without biases.

    Without a model they are random, of variance 1/d.  With β = 1 scores are those of
    the model but for biases and rotations.  Several heads are those that follow.
    """

    kind: ClassVar[str] = "head"
    title: ClassVar[str] = "Head of a model"
    path: Annotated[str, PATH] = ""
    sha256: Annotated[str, SHA256] = ""
    layer: Annotated[int, Knob("layer", 1, 200, help="Layer l, counted from 1.")] = 1
    head: Annotated[int, Knob("head", 1, 200, help="Head h, counted from 1.")] = 1
    matrix: Annotated[
        Literal["query", "key", "value"],
        Knob("matrix", help="Which of the head's matrices."),
    ] = "value"

    def draw(self, h: int, d: int, rng: Generator) -> AnyArray:
        if not self.path:
            return rng.normal(scale=d**-0.5, size=(h, d, d))
        t = checked_model(self.path, self.sha256).transformer
        if d != t.dimension:
            raise ValueError(
                f"the heads of this model are of d = {t.dimension}, got {d}. Start "
                "from a sentence, or choose other weights."
            )
        if self.layer > t.layers or self.head + h - 1 > t.heads:
            raise ValueError(
                f"the model has {t.layers} layers of {t.heads} heads, got head "
                f"{self.layer}.{self.head + h - 1}. Choose one that it has."
            )
        half, which = t.attention(self.layer - 1), MATRICES.index(self.matrix)
        drawn = [half.head(self.head - 1 + k)[which].T for k in range(h)]
        return np.stack(drawn).astype(np.float64)
