"""A law that takes over from a trained model, in a lane beside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.document.lane_edits import forked
from sim.dynamics.trained import Trained

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.array_types import Floats

MATRICES = ("query", "key", "value")
ONTO = {"space": "sphere", "integrator": "rk4", "step": 0.1}
SAME = 1e-9  # of a time: a whole one may be missed by rounding


@dataclass(frozen=True, slots=True)
class TakingOver:
    """Softmax attention on the sphere, from a half layer of a model on.

    Attributes
    ----------
    beta : float
        β of its scores.
    layer, head : int
        The head whose matrices it takes, counted from 1; 0 for Q = K = V = I.
    """

    beta: float
    layer: int = 0
    head: int = 0

    def settings(self, model: Trained) -> dict[str, Any]:
        """Return its settings by path, for the model that it takes over from."""
        law = "dynamics.heads"
        out: dict[str, Any] = {"dynamics": "softmax", "dynamics.beta": self.beta}
        for name in MATRICES if self.layer else ():
            out |= {
                f"{law}.{name}": "head",
                f"{law}.{name}.path": model.path,
                f"{law}.{name}.sha256": model.sha256,
                f"{law}.{name}.layer": self.layer,
                f"{law}.{name}.head": self.head,
                f"{law}.{name}.matrix": name,
            }
        return out | ONTO


def refusal(document: Document) -> str:
    """Return why no law can take over in the lane that is edited; empty if one can."""
    law = document.scenario.dynamics
    if isinstance(law, Trained) and law.path:
        return ""
    return (
        "A law takes over from a trained model, and none moves the tokens of this "
        "lane. Choose the preset Sentence, or another lane."
    )


def whole(t: float) -> float:
    """Return the time of the last whole half layer."""
    return float(math.floor(t + SAME))


def taken_over(document: Document, t: float, by: TakingOver) -> Document:
    """Return the document with a lane that goes on by a law from a half layer on.

    From the last whole one at the time `t`, on the sphere: lengths are lost.

    Raises
    ------
    KeyError, ValueError
        If there are as many lanes as there can be, or the model has no such head.
    """
    law = document.scenario.dynamics
    assert isinstance(law, Trained)
    return forked(document, whole(t), by.settings(law))


def beta_of_scores(x: Floats) -> float:
    """Return the β at which scores of unit vectors are those of the tokens x: (n, d).

    The mean of |x|², to three figures.
    """
    return float(f"{np.mean(np.sum(np.square(x, dtype=float), axis=-1)):.3g}")
