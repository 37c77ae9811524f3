"""Recall in a Hopfield network, and the modern one, which is attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import Bars, Curve, HeatMap, Panel, Plate, Text
from sim.seed import Seed
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

LETTERS = {
    "X": "#...# .#.#. ..#.. .#.#. #...#",
    "T": "##### ..#.. ..#.. ..#.. ..#..",
    "O": "##### #...# #...# #...# #####",
    "L": "#.... #.... #.... #.... #####",
    "H": "#...# #...# ##### #...# #...#",
    "Z": "##### ...#. ..#.. .#... #####",
}
SIDE = 5
MAX_SWEEPS = 20  # updates of every unit, at most


@dataclass(frozen=True)
class Hopfield(Lab):
    """sᵢ ← sign(Σⱼ wᵢⱼ sⱼ) with W = Σ ξ ξᵀ/n − (p/n) I, one unit at a time.

    No update raises the energy ``E = −½ sᵀ W s``.  The modern network stores the
    patterns as keys and as values: ``s ← Σ softmax(β ξ·s) ξ`` is a step of attention
    [1]_.

    References
    ----------
    .. [1] H. Ramsauer et al., "Hopfield networks is all you need", 2021.
    """

    kind: ClassVar[str] = "hopfield"
    number: ClassVar[int] = 10
    star: ClassVar[str] = "flipped"
    title: ClassVar[str] = "Hopfield recall, and attention"
    patterns: Annotated[
        int, Knob("p", 1, 6, name="Patterns p", help="Letters that are stored.")
    ] = 3
    cue: Annotated[
        int, Knob("cue", 1, 6, name="Cue", help="Which of them is shown.")
    ] = 1
    flipped: Annotated[
        int,
        Knob(
            "flipped", 0, 25, name="Flipped", help="Units of the cue that are flipped."
        ),
    ] = 6
    beta: Annotated[
        float,
        Knob("β", 0, 10, help="Sharpness of attention; low ones mix letters."),
    ] = 0.5
    seed: Annotated[int, Knob("seed", 0, 2**31 - 1, help="Of flips and order.")] = 0

    def stored(self) -> AnyArray:
        """Return the patterns, +1 and −1: (p, n)."""
        rows = [s.replace(" ", "") for s in LETTERS.values()][: self.patterns]
        return np.array([[1.0 if c == "#" else -1.0 for c in row] for row in rows])

    def start(self) -> AnyArray:
        """Return the cue with units flipped: (n,)."""
        state = self.stored()[self.cue - 1].copy()
        rng = Seed(self.seed).rng("flips")
        state[rng.permutation(len(state))[: self.flipped]] *= -1
        return state

    def recall(self) -> tuple[AnyArray, AnyArray]:
        """Return the state where no unit changes any more, and the energies on the way.

        (n,) and (updates + 1,).
        """
        stored, state = self.stored(), self.start()
        n = len(state)
        w = stored.T @ stored / n - np.eye(n) * len(stored) / n
        rng, energies = Seed(self.seed).rng("order"), [-0.5 * state @ w @ state]
        for _ in range(MAX_SWEEPS):
            before = state.copy()
            for i in rng.permutation(n):
                state[i] = 1.0 if w[i] @ state >= 0 else -1.0
                energies.append(-0.5 * state @ w @ state)
            if (state == before).all():
                break
        return state, np.array(energies)

    def compute(self) -> Plate:
        if self.cue > self.patterns:
            raise ValueError(
                f"cue must be at most {self.patterns}, the number of patterns, got "
                f"{self.cue}. Store more, or show another."
            )
        stored, start = self.stored(), self.start()
        names = tuple(LETTERS)[: self.patterns]
        end, energies = self.recall()
        weights = softmax(self.beta * stored @ start)
        modern = weights @ stored
        found = stored @ np.stack([start, end, modern], 1) / len(start)
        best = names[int(np.argmax(found[:, 1]))]
        exact = "exactly" if np.abs(found[:, 1]).max() == 1 else "not exactly"
        said = f"The network recalls {best} {exact}, after {len(energies) - 1} updates."
        bars = zip(("cue", "recalled", "attention"), found.T, strict=True)
        return Plate(
            (
                _letter("Cue, with flipped units", start),
                _letter("Recalled by the network", end),
                _letter("One step of attention", modern),
                Panel(
                    "Energy E = −½ sᵀ W s",
                    (
                        Curve("energy", np.arange(float(len(energies))), energies),
                        Text("recall", said),
                    ),
                    "update",
                ),
                Panel(
                    "Overlap with patterns", tuple(Bars(n, o, names) for n, o in bars)
                ),
                Panel("Attention weights", (Bars("weights", weights, names),)),
            )
        )


def _letter(title: str, state: AnyArray) -> Panel:
    return Panel(title, (HeatMap(title, state.reshape(SIDE, SIDE), is_picture=True),))
