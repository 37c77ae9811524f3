"""Look-up in a dictionary by scores, made soft by softmax."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import Bars, Panel, Plate, Text
from sim.settings.knobs import Knob

Row = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class LookUp(Lab):
    """Σ αᵢ vᵢ with α = softmax(β s): a dictionary that answers with a mean of values.

    The scores are those of one query, ``s_i = q·k_i``.
    """

    kind: ClassVar[str] = "look-up"
    number: ClassVar[int] = 1
    title: ClassVar[str] = "Soft dictionary look-up"
    scores: Annotated[
        Row,
        Knob(
            "s",
            -1e3,
            1e3,
            name="Scores s",
            help="Scores of the query with every key, one row.",
        ),
    ] = ((-1.71, 0.60, -1.01, -0.61, 2.73),)
    values: Annotated[
        Row,
        Knob(
            "v",
            -1e6,
            1e6,
            name="Values v",
            help="The value that belongs to every key, one row.",
        ),
    ] = ((1.0, 2.0, 3.0, 4.0, 5.0),)
    beta: Annotated[
        float,
        Knob(
            "β",
            0,
            1e4,
            scale="asinh",
            help="Sharpness.  0 weighs all keys alike, a large one takes the best key.",
        ),
    ] = 1.0

    def compute(self) -> Plate:
        scores, values = np.array(self.scores), np.array(self.values)
        if scores.shape != values.shape or len(scores) != 1:
            raise ValueError(
                "scores and values must be one row of the same length, got "
                f"{scores.shape} and {values.shape}. Give a value for every score."
            )
        weights = softmax(self.beta * scores)[0]
        answer, best = float(weights @ values[0]), int(np.argmax(scores[0]))
        said = f"The answer is {answer:.4g}; the best key has {values[0, best]:g}."
        return Plate(
            (
                Panel("Scores q·k", (Bars("scores", scores[0]),), "key"),
                Panel("Weights α = softmax(β s)", (Bars("weights", weights),), "key"),
                Panel("Values", (Bars("values", values[0]),), "key"),
                Panel(
                    "Answer Σ αᵢ vᵢ",
                    (
                        Bars("answer", np.array([answer]), ("answer",)),
                        Text("answer in words", said),
                    ),
                ),
            )
        )
