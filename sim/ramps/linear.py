"""β changed linearly in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.expressions.expression import ONE
from sim.ramps import LENGTH, START, Ramp, next_end, ramped, share
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class LinearRamp(Ramp):
    """β(t) = β (1 + (r − 1) u), where u goes from 0 to 1 along the ramp."""

    kind: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"
    end: Annotated[
        float,
        Knob(
            "r",
            -64,
            64,
            scale="asinh",
            help="What β is multiplied by in the end.  Above 1 attention sharpens with "
            "depth, below 1 it becomes more uniform, below 0 it reverses.",
            name="Ramp × r",
        ),
    ] = 4.0
    start: Annotated[float, START] = 0.0
    length: Annotated[float, LENGTH] = 10.0

    def factor(self, t: float) -> float:
        return 1 + (self.end - 1) * share(t, self.start, self.length)

    def next_kink(self, t: float) -> float:
        return next_end(t, self.start, self.length)

    @property
    def constant(self) -> bool:
        return self.end == 1

    def formula(self, beta: Expression, t: Expression) -> Expression:
        if self.constant:
            return beta
        settings = (self.end, self.start, self.length)
        return ramped(beta, t, settings, lambda r, u: ONE + (r - ONE) * u)
