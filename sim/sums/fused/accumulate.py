"""Sums of weighted values, as many at a time as there are registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.jit.vector import Vector

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.jit.builder import KernelBuilder
    from sim.jit.index import Index


@dataclass(frozen=True, slots=True)
class WeightedSums:
    """Sums Σ_t w_nt (1, y_t) for `height` rows n at a time.

    Attributes
    ----------
    code : KernelBuilder
        What is written.
    height : int
        How many rows the registers hold, with their columns.
    weight : callable
        Reads w_nt, given n and t.
    value : callable
        Reads column c of y_t, given t and c.
    keep : callable
        Writes a sum, given n, its column and the sum.
    """

    code: KernelBuilder
    height: int
    weight: Callable[[int, Index], Vector]
    value: Callable[[Index, Index | int], Vector]
    keep: Callable[[int, Index | int, Vector], None]

    def write(
        self, start: Index | int, stop: Index | int, column: Index | int, count: int
    ) -> None:
        """Write the sums over [start, stop), `count` columns from `column` on.

        Column 0 is the mass; column c > 0 is of the values' column c - 1.
        """
        columns = [column + k for k in range(count)]
        has_mass = isinstance(column, int) and column == 0

        def turn(t: Index, sums: Vector) -> Vector:
            some = columns[1:] if has_mass else columns
            values = [self.value(t, c - 1).values[0] for c in some]
            out: list[Vector] = []
            for n in range(self.height):
                w, old = self.weight(n, t), sums[n * count : (n + 1) * count]
                if has_mass:
                    out.append(old[:1] + w)
                if values:
                    y = Vector(self.code, values)
                    out.append(w.multiply_add(y, old[int(has_mass) :]))
            return self.code.concatenate(out)

        zero = self.code.constant(0.0)
        zeros = self.code.concatenate([zero] * (self.height * count))
        sums = self.code.loop(start, stop, 1, zeros, turn)
        for k, found in enumerate(sums.each()):
            self.keep(k // count, columns[k % count], found)
