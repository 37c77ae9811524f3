"""Matrices read from a file: the heads of a trained model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.settings.file_knobs import ARRAY
from sim.settings.knobs import Knob
from sim.tables.matrices import read_matrices
from sim.weights import Weights

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import AnyArray

MATRIX_AXES, STACK_AXES = 2, 3


@dataclass(frozen=True)
class MatrixFile(Weights):
    """One matrix for all heads or one per head, from .npy, .npz, .csv or .tsv.

    Shapes (d, d) or (h, d, d); as Q and K also (e, d) or (h, e, d).
    """

    kind: ClassVar[str] = "file"
    title: ClassVar[str] = "From a file"
    path: Annotated[
        str, Knob("path", help="File that holds the matrices, or asset:NAME.")
    ] = ""
    array: Annotated[str, ARRAY] = ""

    def draw(self, h: int, d: int, rng: Generator) -> AnyArray:
        m = read_matrices(self.path, self.array)
        if m.shape == (h * d, d):  # stacked, as a text file must have them
            m = m.reshape(h, d, d)
        one = m.ndim == MATRIX_AXES
        if (
            m.shape[-1] != d
            or m.ndim not in (MATRIX_AXES, STACK_AXES)
            or not (one or len(m) == h)
        ):
            got, name = " × ".join(map(str, m.shape)), Path(self.path).name
            raise ValueError(
                f"{name}: the weights must be {d} × {d}, or {h} × {d} × {d} "
                f"(heads × d × d), got {got}. Choose another file, or change d or the "
                "number of heads."
            )
        return np.broadcast_to(m, (h, *m.shape[-2:])).copy()
