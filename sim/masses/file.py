"""Masses read from a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.masses import Masses, normalised
from sim.settings.file_knobs import ARRAY
from sim.settings.knobs import Knob
from sim.tables.matrices import read_matrices

if TYPE_CHECKING:
    from sim.array_types import Floats


@dataclass(frozen=True)
class MassFile(Masses):
    """One number per token from .npy, .npz, .csv or .tsv: such as counts of words."""

    kind: ClassVar[str] = "file"
    title: ClassVar[str] = "From a file"
    path: Annotated[
        str, Knob("path", help="File that holds n masses, or asset:NAME.")
    ] = ""
    array: Annotated[str, ARRAY] = ""

    def shares(self, n: int) -> Floats | None:
        return normalised(
            read_matrices(self.path, self.array).reshape(-1), n, self.path
        )
