"""Scaled dot products and several heads, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import HeatMap, Panel, Plate
from sim.settings.knobs import Knob

Table = tuple[tuple[float, ...], ...]
TITLES = {"scores": "Q Kᵀ", "scaled": "Q Kᵀ / √d", "weights": "weights"}


@dataclass(frozen=True)
class SeveralHeads(Lab):
    """softmax(Q Kᵀ / √d) V in steps, where each head takes d columns of the tables.

    The results of the heads stand side by side, without a matrix after them.
    """

    kind: ClassVar[str] = "heads"
    number: ClassVar[int] = 6
    title: ClassVar[str] = "Scaled dot product and several heads"
    queries: Annotated[
        Table, Knob("Q", -1e3, 1e3, name="Queries Q", help="A query in each row.")
    ] = (
        (1.0, 0.0, 1.0, 1.0),
        (0.0, 2.0, 0.0, 1.0),
        (1.0, 1.0, -1.0, 0.0),
    )
    keys: Annotated[
        Table, Knob("K", -1e3, 1e3, name="Keys K", help="A key in each row.")
    ] = (
        (1.0, 0.0, 0.0, 1.0),
        (0.0, 1.0, 1.0, 0.0),
        (1.0, 1.0, 0.0, -1.0),
    )
    values: Annotated[
        Table,
        Knob("V", -1e6, 1e6, name="Values V", help="The value of each key in a row."),
    ] = ((1.0, 0.0, 0.0, 3.0), (0.0, 1.0, 0.0, 2.0), (0.0, 0.0, 1.0, 1.0))
    heads: Annotated[
        int,
        Knob("H", 1, 64, name="Heads H", help="Heads; they share the columns equally."),
    ] = 2

    def compute(self) -> Plate:
        q, k, v = (np.array(t) for t in (self.queries, self.keys, self.values))
        width = q.shape[1]
        if k.shape != v.shape or k.shape[1] != width or width % self.heads:
            raise ValueError(
                "keys and values must have the same rows and columns, queries the same "
                "columns, whose number heads divides; got queries "
                f"{q.shape}, keys {k.shape}, values {v.shape}, heads {self.heads}. "
                "Change one of them."
            )
        panels, outputs = list[Panel](), []
        parts = (np.split(a, self.heads, axis=1) for a in (q, k, v))
        for h, (qh, kh, vh) in enumerate(zip(*parts, strict=True), 1):
            scores = qh @ kh.T
            scaled = scores / np.sqrt(qh.shape[1])
            weights = softmax(scaled)
            outputs.append(weights @ vh)
            steps = {"scores": scores, "scaled": scaled, "weights": weights}
            panels += [
                Panel(
                    f"Head {h}: {TITLES[name]}",
                    (HeatMap(f"head {h} {name}", a),),
                    "key",
                    "query",
                )
                for name, a in steps.items()
            ]
        output = HeatMap("output", np.hstack(outputs))
        return Plate((*panels, Panel("Output", (output,), "column", "query")))
