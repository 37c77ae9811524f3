"""From a sum of memories to attention, in steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import Bars, Panel, Plate
from sim.settings.knobs import Knob

Table = tuple[tuple[float, ...], ...]

TITLES = {
    "sum": "A sum: λ = 1",
    "time": "Forgetting by time: γ^(T − i)",
    "input": "Weights by input: σ(sᵢ)",
    "normalised": "Normalised: softmax(s)",
    "attention": "Attention: softmax(K q)",
    "recurrent": "Recurrent net: product of later σ(sⱼ)",
}


@dataclass(frozen=True)
class Memory(Lab):
    """Composite memory Σ λᵢ vᵢ of T inputs, with weights λ of six kinds.

    A sum has λ = 1, forgetting by time γ^(T − i), weights by input σ(sᵢ), normalised
    weights softmax(s), and attention softmax(K q).  A recurrent net that forgets by
    input, h ← σ(sᵢ) h + vᵢ, has the product of σ(sⱼ) over j > i.
    """

    kind: ClassVar[str] = "memory"
    number: ClassVar[int] = 5
    title: ClassVar[str] = "From composite memory to attention"
    values: Annotated[
        Table,
        Knob(
            "v", -1e6, 1e6, name="Values v", help="What every input adds, oldest first."
        ),
    ] = ((1.0, 2.0, 3.0, 4.0, 5.0),)
    gamma: Annotated[
        float,
        Knob(
            "γ",
            0,
            1,
            name="Decay γ",
            help="What is left after a step.  At 1 nothing is forgotten.",
        ),
    ] = 0.5
    scores: Annotated[
        Table,
        Knob(
            "s",
            -1e3,
            1e3,
            name="Scores s",
            help="How memorable every input is, one row.",
        ),
    ] = ((3.15, 0.29, 0.0, 1.90, 0.0),)
    keys: Annotated[
        Table,
        Knob("K", -1e3, 1e3, name="Keys K", help="The key of every input, a row each."),
    ] = ((2.0, 0.0), (0.0, 2.0), (-2.0, 0.0), (0.0, -2.0), (1.0, 1.0))
    query: Annotated[
        Table, Knob("q", -1e3, 1e3, name="Query q", help="What is looked for, one row.")
    ] = ((0.0, 1.0),)

    def compute(self) -> Plate:
        values, scores = np.array(self.values), np.array(self.scores)
        keys, query = np.array(self.keys), np.array(self.query)
        n = values.shape[1]
        wanted = (1, n), (1, n), (n, query.shape[1]), (1, keys.shape[1])
        got = values.shape, scores.shape, keys.shape, query.shape
        if wanted != got:
            raise ValueError(
                "values and scores must be one row of T numbers, keys T rows as long "
                f"as the one row of query, got {got}. Give as many of each."
            )
        kept = 0.5 * (1.0 + np.tanh(scores[0] / 2))
        later = np.cumprod(np.append(1.0, kept[:0:-1]))[::-1]
        weights = {
            "sum": np.ones(n),
            "time": self.gamma ** np.arange(n - 1.0, -1.0, -1.0),
            "input": kept,
            "normalised": softmax(scores)[0],
            "attention": softmax(query @ keys.T)[0],
            "recurrent": later,
        }
        memories = np.array([w @ values[0] for w in weights.values()])
        shown = [
            Panel(TITLES[name], (Bars(f"weights: {name}", w),), "input")
            for name, w in weights.items()
        ]
        last = Bars("memories", memories, tuple(weights))
        return Plate((*shown, Panel("Memories Σ λᵢ vᵢ", (last,))))
