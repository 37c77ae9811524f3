"""Sums of weighted values, as many at a time as there are registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.jit.builder import Code, whole
from sim.jit.vector import Vector

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Gather:
    """Sums Σ_t w_nt (1, y_t), `high` of them at a time, wherever these are."""

    code: Code
    high: int
    weight: Callable[[int, Any], Vector]
    value: Callable[[Any, Any], Vector]
    keep: Callable[[int, Any, Vector], None]

    def write(self, start: Any, stop: Any, column: Any, count: int) -> None:
        """Write the sums over [start, stop), and keep `count` columns of them."""
        to = self.code.to
        columns = [to.add(whole(column), whole(k)) for k in range(count)]
        plain = 1 if column == 0 else 0  # the first column is the mass

        def turn(t: Any, sums: Vector) -> Vector:
            values = [
                self.value(t, to.sub(c, whole(1))).values[0] for c in columns[plain:]
            ]
            out: list[Vector] = []
            for n in range(self.high):
                w, old = self.weight(n, t), sums[n * count : (n + 1) * count]
                if plain:
                    out.append(old[:1] + w)
                if values:
                    y = Vector(self.code, values)
                    out.append(w.times_plus(y, old[plain:]))
            return self.code.beside(out)

        zeros = self.code.beside([self.code.number(0.0)] * (self.high * count))
        sums = self.code.loop(start, stop, 1, zeros, turn)
        for k, found in enumerate(sums.each()):
            self.keep(k // count, columns[k % count], found)
